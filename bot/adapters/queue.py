"""The queue inside this process: a small thread pool."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from threading import Lock

from bot.ports import Queue


class InProcessQueue(Queue):
    """Runs work in threads; what fails stops the work that has not begun."""

    def __init__(self, workers: int = 4) -> None:
        """Run at most *workers* pieces of work of one call at a time."""
        self._workers = workers
        self._guard = Lock()
        self._lanes: defaultdict[str, Lock] = defaultdict(Lock)

    def run_each(self, work: Sequence[Callable[[], None]], *, lane: str) -> None:
        """Run *work*: side by side in the empty lane, else in order, one at a time. Raises what the work raised."""
        if lane:
            with self._lock_of(lane):
                for piece in work:
                    piece()
        elif work:
            self._side_by_side(work)

    def _lock_of(self, lane: str) -> Lock:
        with self._guard:
            return self._lanes[lane]

    def _side_by_side(self, work: Sequence[Callable[[], None]]) -> None:
        with ThreadPoolExecutor(min(self._workers, len(work)), thread_name_prefix="recap-work") as pool:
            futures = [pool.submit(piece) for piece in work]
            done, _ = wait(futures, return_when=FIRST_EXCEPTION)
            pool.shutdown(cancel_futures=True)
        for future in done:
            future.result()
