"""DNS: the TXT records of a name."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import dns.exception
import dns.resolver

from bot.model.errors import LookupFailed

_TIMEOUT_S = 3.0
_AT_ONCE = 32
"""Names that are asked for side by side: those of several domains take no longer than one where nobody answers."""


class TextRecords:
    """Looks up TXT records."""

    def __init__(self, *, nameservers: Sequence[str] = (), port: int = 53, timeout_s: float = _TIMEOUT_S) -> None:
        """Ask *nameservers* at *port*; without any, those of this machine."""
        self._nameservers = list(nameservers)
        self._port = port
        self._timeout_s = timeout_s

    def fetch_each(self, names: Iterable[str]) -> Callable[[str], list[str]]:
        """Look *names* up side by side; return what tells each one's records as `fetch` would, without asking again."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            answers = {name: pool.submit(self.fetch, name) for name in dict.fromkeys(names)}
        return lambda name: answers[name].result()

    def fetch(self, name: str) -> list[str]:
        """Return the TXT records of *name*, each in one piece, sorted; none where it has none. Raises: LookupFailed."""
        try:
            resolver = dns.resolver.Resolver(configure=not self._nameservers)
            if self._nameservers:
                resolver.nameservers = list(self._nameservers)
                resolver.port = self._port
            answer = resolver.resolve(name, "TXT", lifetime=self._timeout_s, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as exc:
            raise LookupFailed(f"{name}: {self._why(exc)}.") from exc
        # A record is made of pieces of at most 255 bytes. Source: RFC 7208 3.3.
        return sorted(b"".join(record.strings).decode("utf-8", "replace") for record in answer)

    def _why(self, exc: Exception) -> str:
        if isinstance(exc, dns.exception.Timeout):
            return f"no name server answered within {self._timeout_s:g} seconds"
        if isinstance(exc, dns.resolver.NoResolverConfiguration):
            return "this machine names no name server"
        if isinstance(exc, dns.resolver.NoNameservers):
            return "the name servers answered with a fault"
        return type(exc).__name__
