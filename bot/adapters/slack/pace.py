"""Messages to one channel, kept apart."""

import time
from collections import defaultdict
from collections.abc import Callable
from threading import Lock


class Pace:
    """Keeps messages to one channel apart. Source: CONVENTIONS S30."""

    def __init__(self, interval_s: float, sleep: Callable[[float], None]) -> None:
        """Let *interval_s* seconds pass between two."""
        self._interval_s = interval_s
        self._sleep = sleep
        self._guard = Lock()
        self._free_at: defaultdict[str, float] = defaultdict(float)

    def wait(self, channel: str) -> None:
        """Sleep until *channel* is free, and take it."""
        with self._guard:
            now = time.monotonic()
            at = max(now, self._free_at[channel])
            self._free_at[channel] = at + self._interval_s
        if at > now:
            self._sleep(at - now)
