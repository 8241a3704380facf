"""Says in one clear line what went wrong with a fetch."""

import ssl

import aiohttp

from bot.adapters.feeds.body import BodyBroken, BodyRefused
from bot.adapters.feeds.guard import AddressRefused
from bot.model.errors import SourceError, SourceRefused, SourceUnavailable
from bot.model.policy import CollectPolicy
from bot.model.source import FetchRequest


def of(exc: Exception, *, request: FetchRequest, policy: CollectPolicy) -> SourceError:
    """Return *exc* as what it costs the source of *request*."""
    if isinstance(exc, SourceError):
        return exc
    if isinstance(exc, AddressRefused | BodyRefused):
        return SourceRefused(request.source, str(exc))
    if isinstance(exc, aiohttp.InvalidURL | ValueError):
        return SourceRefused(request.source, f"Its address cannot be read ({_reason(exc)}).")
    return SourceUnavailable(request.source, _line(exc, policy))


def _line(exc: Exception, policy: CollectPolicy) -> str:
    if isinstance(exc, aiohttp.ConnectionTimeoutError):
        return f"No connection within {policy.connect_timeout_s:g} s."
    if isinstance(exc, TimeoutError):
        return f"No whole answer within {policy.total_timeout_s:g} s."
    if isinstance(exc, aiohttp.ClientConnectorError | aiohttp.ClientConnectorCertificateError):
        return _not_connected(exc)
    return _broken(exc)


def _not_connected(exc: aiohttp.ClientConnectorError | aiohttp.ClientConnectorCertificateError) -> str:
    if isinstance(exc, aiohttp.ClientConnectorCertificateError):
        return f"The certificate of {exc.host} is not valid ({_reason(exc.certificate_error)})."
    if isinstance(exc, aiohttp.ClientConnectorDNSError):
        return f"The name {exc.host} cannot be resolved."
    return f"No connection to {exc.host}:{exc.port} ({exc.os_error.strerror or _reason(exc.os_error)})."


def _broken(exc: Exception) -> str:
    if isinstance(exc, BodyBroken):
        return str(exc)
    if isinstance(exc, aiohttp.ClientPayloadError):
        return "Its answer broke off."
    if isinstance(exc, aiohttp.ClientResponseError):
        return f"Its answer is no HTTP that we understand ({_one_line(exc.message)})."
    if isinstance(exc, aiohttp.ServerDisconnectedError | ConnectionError):
        return "It closed the connection without an answer."
    return f"{type(exc).__name__}: {_reason(exc)}."


def _reason(exc: Exception) -> str:
    if isinstance(exc, ssl.SSLCertVerificationError):
        return str(exc.verify_message)
    return _one_line(str(exc)) or type(exc).__name__


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200].rstrip(".")
