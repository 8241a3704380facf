from threading import Barrier, Lock, Thread

import pytest

from bot.adapters.queue import InProcessQueue
from bot.model.errors import StorageBusy


def test_work_of_the_empty_lane_runs_side_by_side() -> None:
    meeting = Barrier(3, timeout=10)

    def meets() -> None:
        meeting.wait()

    InProcessQueue(workers=3).run_each([meets] * 3, lane="")

    assert not meeting.broken


def test_work_of_one_lane_runs_in_order() -> None:
    done: list[int] = []

    InProcessQueue().run_each([lambda number=number: done.append(number) for number in range(5)], lane="C1")  # type: ignore[misc]

    assert done == [0, 1, 2, 3, 4]


def test_two_callers_of_one_lane_take_turns() -> None:
    queue, busy, overlaps = InProcessQueue(), Lock(), list[bool]()

    def work() -> None:
        overlaps.append(not busy.acquire(blocking=False))
        busy.release()

    callers = [Thread(target=queue.run_each, args=([work] * 50,), kwargs={"lane": "C1"}) for _ in range(2)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(10)

    assert overlaps == [False] * 100


@pytest.mark.parametrize("lane", ["", "C1"])
def test_error_of_the_work_comes_back(lane: str) -> None:
    def fails() -> None:
        raise StorageBusy("another process has it")

    with pytest.raises(StorageBusy):
        InProcessQueue().run_each([fails, lambda: None], lane=lane)


@pytest.mark.parametrize("lane", ["", "C1"])
def test_error_costs_the_rest_nothing(lane: str) -> None:
    done: list[str] = []

    def fails() -> None:
        raise StorageBusy("another process has it")

    with pytest.raises(StorageBusy):
        InProcessQueue(workers=1).run_each([fails, *[lambda: done.append("ran")] * 20], lane=lane)

    assert len(done) == 20


def test_no_work_is_done_at_once() -> None:
    InProcessQueue().run_each([], lane="")
