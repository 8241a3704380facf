"""Reports of mail providers: /webhooks/email/{provider} takes what its provider signed, once."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from bot.entrypoints.web.site import site_of
from bot.model.errors import NotAllowed, NotFound
from bot.wiring.returns import ReportForged, ReportUnreadable

log = structlog.get_logger(__name__)

router = APIRouter()

MAX_BODY_BYTES = 1_000_000
"""Reports carry no mail, so they stay far under it."""
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


async def raw_body(request: Request) -> bytes | None:
    """Return the body as it came: the signature is over these bytes. Null where it is too long for a report."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            return None
    return body


@router.post("/webhooks/email/{provider}")
def take(request: Request, provider: str, body: Annotated[bytes | None, Depends(raw_body)]) -> Response:
    """
    Take a report: 200 taken or of no concern, 400 unreadable, 401 not signed, 406 seen before, 413 too long.

    A 503, where the database cannot be written, makes the provider try again.
    """
    bot = site_of(request).bot
    if body is None:
        return _answer(413, "too long for a report")
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        outcome = bot.returns.take_report(provider, body, headers, now=bot.clock.now())
    except ReportForged as exc:
        log.warning("webhook.refused", provider=provider, reason=str(exc))
        return _answer(401, str(exc))
    except ReportUnreadable as exc:
        log.warning("webhook.unreadable", provider=provider, reason=str(exc))
        return _answer(400, str(exc))
    except NotAllowed as exc:
        return _answer(406, str(exc))
    except NotFound as exc:
        return _answer(404, str(exc))
    return _answer(200, outcome.verdict)


def _answer(status: int, said: str) -> Response:
    return JSONResponse({"said": said}, status, headers=_PRIVATE)
