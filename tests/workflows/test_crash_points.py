"""A process killed at each point of a delivery, with each sender: nothing twice, planned = sent + unknown."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from email import message_from_bytes
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.adapters.outbox import OutboxSender
from bot.adapters.queue import InProcessQueue
from bot.adapters.slack import SlackSender
from bot.adapters.smtp import SmtpSender
from bot.adapters.storage.store import SqlStore
from bot.model.policy import DeliverPolicy, MailingList
from bot.model.route import Medium, Route
from bot.ports import Sender
from bot.workflows import send_recap
from bot.workflows.send_recap import SendReport
from tests.builders import NOW
from tests.delivery_builders import LIST, a_digest, a_recap, a_route, a_token, mail_to, slack_to
from tests.fakes.crashing import Crash, CrashingSender, CrashingStore, Fuse, Point
from tests.fakes.slack_server import SCOPES, TOKEN, SlackServer
from tests.fakes.smtp_server import SmtpServer
from tests.fakes.stores import url_of

POLICY = DeliverPolicy(lease_s=300)
READERS = MailingList(
    "weekly", "Weekly", LIST.sender, "1 Quay", members=tuple(f"{name}@reader.example" for name in "abc")
)
MAIL, CHANNEL = a_route(destinations=mail_to("weekly")), a_route(destinations=slack_to("C0FOUNDERS"))


class World(NamedTuple):
    """A provider, how to reach it, and what it has got by now, message by message."""

    route: Route
    medium: Medium
    sender: Callable[[], Sender]
    arrived: Callable[[], list[str]]


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def slack(stack: ExitStack, folder: Path) -> World:
    return _slack(stack.enter_context(SlackServer()))


def slack_without_history(stack: ExitStack, folder: Path) -> World:
    return _slack(stack.enter_context(SlackServer(scopes=SCOPES - {"channels:history"})))


def _slack(server: SlackServer) -> World:
    return World(
        CHANNEL,
        Medium.SLACK,
        lambda: SlackSender(TOKEN, api_url=server.url, interval_s=0),
        lambda: [json.dumps(each.arguments["metadata"]) for each in server.posted],
    )


def smtp(stack: ExitStack, folder: Path) -> World:
    relay = stack.enter_context(SmtpServer())
    return World(
        MAIL,
        Medium.EMAIL,
        lambda: SmtpSender(relay.url, lists=[READERS], sender=None, base_url="https://recap.example", token=a_token),
        lambda: [str(message_from_bytes(mail.content)["Message-ID"]) for mail in relay.mails],
    )


def outbox_mail(stack: ExitStack, folder: Path) -> World:
    return _outbox(MAIL, Medium.EMAIL, folder)


def outbox_slack(stack: ExitStack, folder: Path) -> World:
    return _outbox(CHANNEL, Medium.SLACK, folder)


def _outbox(route: Route, medium: Medium, folder: Path) -> World:
    def outbox() -> OutboxSender:
        return OutboxSender(folder / "outbox", lists=[READERS], base_url="https://recap.example", token=a_token)

    def arrived() -> list[str]:
        messages: list[str] = []
        for item in outbox().messages():
            replies = item.payload["replies"] if isinstance(item.payload, dict) else []
            messages += [item.path, *map(str, replies if isinstance(replies, list) else [])]
        return messages

    return World(route, medium, outbox, arrived)


def run(store: SqlStore, sender: Sender, *, now: datetime, alone: bool = False) -> SendReport:
    return send_recap.send(
        store=store,
        senders={sender.name: sender},
        queue=InProcessQueue(workers=2),
        policy=POLICY,
        now=lambda: now,
        jitter=lambda: 0.0,
        alone=alone,
    )


def crash(world: World, folder: Path, fuse: Fuse) -> str:
    """Plan three deliveries and die while sending them; return the URL of what is left."""
    url = url_of(folder / "recap.db")
    with closing(CrashingStore(url, fuse)) as store:
        store.save_edition(a_recap(), [a_digest()], [])
        planned = send_recap.plan_deliveries(
            a_recap(),
            [a_digest()],
            [world.route],
            store=store,
            senders={world.medium: world.sender()},
            lists=[READERS],
            now=NOW,
            at_once=True,
        )
        assert planned == 3
        with pytest.raises(Crash):
            run(store, CrashingSender(world.sender(), fuse), now=NOW)
    return url


def crash_and_recover(world: World, folder: Path, fuse: Fuse) -> dict[str, int]:
    """Die, come back after the lease, twice; return how many deliveries are in which state."""
    with closing(SqlStore(crash(world, folder, fuse))) as store:
        for minutes in (6, 12):
            run(store, world.sender(), now=NOW + timedelta(minutes=minutes))
        return dict(Counter(row.state.value for row in store.load_deliveries()))


EVERYTHING = {"sent": 3}
ONE_LOST = {"sent": 2, "unknown": 1}
REPLIES_WAIT = {"unknown": 1, "planned": 2}


SLACKS = [slack, slack_without_history, outbox_slack]
MAILS = [smtp, outbox_mail]
# A mail is claimed with its mark, and settled with the mark of the next: only the last is settled by itself.
OUTSIDE = [
    *product(SLACKS, [Point.BEFORE_CLAIM, Point.AFTER_CLAIM, Point.AFTER_SETTLE], [1, 2, 3]),
    *product(MAILS, [Point.BEFORE_CLAIM, Point.AFTER_SETTLE], [1]),
]


@pytest.mark.parametrize(("world_of", "point", "nth"), OUTSIDE)
def test_crash_outside_of_sending_loses_nothing(
    world_of: Callable[[ExitStack, Path], World], point: Point, nth: int, stack: ExitStack, tmp_path: Path
) -> None:
    world = world_of(stack, tmp_path)

    states = crash_and_recover(world, tmp_path, Fuse(point, nth=nth))

    assert states == EVERYTHING
    assert sorted(Counter(world.arrived()).values()) == [1, 1, 1]


@pytest.mark.parametrize(
    ("world_of", "nth", "expected"),
    [
        (slack, 1, REPLIES_WAIT),
        (slack, 2, ONE_LOST),
        (slack_without_history, 1, REPLIES_WAIT),
        (slack_without_history, 3, ONE_LOST),
        (smtp, 1, ONE_LOST),
        (smtp, 3, ONE_LOST),
        (outbox_mail, 1, ONE_LOST),
        (outbox_slack, 1, REPLIES_WAIT),
        (outbox_slack, 2, ONE_LOST),
    ],
)
def test_crash_before_the_first_byte_leaves_one_unknown(
    world_of: Callable[[ExitStack, Path], World],
    nth: int,
    expected: dict[str, int],
    stack: ExitStack,
    tmp_path: Path,
) -> None:
    world = world_of(stack, tmp_path)

    states = crash_and_recover(world, tmp_path, Fuse(Point.AFTER_SENDING, nth=nth))

    assert states == expected
    assert list(Counter(world.arrived()).values()) == [1] * expected.get("sent", 0)


@pytest.mark.parametrize(
    ("world_of", "nth", "expected", "arrivals"),
    [
        (slack, 1, EVERYTHING, 3),
        (slack, 2, EVERYTHING, 3),
        (slack, 3, EVERYTHING, 3),
        (slack_without_history, 1, REPLIES_WAIT, 1),
        (slack_without_history, 2, ONE_LOST, 3),
        (smtp, 1, ONE_LOST, 3),
        (smtp, 2, ONE_LOST, 3),
        (outbox_mail, 1, EVERYTHING, 3),
        (outbox_mail, 3, EVERYTHING, 3),
        (outbox_slack, 1, EVERYTHING, 3),
        (outbox_slack, 2, EVERYTHING, 3),
    ],
)
def test_crash_after_the_last_byte_sends_nothing_twice(
    world_of: Callable[[ExitStack, Path], World],
    nth: int,
    expected: dict[str, int],
    arrivals: int,
    stack: ExitStack,
    tmp_path: Path,
) -> None:
    world = world_of(stack, tmp_path)

    states = crash_and_recover(world, tmp_path, Fuse(Point.AFTER_SEND, nth=nth))

    assert states == expected
    assert list(Counter(world.arrived()).values()) == [1] * arrivals


def test_process_that_comes_back_within_the_lease_sends_the_others_alone(stack: ExitStack, tmp_path: Path) -> None:
    world = smtp(stack, tmp_path)

    with closing(SqlStore(crash(world, tmp_path, Fuse(Point.AFTER_SENDING)))) as store:
        report = run(store, world.sender(), now=NOW)

    assert report == SendReport(sent=2, waiting=1)


@pytest.mark.parametrize(
    ("point", "expected"),
    [(Point.BEFORE_CLAIM, SendReport(sent=3)), (Point.AFTER_SENDING, SendReport(sent=2, unknown=1))],
)
def test_process_that_knows_to_be_alone_waits_for_no_lease(
    point: Point, expected: SendReport, stack: ExitStack, tmp_path: Path
) -> None:
    world = smtp(stack, tmp_path)

    with closing(SqlStore(crash(world, tmp_path, Fuse(point)))) as store:
        report = run(store, world.sender(), now=NOW, alone=True)

    assert (report.sent, report.unknown, report.waiting) == (expected.sent, expected.unknown, 0)


def test_two_processes_at_once_send_each_part_once(stack: ExitStack, tmp_path: Path) -> None:
    world = smtp(stack, tmp_path)
    url = crash(world, tmp_path, Fuse(Point.BEFORE_CLAIM))

    with closing(SqlStore(url)) as one, closing(SqlStore(url)) as other, ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda store: run(store, world.sender(), now=NOW), (one, other)))

    assert sum(report.sent for report in reports) == 3
    assert sorted(Counter(world.arrived()).values()) == [1, 1, 1]
