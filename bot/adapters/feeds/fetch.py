"""Makes one conditional GET: redirects, statuses and what a server asks of us."""

import http
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import aiohttp
from yarl import URL

from bot.adapters.feeds import body
from bot.adapters.feeds.guard import Guard
from bot.model.errors import SourceGone, SourceUnavailable
from bot.model.policy import CollectPolicy
from bot.model.source import FetchedDocument, FetchRequest

_PERMANENT = frozenset({301, 308})
_REDIRECTS = _PERMANENT | {302, 303, 307}
_LONGEST_WAIT_S = 30 * 86400.0


async def document(
    session: aiohttp.ClientSession, request: FetchRequest, *, guard: Guard, policy: CollectPolicy
) -> FetchedDocument:
    """
    Return what *request* brings, redirects followed, each hop checked by *guard*.

    Raises: SourceError, AddressRefused, BodyRefused, BodyBroken, aiohttp.ClientError, OSError, ValueError.
    """
    started = time.monotonic()
    url, is_permanent = URL(request.url), True
    for _ in range(policy.max_redirects + 1):
        guard.check_url(url)
        async with session.get(url, headers=_conditions(request), allow_redirects=False) as response:
            if response.status in _REDIRECTS:
                is_permanent = is_permanent and response.status in _PERMANENT
                url = _target(request, response)
                continue
            moved_to = str(url) if is_permanent and str(url) != str(URL(request.url)) else None
            took_ms = int((time.monotonic() - started) * 1000)
            return await _answer(request, response, moved_to=moved_to, policy=policy, took_ms=took_ms)
    raise SourceUnavailable(request.source, f"It redirects more than {policy.max_redirects} times.")


def _conditions(request: FetchRequest) -> dict[str, str]:
    # Both, exactly as they were sent to us. Source: CONVENTIONS F2
    given = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value for name, value in given.items() if value}


def _target(request: FetchRequest, response: aiohttp.ClientResponse) -> URL:
    location = response.headers.get("Location", "").strip()
    if not location:
        raise SourceUnavailable(request.source, f"It answered {response.status} without saying where to go.")
    try:
        return response.url.join(URL(location)).with_fragment(None)
    except ValueError as exc:
        raise SourceUnavailable(request.source, "It redirects to an address that cannot be read.") from exc


async def _answer(
    request: FetchRequest,
    response: aiohttp.ClientResponse,
    *,
    moved_to: str | None,
    policy: CollectPolicy,
    took_ms: int,
) -> FetchedDocument:
    headers = response.headers
    is_not_modified = response.status == http.HTTPStatus.NOT_MODIFIED and bool(_conditions(request))
    if not is_not_modified and not 200 <= response.status < 300:
        raise _error(request, response.status, headers)
    return FetchedDocument(
        source=request.source,
        url=str(response.url),
        body=b"" if is_not_modified else await body.read(response, max_bytes=policy.max_body_bytes),
        content_type=headers.get("Content-Type", ""),
        etag=headers.get("ETag") or (request.etag if is_not_modified else None),
        last_modified=headers.get("Last-Modified") or (request.last_modified if is_not_modified else None),
        moved_to=moved_to,
        max_age_s=_max_age_s(headers),
        not_modified=is_not_modified,
        took_ms=took_ms,
    )


def _error(request: FetchRequest, status: int, headers: Mapping[str, str]) -> SourceUnavailable | SourceGone:
    try:
        phrase = f" ({http.HTTPStatus(status).phrase})"
    except ValueError:
        phrase = ""
    if status == http.HTTPStatus.GONE:
        return SourceGone(request.source, f"It answered {status}{phrase}.", status=status)
    return SourceUnavailable(
        request.source, f"It answered {status}{phrase}.", retry_after_s=_retry_after_s(headers), status=status
    )


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Read Retry-After, in seconds or as a date. Source: RFC 9110 section 10.2.3."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _LONGEST_WAIT_S)
    wait_s = _seconds_from_now(text, headers)
    return None if wait_s is None else min(max(wait_s, 0.0), _LONGEST_WAIT_S)


def _max_age_s(headers: Mapping[str, str]) -> float | None:
    control = headers.get("Cache-Control", "").lower()
    found = re.search(r"\bmax-age\s*=\s*\"?(\d{1,9})", control)
    if found:
        return float(found[1])
    if "no-cache" in control or "no-store" in control:
        return None
    wait_s = _seconds_from_now(headers.get("Expires", ""), headers)
    return wait_s if wait_s and wait_s > 0 else None


def _seconds_from_now(date: str, headers: Mapping[str, str]) -> float | None:
    """Measure by the server's own clock where it sends one: ours and its may differ."""
    until = _timestamp(date)
    if until is None:
        return None
    return until - (_timestamp(headers.get("Date", "")) or time.time())


def _timestamp(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except (ValueError, OverflowError):
        return None
