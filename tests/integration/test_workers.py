"""`recap worker`: several processes that send from one queue, one of them killed; and how a worker ends."""

import json
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from threading import Event
from typing import TypeVar

import psycopg
import pytest

from bot.adapters.clock import SystemClock
from bot.adapters.queue_procrastinate import ProcrastinateQueue
from bot.adapters.storage.store import SqlStore
from bot.model.delivery import DeliveryState
from bot.model.policy import DeliverPolicy, MailingList
from bot.model.route import Medium
from bot.workflows import send_chunk, send_recap
from bot.workflows.send_chunk import Dispatch
from tests.databases import postgresql_database
from tests.delivery_builders import a_digest, a_recap, a_route, mail_to
from tests.fakes.command import Operator, an_operator
from tests.fakes.sending_process import sender_of
from tests.fakes.smtp_server import SmtpServer

READERS = tuple(f"r{number}@reader.example" for number in range(120))
POLICY = DeliverPolicy(chunk_size=20, smtp_connections=3, smtp_rate=30, lease_s=5, sweep_s=2)
CONNECTIONS = POLICY.smtp_connections
RECAP = f"""
title: Weekly AI Recap
embedder: lexical
queue: procrastinate
lists:
  - {{id: weekly, name: Weekly, from: recap@mail.example, postal_address: 1 Quay, members: [{", ".join(READERS)}]}}
deliver: {{chunk_size: 20, smtp_connections: 3, smtp_rate: 30, lease_s: 5, sweep_s: 2}}
"""
SOURCES = json.dumps({"sources": [{"slug": "halden", "name": "Halden", "url": "http://127.0.0.1:9/feed"}]})
ROUTES = "routes:\n  - {id: founders, name: Founders, destinations: [{email: weekly}]}\n"
LONGEST_S = 180
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class House:
    """A relay, a database with a planned mailing, and who runs the workers."""

    relay: SmtpServer
    url: str
    store: SqlStore
    queue: ProcrastinateQueue
    operator: Operator
    workers: "list[subprocess.Popen[str]]" = field(default_factory=list)

    def enqueue(self) -> None:
        """Do what the scheduler's tick does."""
        dispatch = Dispatch(
            store=self.store,
            senders={"smtp": sender_of("smtp", self.relay.url)},
            policy=POLICY,
            now=SystemClock().now,
            jitter=lambda: 0.0,
            sleep=lambda _: None,
        )
        send_chunk.enqueue_due(dispatch, self.queue)

    def start(self, count: int) -> "list[subprocess.Popen[str]]":
        """Start so many workers, and wait until they are registered."""
        self.workers.extend(self.operator.process("worker", output=subprocess.DEVNULL) for _ in range(count))
        until(lambda: self.queue.load_state().workers == count)
        return self.workers

    def asked(self, question: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(question.encode()).fetchall()

    def states(self) -> Counter[DeliveryState]:
        return Counter(each.state for each in self.store.load_deliveries())

    def recipients(self, state: DeliveryState) -> list[str]:
        return [each.recipient for each in self.store.load_deliveries(state=state)]

    def arrivals(self) -> Counter[str]:
        return Counter(str(message_from_bytes(mail.content)["To"]) for mail in list(self.relay.mails))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with postgresql_database() as url, SmtpServer() as relay, closing(SqlStore(url)) as store:
        operator = an_operator(
            tmp_path / "home",
            recap=RECAP,
            sources=SOURCES,
            routes=ROUTES,
            RECAP_DATABASE_URL=url,
            RECAP_SMTP_URL=relay.url,
            RECAP_BASE_URL="https://recap.example",
        )
        assert operator.recap("db", "upgrade").status == 0
        plan(store, relay)
        house = House(relay, url, store, ProcrastinateQueue(url, at_once=1, sweep_s=60), operator)
        yield house
        for worker in house.workers:
            worker.kill()
            worker.wait(10)


def plan(store: SqlStore, relay: SmtpServer) -> None:
    digest = a_digest()
    store.save_edition(a_recap(), [digest], [])
    added = send_recap.plan_deliveries(
        a_recap(),
        [digest],
        [a_route(destinations=mail_to("weekly"))],
        store=store,
        senders={Medium.EMAIL: sender_of("smtp", relay.url)},
        lists=[MailingList("weekly", "Weekly", "recap@mail.example", "1 Quay", members=READERS)],
        now=SystemClock().now(),
        at_once=True,
    )
    assert added == 120


def until(ask: Callable[[], T]) -> T:
    """Ask until the answer is yes, or something; return it."""
    deadline = time.monotonic() + LONGEST_S
    while not (answer := ask()):
        assert time.monotonic() < deadline
        Event().wait(0.02)
    return answer


def test_worker_killed_with_a_mail_in_hand_reports_it_and_nobody_gets_two(house: House) -> None:
    house.relay.script.data.extend([""] * 20 + ["keep+hold"])
    workers = house.start(3)
    house.enqueue()
    until(lambda: len(house.relay.held) == 1)
    [held] = house.relay.held

    # The system lists its connections page by page: one may be missing while others come and go.
    [victim] = until(lambda: owners_of((held.connection, house.relay.port), workers))
    victim.kill()
    until(lambda: house.store.count_open() == 0 and house.queue.load_state().chunks == 0)
    answer = house.operator.recap("send", "--week", "2026-W47")
    listed = house.operator.recap("deliveries", "--state", "unknown")

    unknown = house.recipients(DeliveryState.UNKNOWN)
    assert held.recipients[0] in unknown
    assert len(unknown) <= CONNECTIONS
    assert sorted([*unknown, *house.recipients(DeliveryState.SENT)]) == sorted(READERS)
    assert max(house.arrivals().values()) == 1
    assert house.arrivals()[held.recipients[0]] == 1
    assert (answer.status, "weekly: nobody can tell whether it arrived" in answer.err) == (3, True)
    assert all(f"weekly: {each}" in listed.out for each in unknown)
    assert ended(workers) == sorted([-signal.SIGKILL, 0, 0])


def owners_of(connection: tuple[int, int], workers: "list[subprocess.Popen[str]]") -> "list[subprocess.Popen[str]]":
    """Return the worker whose *connection* leads from the first port to the second; none where it is not listed."""
    ends = [f"0100007F:{port:04X}" for port in connection]
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    sockets = [f"socket:[{row[9]}]" for row in rows if row[1:3] == ends]
    return [each for each in workers if set(sockets) & set(opened_by(each.pid))]


def opened_by(pid: int) -> list[str]:
    return [str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir() if each.is_symlink()]


def ended(workers: "list[subprocess.Popen[str]]") -> list[int]:
    for worker in workers:
        worker.terminate()
    return sorted(worker.wait(30) for worker in workers)


def test_worker_that_is_told_to_end_leaves_nothing_half_done(house: House) -> None:
    [worker] = house.start(1)
    house.enqueue()
    until(lambda: len(house.relay.mails) >= 5)

    statuses = ended([worker])

    states = house.states()
    assert statuses == [0]
    assert states[DeliveryState.SENT] == len(house.relay.mails) < 120
    assert states[DeliveryState.PLANNED] == 120 - states[DeliveryState.SENT]
    assert house.asked("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'") == [(0,)]


def test_run_beside_workers_queues_and_does_not_send(house: House) -> None:
    answer = house.operator.recap("send", "--week", "2026-W47")

    assert (answer.status, house.relay.mails) == (0, [])
    assert answer.out.splitlines()[0] == (
        "Deliveries (messages, replies, mails): 120 put into the queue for `recap worker`; in it 120 wait, in 6 jobs."
    )
    assert answer.err.startswith("queue: no worker shows life, with 6 jobs in it, the oldest since 20")


def test_worker_before_the_upgrade_says_what_to_do(tmp_path: Path) -> None:
    with postgresql_database() as url:
        places = {"RECAP_DATABASE_URL": url}
        first = an_operator(
            tmp_path / "a", recap="queue: in-process\n", sources=SOURCES, routes="routes: []\n", **places
        )
        assert first.recap("db", "upgrade").status == 0
        later = an_operator(
            tmp_path / "b", recap="queue: procrastinate\n", sources=SOURCES, routes="routes: []\n", **places
        )

        answer = later.recap("worker")

    assert answer.status == 1
    assert "the queue's tables are behind: run `recap db upgrade`." in answer.err


def test_worker_without_a_queue_for_workers_says_so(tmp_path: Path) -> None:
    operator = an_operator(tmp_path / "home", recap="queue: in-process\n", sources=SOURCES, routes="routes: []\n")

    answer = operator.recap("worker")

    assert answer.status == 1
    assert "recap.yaml has queue: in-process, so the scheduler sends; workers need procrastinate." in answer.err
