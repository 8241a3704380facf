from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.queue import InProcessQueue
from bot.adapters.storage.store import SqlStore
from bot.model.delivery import Delivery, DeliveryState, Ended, Receipt
from bot.model.digest import Digest, DigestState
from bot.model.errors import (
    DeliveryFailed,
    DeliveryRefused,
    DeliveryUnknown,
    DestinationGone,
    SenderMisconfigured,
    StorageBusy,
)
from bot.model.feedback import ReviewAct
from bot.model.policy import DeliverPolicy, MailingList
from bot.model.route import Medium, Route
from bot.model.subscriber import Suppression, address_hash
from bot.workflows import send_recap
from bot.workflows.send_recap import SendReport
from tests.builders import NOW
from tests.delivery_builders import LIST, a_digest, a_reader, a_recap, a_route, mail_to, slack_to
from tests.fakes.sender import FakeSender
from tests.fakes.stores import url_of

POLICY = DeliverPolicy(lease_s=300, max_attempts=3, retry_base_s=30, retry_max_s=60)


class Office:
    """A ledger, a Slack, a relay and a clock that only moves when somebody sleeps."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.slack = FakeSender("slack", team="T1")
        self.smtp = FakeSender("smtp", team="")
        self.now = NOW
        self.naps: list[float] = []
        self.gone: set[str] = set()

    def plan(
        self,
        digest: Digest | None = None,
        route: Route | None = None,
        *,
        lists: Sequence[MailingList] = (LIST,),
        at_once: bool = True,
    ) -> int:
        digest = digest or a_digest()
        self.store.save_edition(a_recap(id=digest.recap_id), [digest], [])
        return send_recap.plan_deliveries(
            a_recap(id=digest.recap_id),
            [digest],
            [route or a_route()],
            store=self.store,
            senders={Medium.SLACK: self.slack, Medium.EMAIL: self.smtp},
            lists=lists,
            now=self.now,
            at_once=at_once,
        )

    def send(self, *, recap: str | None = None, lists: Sequence[MailingList] = ()) -> SendReport:
        return send_recap.send(
            store=self.store,
            senders={each.name: each for each in (self.slack, self.smtp) if each.name not in self.gone},
            queue=InProcessQueue(workers=2),
            policy=POLICY,
            now=lambda: self.now,
            jitter=lambda: 0.0,
            recap=recap,
            lists=lists,
            sleep=self._nap,
        )

    def review(self, state: DigestState) -> None:
        digest = self.store.load_digests("2026-W47")[0]
        act = ReviewAct(id=state, digest_key=digest.key, act="set", editor="ada", acted_at=self.now)
        assert self.store.save_digest(digest.model_copy(update={"state": state}), act, instead_of=digest)

    def rows(self) -> dict[str, Delivery]:
        return {f"{row.destination}/{row.part}/{row.recipient}": row for row in self.store.load_deliveries()}

    def states(self) -> list[str]:
        return [row.state.value for row in self.store.load_deliveries()]

    def _nap(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with closing(SqlStore(url_of(tmp_path / "recap.db"))) as store:
        yield Office(store)


MAIL = a_route(destinations=mail_to("weekly"))
TWO_MEMBERS = MailingList("weekly", "Weekly", LIST.sender, "1 Quay", members=("a@reader.example", "b@reader.example"))


# Planning


def test_planning_twice_adds_nothing(office: Office) -> None:
    assert office.plan() == 3
    assert office.plan() == 0


def test_route_waits_for_its_slot(office: Office) -> None:
    office.plan(route=a_route(day=1, time="09:00"), at_once=False)

    assert {row.not_before for row in office.rows().values()} == {datetime(2026, 11, 24, 9, 0, tzinfo=UTC)}
    assert office.send() == SendReport(waiting=3)


def test_run_at_once_brings_forward_what_waits_for_its_slot(office: Office) -> None:
    office.plan(route=a_route(day=1, time="09:00"), at_once=False)

    office.plan(route=a_route(day=1, time="09:00"), at_once=True)

    assert office.send().sent == 3


def test_run_at_once_keeps_the_pause_after_a_failure(office: Office) -> None:
    office.plan()
    office.slack.script.append(DeliveryFailed("C1", "busy", retry_after_s=600))
    office.send()

    office.plan()

    assert office.rows()["C1/parent/C1"].not_before == NOW + timedelta(seconds=600)


def test_members_and_subscribers_each_get_one_mail(office: Office) -> None:
    person, subscription = a_reader("A@reader.example")
    office.store.save_subscriber(person, subscription)
    office.store.save_subscriber(*a_reader("c@reader.example"))

    office.plan(route=MAIL, lists=[TWO_MEMBERS])
    report = office.send()

    assert report.sent == 3
    assert sorted(delivery.recipient for delivery, _ in office.smtp.sent) == [
        "a@reader.example",
        "b@reader.example",
        "c@reader.example",
    ]


def test_subscriber_gets_the_mail_at_their_own_hour(office: Office) -> None:
    person, subscription = a_reader("mira@reader.example", day=0, hour=18, timezone="Asia/Tokyo")
    office.store.save_subscriber(person, subscription)

    office.plan(route=MAIL, at_once=False)

    assert [row.not_before for row in office.rows().values()] == [datetime(2026, 11, 23, 9, 0, tzinfo=UTC)]


def test_subscriber_of_other_audiences_is_left_out(office: Office) -> None:
    person, subscription = a_reader("mira@reader.example", audiences=["lawyers"])
    office.store.save_subscriber(person, subscription)

    assert office.plan(a_digest(audiences=["founders"]), MAIL) == 0


def test_suppressed_member_is_not_planned(office: Office) -> None:
    suppress(office, "a@reader.example")

    assert office.plan(route=MAIL, lists=[TWO_MEMBERS]) == 1


def test_sender_without_a_workspace_costs_only_its_own_deliveries(office: Office) -> None:
    both = a_route(destinations=[*slack_to("C1"), *mail_to("weekly")])
    office.slack.trouble = SenderMisconfigured("Slack", "Slack refuses the token (invalid_auth)")
    office.plan(route=both, lists=[TWO_MEMBERS])
    troubled = office.send()
    office.slack.trouble = None

    office.plan(route=both, lists=[TWO_MEMBERS])
    mended = office.send()

    assert (troubled.sent, troubled.waiting, mended) == (2, 0, SendReport(sent=3))
    assert [destination for destination, _ in troubled.faults] == ["slack"]
    assert "(invalid_auth)" in troubled.faults[0][1]


def test_planned_deliveries_of_a_troubled_sender_wait_untouched(office: Office) -> None:
    office.plan()
    office.slack.trouble = DeliveryFailed("Slack", "Slack cannot be reached")

    report = office.send()

    assert (report.sent, report.waiting) == (0, 3)
    assert {row.attempts for row in office.rows().values()} == {0}


# Sending


def test_replies_go_below_their_parent(office: Office) -> None:
    office.plan()

    report = office.send()

    assert report == SendReport(sent=3)
    assert [(delivery.part, parent) for delivery, parent in office.slack.sent] == [
        ("parent", None),
        ("reply-01", Receipt("1.0", "C1")),
        ("reply-02", Receipt("1.0", "C1")),
    ]


def test_second_run_sends_nothing(office: Office) -> None:
    office.plan()
    office.send()

    assert office.send() == SendReport()
    assert len(office.slack.sent) == 3


def test_reply_of_a_later_run_finds_the_parents_receipt(office: Office) -> None:
    office.plan()
    office.slack.script.extend([None, DeliveryFailed("C1", "busy", retry_after_s=60), None])
    office.send()
    office.now += timedelta(seconds=60)

    report = office.send()

    assert report == SendReport(sent=1)
    assert office.slack.sent[-1][0].part == "reply-01"
    assert office.slack.sent[-1][1] == Receipt("1.0", "C1")


def test_short_pause_that_slack_asks_for_is_waited_for(office: Office) -> None:
    office.plan()
    office.slack.script.append(DeliveryFailed("C1", "ratelimited", retry_after_s=2))

    report = office.send()

    assert report == SendReport(sent=3)
    assert office.naps == [2.0]


def test_long_pause_is_left_to_the_next_run(office: Office) -> None:
    office.plan()
    office.slack.script.append(DeliveryFailed("C1", "the workspace is busy"))

    report = office.send()

    assert (report.sent, report.waiting, office.naps) == (0, 3, [])
    assert report.faults == (
        (
            "C1",
            "The destination did not take the message this time. the workspace is busy; "
            "next try at 2026-11-23 09:00:30 UTC",
        ),
    )


def test_delivery_fails_for_good_after_the_last_try(office: Office) -> None:
    office.plan(route=MAIL, lists=[TWO_MEMBERS])
    office.smtp.script.extend([DeliveryFailed("weekly", "451 later", retry_after_s=1)] * 3)

    report = office.send()

    assert (report.sent, report.failed) == (1, 1)
    assert sorted(office.states()) == ["failed", "sent"]


def test_replies_share_the_fate_of_a_refused_parent(office: Office) -> None:
    office.plan()
    office.slack.script.append(DestinationGone("C1", "is_archived"))

    report = office.send()

    assert (report.failed, report.sent, report.waiting) == (3, 0, 0)
    assert office.states() == ["failed", "failed", "failed"]


def test_retry_of_a_failed_parent_brings_its_replies(office: Office) -> None:
    office.plan()
    office.slack.script.append(DestinationGone("C1", "not_in_channel"))
    office.send()
    office.store.release_shut()
    for row in office.rows().values():
        office.store.release(row.id, not_before=office.now, error="")

    report = office.send()

    assert report == SendReport(sent=3)
    assert [parent for _, parent in office.slack.sent] == [None, Receipt("1.0", "C1"), Receipt("1.0", "C1")]


def test_channel_that_is_gone_is_not_tried_again_until_somebody_has_mended_it(office: Office) -> None:
    office.plan()
    office.slack.script.append(DestinationGone("C1", "Slack says is_archived: restore it"))
    office.send()
    office.plan(a_digest(key="digest-2", recap_id="2026-W48"), a_route(destinations=slack_to("C1", "C2")))

    next_week = office.send()

    assert (next_week.sent, next_week.failed) == (3, 3)
    assert [delivery.destination for delivery, _ in office.slack.sent] == ["C2", "C2", "C2"]
    assert next_week.faults[0] == (
        "C1",
        "not tried, for Slack says is_archived: restore it; then `recap deliveries --retry` and `recap send`",
    )
    assert [(each.destination, each.reason) for each in office.store.load_shut()] == [
        ("C1", "Slack says is_archived: restore it")
    ]


def test_list_that_is_not_in_the_settings_is_not_marked(office: Office) -> None:
    office.plan(route=MAIL, lists=[TWO_MEMBERS])
    office.smtp.script.append(DestinationGone("weekly", "recap.yaml has no list weekly"))

    office.send()

    assert office.store.load_shut() == []


def test_one_refused_channel_does_not_touch_the_others(office: Office) -> None:
    office.plan(route=a_route(destinations=slack_to("C1", "C2")))
    first = office.rows()["C1/parent/C1"]
    refusing = RefusingOneChannel("slack", channel=first.destination)
    office.slack = refusing

    report = office.send()

    assert (report.sent, report.failed) == (3, 3)
    assert {delivery.destination for delivery, _ in refusing.sent} == {"C2"}


def test_unknown_is_kept_and_never_sent_again(office: Office) -> None:
    office.slack.is_readable = False
    office.plan()
    office.slack.script.append(DeliveryUnknown("C1", "the connection broke off"))

    first = office.send()
    second = office.send()

    assert (first.unknown, first.waiting) == (1, 2)
    assert (second.sent, second.unknown, second.waiting) == (0, 0, 2)
    assert office.slack.sent == []


def test_unknown_that_the_history_shows_is_sent_and_its_replies_follow(office: Office) -> None:
    office.plan()
    office.slack.script.append(DeliveryUnknown("C1", "the connection broke off"))
    office.send()
    office.slack.history[office.rows()["C1/parent/C1"].id] = Receipt("99.0", "C77")

    report = office.send()

    assert report == SendReport(sent=3)
    assert [parent for _, parent in office.slack.sent] == [Receipt("99.0", "C77")] * 2


def test_unknown_that_surely_never_arrived_is_sent_again_after_a_while(office: Office) -> None:
    office.plan()
    office.slack.script.append(DeliveryUnknown("C1", "the connection broke off"))
    office.slack.is_whole = True

    first = office.send()
    office.now += timedelta(minutes=9)
    early = office.send()
    office.now += timedelta(minutes=2)
    settled = office.send()
    office.now += timedelta(minutes=1)

    assert [report.sent for report in (first, early, settled, office.send())] == [0, 0, 0, 3]
    assert "if it does not by 09:10 UTC, it is sent again" in early.faults[0][1]


def test_unknown_that_never_arrives_is_given_up_in_the_end(office: Office) -> None:
    office.plan(route=a_route(destinations=slack_to("C1")))
    office.slack.script.extend([DeliveryUnknown("C1", "the connection broke off")] * 9)
    office.slack.is_whole = True

    for _ in range(12):
        office.send()
        office.now += timedelta(minutes=15)

    assert {row.state for row in office.rows().values()} == {DeliveryState.FAILED}
    assert len(office.slack.script) == 9 - POLICY.max_attempts


def test_old_unknown_is_not_looked_up_for_ever(office: Office) -> None:
    office.plan()
    office.slack.script.append(DeliveryUnknown("C1", "the connection broke off"))
    office.send()
    office.slack.history[office.rows()["C1/parent/C1"].id] = Receipt("99.0", "C1")
    office.now += timedelta(days=2)

    assert office.send() == SendReport(waiting=2)


def test_misconfigured_sender_says_so_once_and_loses_nothing(office: Office) -> None:
    office.plan(route=a_route(destinations=slack_to("C1", "C2", "C3")))
    office.slack.script.extend([SenderMisconfigured("C1", "Slack refuses the token (invalid_auth)")] * 9)

    report = office.send()
    office.slack.script.clear()
    mended = office.send()

    assert (report.sent, report.failed, report.waiting) == (0, 0, 9)
    assert len({reason for _, reason in report.faults}) == 1
    assert mended == SendReport(sent=9)


def test_misconfigured_slack_does_not_stop_the_mail(office: Office) -> None:
    office.plan(route=a_route(destinations=[*slack_to("C1"), *mail_to("weekly")]), lists=[TWO_MEMBERS])
    office.slack.script.append(SenderMisconfigured("C1", "invalid_auth"))

    report = office.send()

    assert (report.sent, report.waiting) == (2, 3)


def test_delivery_of_a_sender_that_is_not_set_up_waits(office: Office) -> None:
    office.slack = FakeSender("outbox")
    office.plan()
    office.gone.add("outbox")

    report = office.send()

    assert report.waiting == 3
    assert report.faults == (("C1", "no sender called outbox is set up; its deliveries wait"),)


def test_reader_who_was_suppressed_meanwhile_gets_nothing(office: Office) -> None:
    office.plan(route=MAIL, lists=[TWO_MEMBERS])
    suppress(office, "a@reader.example")

    report = office.send()

    assert (report.sent, report.cancelled) == (1, 1)
    assert [delivery.recipient for delivery, _ in office.smtp.sent] == ["b@reader.example"]


def test_reader_who_left_meanwhile_gets_nothing_and_members_stay(office: Office) -> None:
    person, subscription = a_reader("mira@reader.example")
    office.store.save_subscriber(person, subscription)
    office.plan(route=MAIL, lists=[TWO_MEMBERS])
    office.store.save_subscriber(person, subscription.model_copy(update={"state": "ended"}))

    report = office.send(lists=[TWO_MEMBERS])

    assert (report.sent, report.cancelled) == (2, 1)


def test_draft_waits_and_a_rejected_digest_is_cancelled(office: Office) -> None:
    office.plan()
    office.review(DigestState.DRAFT)
    waiting = office.send()
    office.review(DigestState.REJECTED)

    rejected = office.send()

    assert waiting == SendReport(waiting=3)
    assert rejected == SendReport(cancelled=3)


def test_send_of_one_recap_leaves_the_others(office: Office) -> None:
    office.plan()
    office.plan(a_digest(key="digest-2", recap_id="2026-W46"))

    report = office.send(recap="2026-W46")

    assert report == SendReport(sent=3)
    assert {delivery.recap_id for delivery, _ in office.slack.sent} == {"2026-W46"}


def test_delivery_that_another_process_has_claimed_is_left_to_it(office: Office) -> None:
    office.plan()
    parent = office.rows()["C1/parent/C1"]
    office.store.claim(parent.id, now=office.now, lease_s=300)

    assert office.send() == SendReport(waiting=3)
    assert office.slack.sent == []


def test_expired_claim_is_free_again(office: Office) -> None:
    office.plan()
    parent = office.rows()["C1/parent/C1"]
    office.store.claim(parent.id, now=office.now, lease_s=300)
    office.now += timedelta(seconds=301)

    assert office.send() == SendReport(sent=3)


def test_failing_ledger_is_not_taken_for_a_failing_delivery(tmp_path: Path) -> None:
    office = Office(BusyStore(url_of(tmp_path / "recap.db")))
    office.plan()

    with pytest.raises(StorageBusy):
        office.send()


def test_mail_that_went_before_the_ledger_failed_is_known_as_sent(tmp_path: Path) -> None:
    office = Office(FailingAtTheSecond(url_of(tmp_path / "recap.db")))
    both = replace(LIST, members=("ann@reader.example", "ben@reader.example"))
    office.plan(route=a_route(destinations=mail_to("weekly")), lists=[both])

    with pytest.raises(StorageBusy):
        office.send(lists=[both])

    states = [each.state for each in office.store.load_deliveries(medium=Medium.EMAIL)]
    assert sorted(states) == [DeliveryState.PLANNED, DeliveryState.SENT]


def suppress(office: Office, address: str) -> None:
    office.store.save_suppression(
        Suppression(address_hash=address_hash(address), list_id="*", reason="bounced", created_at=NOW)
    )


class RefusingOneChannel(FakeSender):
    def __init__(self, name: str, *, channel: str) -> None:
        super().__init__(name)
        self._channel = channel

    def send(self, delivery: Delivery, digest: Digest, *, parent: Receipt | None) -> Receipt:
        if delivery.destination == self._channel:
            raise DeliveryRefused(delivery.destination, "invalid_blocks")
        return super().send(delivery, digest, parent=parent)


class BusyStore(SqlStore):
    def save_sending(self, delivery: str, *, now: datetime, lease_s: float) -> bool:
        raise StorageBusy("another process has it")


class FailingAtTheSecond(SqlStore):
    def start_sending(self, delivery: str, *, now: datetime, lease_s: float, after: Ended | None = None) -> bool:
        if after is not None:
            raise StorageBusy("another process has it")
        return super().start_sending(delivery, now=now, lease_s=lease_s, after=after)


# What is long past its time


def test_digest_is_late_a_week_after_its_slot(office: Office) -> None:
    office.plan()
    slot = NOW - timedelta(days=7)

    in_time = send_of(office, slot)
    office.plan(a_digest(key="digest-2", recap_id="2026-W48"))
    late = send_of(office, slot - timedelta(seconds=1))

    assert (in_time.sent, in_time.late) == (3, ())
    assert (late.sent, late.waiting) == (0, 3)
    assert [str(each) for each in late.late] == [
        "founders of 2026-W48: its time was 2026-11-16 08:59 UTC, 7 days ago; `--late` sends it anyway"
    ]


def send_of(office: Office, slot: datetime) -> SendReport:
    return send_recap.send(
        store=office.store,
        senders={"slack": office.slack},
        queue=InProcessQueue(workers=1),
        policy=POLICY,
        now=lambda: NOW,
        jitter=lambda: 0.0,
        slot_of=lambda recap, route: slot,
    )
