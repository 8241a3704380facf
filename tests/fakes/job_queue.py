"""A queue for workers in memory, which a test works off itself."""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event

from bot.ports import Chunk, JobQueue, QueueState
from tests.fakes.crashing import Crash


class FakeJobQueue(JobQueue):
    """Keeps chunks in a list; `dies_after` so many were put, null: never."""

    def __init__(self, *, workers: int = 0, waiting_since: datetime | None = None) -> None:
        self.waiting: list[Chunk] = []
        self.dies_after: int | None = None
        self._workers = workers
        self._waiting_since = waiting_since

    def put(self, chunks: Sequence[Chunk]) -> int:
        known, added = {each for chunk in self.waiting for each in chunk.deliveries}, 0
        for number, chunk in enumerate(chunks):
            if number == self.dies_after:
                raise Crash("while queueing")
            if new := tuple(each for each in chunk.deliveries if each not in known):
                self.waiting.append(Chunk(chunk.lane, new))
                added += len(new)
        return added

    def load_state(self) -> QueueState:
        deliveries = sum(len(each.deliveries) for each in self.waiting)
        return QueueState(len(self.waiting), deliveries, self._workers, self._waiting_since)

    def serve(self, work: Callable[[Chunk], None], *, stop: Event) -> None:
        while self.waiting and not stop.is_set():
            work(self.waiting[0])
            del self.waiting[0]

    def upgrade(self) -> None:
        return

    def check(self) -> None:
        return
