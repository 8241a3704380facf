"""How often one visitor may do what costs others something."""

from collections import deque
from ipaddress import IPv6Address, ip_address
from threading import Lock

MAX_VISITORS = 10_000
"""Who is remembered; the longest unseen is forgotten first, so that memory stays bounded."""
_HOME_BITS = 64
"""Of an IPv6 address: a home has a whole network of its own."""


class RateLimit:
    """So many times in a while, for each visitor."""

    def __init__(self, times: int, *, seconds: float) -> None:
        """Allow *times* within *seconds*."""
        self._times, self._seconds = times, seconds
        self._guard = Lock()
        self._seen: dict[str, deque[float]] = {}

    def wait_s(self, visitor: str, *, at: float) -> int:
        """Return 0 and count this time, or the seconds until *visitor* (an IP address) may again; *at* as monotonic."""
        with self._guard:
            times = self._seen.pop(_home_of(visitor), deque())
            while times and times[0] <= at - self._seconds:
                times.popleft()
            is_allowed = len(times) < self._times
            if is_allowed:
                times.append(at)
            self._seen[_home_of(visitor)] = times
            while len(self._seen) > MAX_VISITORS:
                del self._seen[next(iter(self._seen))]
            return 0 if is_allowed else int(times[0] + self._seconds - at) + 1


def _home_of(visitor: str) -> str:
    try:
        address = ip_address(visitor)
    except ValueError:
        return visitor
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(int(address) >> (128 - _HOME_BITS))
    return str(address)
