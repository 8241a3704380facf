"""The queue inside this process: a small thread pool."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from bot.ports import Queue


class InProcessQueue(Queue):
    """Runs work in threads; what fails costs the rest nothing."""

    def __init__(self, workers: int = 4) -> None:
        """Run at most *workers* pieces of work of one call at a time."""
        self._workers = workers
        self._guard = Lock()
        self._lanes: defaultdict[str, Lock] = defaultdict(Lock)

    def run_each(self, work: Sequence[Callable[[], None]], *, lane: str) -> None:
        """Run *work*: side by side in the empty lane, else in order. Raises the first error of it, after all of it."""
        if lane:
            with self._lock_of(lane):
                self._run(work, side_by_side=1)
        elif work:
            self._run(work, side_by_side=self._workers)

    def _lock_of(self, lane: str) -> Lock:
        with self._guard:
            return self._lanes[lane]

    def _run(self, work: Sequence[Callable[[], None]], *, side_by_side: int) -> None:
        with ThreadPoolExecutor(side_by_side, thread_name_prefix="recap-work") as pool:
            futures = [pool.submit(piece) for piece in work]
        for future in futures:
            future.result()
