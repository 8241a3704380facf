"""DNS: the TXT records of a name."""

from collections.abc import Sequence

import dns.exception
import dns.resolver

from bot.model.errors import LookupFailed

_TIMEOUT_S = 3.0


class TextRecords:
    """Looks up TXT records."""

    def __init__(self, *, nameservers: Sequence[str] = (), port: int = 53) -> None:
        """Ask *nameservers* at *port*; without any, those of this machine."""
        self._nameservers = list(nameservers)
        self._port = port

    def fetch(self, name: str) -> list[str]:
        """Return the TXT records of *name*, each in one piece, sorted; none where it has none. Raises: LookupFailed."""
        try:
            resolver = dns.resolver.Resolver(configure=not self._nameservers)
            if self._nameservers:
                resolver.nameservers = list(self._nameservers)
                resolver.port = self._port
            answer = resolver.resolve(name, "TXT", lifetime=_TIMEOUT_S, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as exc:
            raise LookupFailed(f"{name} ({type(exc).__name__}).") from exc
        # A record is made of pieces of at most 255 bytes. Source: RFC 7208 3.3.
        return sorted(b"".join(record.strings).decode("utf-8", "replace") for record in answer)
