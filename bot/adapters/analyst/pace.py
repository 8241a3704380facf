"""How fast a model is asked: so many at once, so many a minute, and not at all once it has given up on us."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.model.errors import AnalysisError

GIVE_UP_AFTER = 3
"""Failures in a row after which a shortlist is not asked about any more."""


@dataclass(slots=True)
class Pace:
    """One shortlist's turn at a model; lives within one event loop."""

    concurrency: int
    per_minute: int
    deadline: float
    """By the loop's clock."""
    _slots: asyncio.Semaphore = field(init=False)
    _next_at: float = 0.0
    _failures: int = 0
    _stopped: str = ""

    def __post_init__(self) -> None:
        self._slots = asyncio.Semaphore(self.concurrency)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[float]:
        """Wait for a turn and yield the seconds left until the deadline. Raises: AnalysisError where none comes."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(self.deadline):
                await self._slots.acquire()
        except TimeoutError as exc:
            raise AnalysisError("The time for the whole shortlist is over.") from exc
        try:
            at = max(loop.time(), self._next_at)
            if at >= self.deadline:
                raise AnalysisError("The time for the whole shortlist is over.")
            if self._stopped:
                raise AnalysisError(self._stopped)
            self._next_at = at + 60 / self.per_minute
            await asyncio.sleep(at - loop.time())
            yield self.deadline - loop.time()
        finally:
            self._slots.release()

    def succeeded(self) -> None:
        """Forget failures: it answers."""
        self._failures = 0

    def failed(self, reason: str, *, is_hopeless: bool) -> None:
        """Count a failure; after one that is hopeless, or the third in a row, nothing more is asked."""
        self._failures += 1
        if is_hopeless or self._failures >= GIVE_UP_AFTER:
            self._stopped = reason
