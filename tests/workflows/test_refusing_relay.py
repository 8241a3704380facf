"""A relay that refuses: whose fault it is decides what becomes of the mail, its reader and the others."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.queue import InProcessQueue
from bot.adapters.storage.store import SqlStore
from bot.deliver.breaker import Breaker
from bot.model.errors import ContentRefused, DeliveryBarred, MailboxClosed, MailboxGone, RelayUnreachable
from bot.model.policy import DeliverPolicy, MailingList
from bot.model.route import Medium
from bot.model.subscriber import BounceKind, address_hash
from bot.workflows import send_recap
from bot.workflows.send_recap import SendReport
from tests.builders import NOW
from tests.delivery_builders import LIST, a_digest, a_recap, a_route, mail_to
from tests.fakes.sender import FakeSender
from tests.fakes.stores import url_of

POLICY = DeliverPolicy(max_refusals=3, refusal_pause_s=300, retry_base_s=600)
READERS = tuple(f"r{number}@reader.example" for number in range(6))
WEEKLY = MailingList("weekly", "Weekly", LIST.sender, "1 Quay", members=READERS)


@dataclass
class Post:
    """Six mails, planned; a relay that does as it is told."""

    store: SqlStore
    now: datetime = NOW
    smtp: FakeSender = field(default_factory=lambda: FakeSender("smtp", team=""))
    breakers: dict[str, Breaker] = field(default_factory=dict)

    def send(self) -> SendReport:
        return send_recap.send(
            store=self.store,
            senders={"smtp": self.smtp},
            queue=InProcessQueue(workers=1),
            policy=POLICY,
            now=lambda: self.now,
            jitter=lambda: 0.0,
            lists=[WEEKLY],
            breakers=self.breakers,
        )


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with closing(SqlStore(url_of(tmp_path / "recap.db"))) as store:
        post = Post(store)
        store.save_edition(a_recap(), [a_digest()], [])
        send_recap.plan_deliveries(
            a_recap(),
            [a_digest()],
            [a_route(destinations=mail_to("weekly"))],
            store=store,
            senders={Medium.EMAIL: post.smtp},
            lists=[WEEKLY],
            now=NOW,
            at_once=True,
        )
        yield post


def kinds(post: Post) -> list[BounceKind]:
    since = NOW - timedelta(days=1)
    return [each.kind for reader in READERS for each in post.store.load_bounces(address_hash(reader), since=since)]


def suppressed(post: Post) -> int:
    return len(post.store.load_suppressions())


def test_reader_without_a_mailbox_is_never_written_to_again(post: Post) -> None:
    post.smtp.script.append(MailboxGone("weekly", "550 5.1.1 no such user"))

    report = post.send()

    assert (report.sent, report.failed) == (5, 1)
    assert (kinds(post), suppressed(post)) == ([BounceKind.HARD], 1)


def test_reader_with_a_full_mailbox_is_counted_and_stays(post: Post) -> None:
    post.smtp.script.append(MailboxClosed("weekly", "552 5.2.2 full"))

    report = post.send()

    assert (report.sent, report.failed) == (5, 1)
    assert (kinds(post), suppressed(post)) == ([BounceKind.SOFT], 0)


def test_reader_behind_a_refusal_of_our_mail_stays_and_is_tried_again(post: Post) -> None:
    post.smtp.script.append(DeliveryBarred("weekly", "550 5.7.1 blocked"))

    report = post.send()

    assert (report.sent, report.waiting, report.failed) == (5, 1, 0)
    assert (kinds(post), suppressed(post)) == ([BounceKind.POLICY], 0)
    assert "5.7.1 blocked" in report.faults[0][1]


def test_digest_that_nobody_takes_fails_as_a_whole(post: Post) -> None:
    post.smtp.script.append(ContentRefused("weekly", "552 5.3.4 too big"))

    report = post.send()

    assert (report.sent, report.failed) == (0, 6)
    assert len(report.faults) == 1
    assert (kinds(post), suppressed(post)) == ([], 0)


def test_relay_that_is_away_is_left_alone_and_told_of_once(post: Post) -> None:
    post.smtp.script.extend([RelayUnreachable("weekly", "nobody answers")] * 9)

    report = post.send()

    assert (report.sent, report.waiting) == (0, 6)
    assert len(post.smtp.script) == 6
    [(_, reason)] = report.faults
    assert "nobody answers; the rest waits; next try at 2026-11-" in reason


def test_relay_that_rests_is_tried_again_after_its_pause(post: Post) -> None:
    post.smtp.script.extend([RelayUnreachable("weekly", "nobody answers")] * 3)
    post.send()

    post.now += timedelta(seconds=299)
    resting = post.send()
    post.now += timedelta(seconds=1)
    awake = post.send()
    post.now += timedelta(seconds=600)
    last = post.send()

    assert (resting.sent, awake.sent, last.sent) == (0, 3, 3)
    assert (last.failed, last.waiting) == (0, 0)
