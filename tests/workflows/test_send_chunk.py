"""Sending by workers: what is planned reaches the queue once, also where a process dies on the way."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.delivery import DeliveryState
from bot.model.errors import DeliveryFailed
from bot.model.policy import DeliverPolicy, MailingList
from bot.model.route import Medium
from bot.ports import Chunk
from bot.workflows import send_chunk, send_recap
from bot.workflows.send_chunk import Dispatch
from bot.workflows.send_report import SendReport
from tests.builders import NOW
from tests.delivery_builders import LIST, a_digest, a_recap, a_route, mail_to, slack_to
from tests.fakes.crashing import Crash
from tests.fakes.job_queue import FakeJobQueue
from tests.fakes.sender import FakeSender
from tests.fakes.stores import url_of

READERS = tuple(f"r{number}@reader.example" for number in range(5))
POLICY = DeliverPolicy(chunk_size=2, smtp_connections=2, lease_s=300)


class Office:
    """A planned mailing, a queue, and processes that come and go."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.smtp = FakeSender("smtp", team="")
        self.slack = FakeSender("slack", team="T1")
        self.queue = FakeJobQueue()
        self.now = NOW

    def plan(self, *, members: tuple[str, ...] = READERS, channels: tuple[str, ...] = ()) -> int:
        self.store.save_edition(a_recap(), [a_digest()], [])
        return send_recap.plan_deliveries(
            a_recap(),
            [a_digest()],
            [a_route(destinations=[*slack_to(*channels), *mail_to("weekly")])],
            store=self.store,
            senders={Medium.EMAIL: self.smtp, Medium.SLACK: self.slack},
            lists=[MailingList("weekly", "Weekly", LIST.sender, "1 Quay", members=members)],
            now=self.now,
            at_once=True,
        )

    def enqueue(self) -> SendReport:
        return send_chunk.enqueue_due(self._dispatch(), self.queue)

    def work(self, chunk: Chunk) -> SendReport:
        return send_chunk.work_chunk(chunk, self._dispatch())

    def work_all(self) -> None:
        self.queue.serve(lambda chunk: void(self.work(chunk)), stop=Event())

    def recipients(self) -> list[str]:
        return sorted(delivery.recipient for delivery, _ in self.smtp.sent)

    def _dispatch(self) -> Dispatch:
        return Dispatch(
            store=self.store,
            senders={"smtp": self.smtp, "slack": self.slack},
            policy=POLICY,
            now=lambda: self.now,
            jitter=lambda: 0.0,
            sleep=lambda _: None,
        )


def void(_: object) -> None:
    """Take a report that nobody asked for."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with closing(SqlStore(url_of(tmp_path / "recap.db"))) as store:
        yield Office(store)


def test_report_tells_what_was_queued_and_who_works(office: Office) -> None:
    office.plan()

    report = office.enqueue()

    assert (report.sent, report.queued, report.waiting) == (0, 5, 5)
    assert report.queue is not None
    assert (report.queue.chunks, report.queue.deliveries, report.queue.workers) == (3, 5, 0)


def test_queueing_twice_queues_once(office: Office) -> None:
    office.plan()
    office.enqueue()

    again = office.enqueue()

    assert again.queued == 0
    office.work_all()
    assert office.recipients() == sorted(READERS)


def test_who_dies_between_planning_and_queueing_leaves_nobody_out(office: Office) -> None:
    office.plan()
    office.queue.dies_after = 0
    with pytest.raises(Crash):
        office.enqueue()

    office.queue.dies_after = None
    assert office.enqueue().queued == 5

    office.work_all()
    assert office.recipients() == sorted(READERS)


def test_who_dies_in_the_middle_of_queueing_leaves_nobody_out_and_doubles_nobody(office: Office) -> None:
    office.plan()
    office.queue.dies_after = 2
    with pytest.raises(Crash):
        office.enqueue()

    office.queue.dies_after = None
    assert office.enqueue().queued == 1

    office.work_all()
    assert office.recipients() == sorted(READERS)


def test_chunk_that_is_there_twice_is_sent_once(office: Office) -> None:
    office.plan()
    office.enqueue()
    office.queue.waiting *= 2

    office.work_all()

    assert office.recipients() == sorted(READERS)


def test_mail_in_the_hand_of_a_dead_worker_is_told_after_its_lease_and_not_queued_again(office: Office) -> None:
    office.plan()
    held = office.store.load_deliveries()[0]
    assert office.store.start_sending(held.id, now=NOW, lease_s=POLICY.lease_s)

    before = office.enqueue()
    office.now = NOW + timedelta(seconds=301)
    after = office.enqueue()

    assert (before.queued, before.unknown, after.queued, after.unknown) == (4, 0, 0, 1)
    assert after.faults == (("weekly", "nobody can tell whether it arrived; look there, then `recap deliveries`"),)
    assert held.id not in {each for chunk in office.queue.waiting for each in chunk.deliveries}
    assert [each.id for each in office.store.load_deliveries(state=DeliveryState.UNKNOWN)] == [held.id]


def test_what_was_put_off_is_queued_again_in_its_time(office: Office) -> None:
    office.plan(members=READERS[:1])
    office.smtp.script.append(DeliveryFailed("weekly", "451 later", retry_after_s=600))
    office.enqueue()
    office.work_all()

    assert office.enqueue().queued == 0
    office.now = NOW + timedelta(seconds=601)
    assert office.enqueue().queued == 1


def test_chunks_of_mails_take_turns_on_as_many_lanes_as_the_relay_takes(office: Office) -> None:
    office.plan()

    office.enqueue()

    assert [each.lane for each in office.queue.waiting] == [
        "smtp/connection 1",
        "smtp/connection 2",
        "smtp/connection 1",
    ]
    assert [len(each.deliveries) for each in office.queue.waiting] == [2, 2, 1]


def test_messages_of_a_channel_are_one_lane_with_the_parent_first(office: Office) -> None:
    office.plan(members=(), channels=("C1", "C2"))

    office.enqueue()
    lanes = [each.lane for each in office.queue.waiting]
    office.work_all()

    assert lanes == ["slack/T1/C1", "slack/T1/C2"]
    assert [(sent.recipient, sent.part) for sent, _ in office.slack.sent] == [
        ("C1", "parent"),
        ("C1", "reply-01"),
        ("C1", "reply-02"),
        ("C2", "parent"),
        ("C2", "reply-01"),
        ("C2", "reply-02"),
    ]


def test_replies_that_a_dead_worker_left_go_below_its_parent(office: Office) -> None:
    office.plan(members=(), channels=("C1",))
    office.enqueue()
    parent, *_ = office.queue.waiting[0].deliveries
    office.work(Chunk("slack/T1/C1", (parent,)))

    office.work_all()

    below = [(sent.part, above.id if above else "") for sent, above in office.slack.sent]
    assert below == [("parent", ""), ("reply-01", "1.0"), ("reply-02", "1.0")]


def test_replies_wait_where_nobody_knows_of_their_parent(office: Office) -> None:
    office.plan(members=(), channels=("C1",))
    office.slack.is_readable = False
    parent = next(each for each in office.store.load_deliveries() if each.part == "parent")
    assert office.store.start_sending(parent.id, now=NOW, lease_s=POLICY.lease_s)
    office.now = NOW + timedelta(seconds=301)

    report = office.enqueue()
    office.work_all()

    assert report.unknown == 1
    assert office.slack.sent == []
    assert len(office.store.load_deliveries(state=DeliveryState.PLANNED)) == 2
