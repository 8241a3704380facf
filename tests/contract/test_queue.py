"""What both queues promise: the one in this process, and the one in PostgreSQL with workers."""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Barrier, Event, Lock, Thread

import psycopg
import pytest
import structlog

from bot.adapters.clock import SystemClock
from bot.adapters.queue import InProcessQueue
from bot.adapters.queue_procrastinate import ProcrastinateQueue
from bot.model.errors import StorageBusy
from bot.ports import Chunk, QueueState
from tests.databases import postgresql_database

WORKERS = 2
Work = Callable[[Chunk], None]
RunAll = Callable[[Sequence[Chunk], Work], None]
"""Has all chunks worked off by a queue, and returns when that is done."""


@pytest.fixture(scope="module")
def queue_url() -> Iterator[str]:
    with postgresql_database() as url:
        ProcrastinateQueue(url, at_once=1, sweep_s=60).upgrade()
        yield url


@pytest.fixture
def jobs(queue_url: str) -> ProcrastinateQueue:
    return ProcrastinateQueue(queue_url, at_once=3, sweep_s=60)


@pytest.fixture(params=["in-process", "procrastinate"])
def run_all(request: pytest.FixtureRequest) -> RunAll:
    if request.param == "in-process":
        return in_process
    return partial(by_workers, request.getfixturevalue("jobs"))


def in_process(chunks: Sequence[Chunk], work: Work) -> None:
    queue = InProcessQueue(workers=3)
    lanes = {lane: [partial(work, each) for each in chunks if each.lane == lane] for lane in lanes_of(chunks)}

    def run(lane: str) -> None:
        try:
            queue.run_each(lanes[lane], lane=lane)
        except StorageBusy:
            return

    together([partial(run, lane) for lane in lanes])


def by_workers(jobs: ProcrastinateQueue, chunks: Sequence[Chunk], work: Work, *, waiting: int = 0) -> None:
    jobs.put(chunks)
    expected = waiting or len(chunks)
    stop, is_over = Event(), Event()
    begun, guard = Counter[Chunk](), Lock()

    def counted(chunk: Chunk) -> None:
        try:
            work(chunk)
        finally:
            with guard:
                begun[chunk] += 1
                if begun.total() >= expected:
                    is_over.set()

    workers = [Thread(target=jobs.serve, args=(counted,), kwargs={"stop": stop}) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    assert is_over.wait(60)
    stop.set()
    for worker in workers:
        worker.join(60)


def together(calls: Sequence[Callable[[], None]]) -> None:
    threads = [Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def lanes_of(chunks: Sequence[Chunk]) -> list[str]:
    return list(dict.fromkeys(each.lane for each in chunks))


def meets(meeting: Barrier) -> None:
    meeting.wait()


def chunks_in(*lanes: str) -> list[Chunk]:
    return [Chunk(lane, (f"d{number}", f"e{number}")) for number, lane in enumerate(lanes)]


def test_every_chunk_runs_once(run_all: RunAll) -> None:
    chunks, done = chunks_in(*["C1", "C2", "C3"] * 4), Counter[Chunk]()

    run_all(chunks, lambda chunk: done.update([chunk]))

    assert done == Counter(chunks)


def test_failure_of_a_chunk_stops_no_other(run_all: RunAll) -> None:
    chunks, done = chunks_in("C1", "C1", "C2", "C2"), list[Chunk]()

    def work(chunk: Chunk) -> None:
        if chunk in (chunks[0], chunks[2]):
            raise StorageBusy("another process has it")
        done.append(chunk)

    run_all(chunks, work)

    assert sorted(done, key=chunks.index) == [chunks[1], chunks[3]]


def test_chunks_of_one_lane_never_run_side_by_side(run_all: RunAll) -> None:
    busy, overlaps = Lock(), list[bool]()

    def work(_: Chunk) -> None:
        overlaps.append(not busy.acquire(blocking=False))
        Event().wait(0.02)  # long enough for another thread to come in, were it let
        if not overlaps[-1]:
            busy.release()

    run_all(chunks_in(*["smtp/connection 1"] * 8), work)

    assert overlaps == [False] * 8


def test_chunks_of_several_lanes_run_side_by_side(run_all: RunAll) -> None:
    meeting = Barrier(3, timeout=30)

    run_all(chunks_in("C1", "C2", "C3"), lambda _: meets(meeting))

    assert not meeting.broken


def test_chunks_of_one_lane_run_in_order(run_all: RunAll) -> None:
    chunks, done = chunks_in("C1", "C1", "C1"), list[Chunk]()

    run_all(chunks, done.append)

    assert done == chunks


def test_delivery_that_waits_already_is_not_queued_again(jobs: ProcrastinateQueue) -> None:
    done: list[Chunk] = []
    added = [jobs.put([Chunk("C1", ("d1", "d2"))]), jobs.put([Chunk("C1", ("d2", "d3"))])]

    by_workers(jobs, [Chunk("C1", ("d3", "d4"))], done.append, waiting=3)

    assert added == [2, 1]
    assert [each.deliveries for each in done] == [("d1", "d2"), ("d3",), ("d4",)]


def test_delivery_that_was_worked_off_can_be_queued_again(jobs: ProcrastinateQueue) -> None:
    done: list[Chunk] = []

    by_workers(jobs, [Chunk("C1", ("d1",))], done.append)
    by_workers(jobs, [Chunk("C1", ("d1",))], done.append)

    assert done == [Chunk("C1", ("d1",))] * 2
    assert jobs.load_state().chunks == 0


def test_state_tells_what_waits_since_when(jobs: ProcrastinateQueue) -> None:
    jobs.put([Chunk("C1", ("d1", "d2")), Chunk("C2", ("d3",))])

    waiting = jobs.load_state()
    by_workers(jobs, [], lambda _: None, waiting=2)

    assert (waiting.chunks, waiting.deliveries) == (2, 3)
    assert waiting.waiting_since is not None
    assert abs(SystemClock().now() - waiting.waiting_since) < timedelta(minutes=5)
    assert replace(jobs.load_state(), workers=0) == QueueState()


def test_job_that_others_ended_meanwhile_costs_a_line_and_no_traceback(
    jobs: ProcrastinateQueue, queue_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    def taken_over(_: Chunk) -> None:
        with psycopg.connect(queue_url) as connection:
            connection.execute("DELETE FROM procrastinate_jobs")

    with structlog.testing.capture_logs() as said:
        by_workers(jobs, [Chunk("C1", ("d1",))], taken_over)
        gc.collect()  # that is when asyncio notices

    assert [each["event"] for each in said] == ["queue.stray_error"]
    assert said[0]["reason"].startswith("RaiseException: Job was not found")
    assert "Traceback" not in capfd.readouterr().err


def test_upgrade_of_what_is_there_changes_nothing(jobs: ProcrastinateQueue) -> None:
    jobs.upgrade()

    jobs.check()
    assert jobs.load_state().chunks == 0
