"""Forms: reading what a browser sent, and refusing what another site made it send."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from bot.entrypoints.web.site import Site
from bot.workflows.subscribing.choices import Fields

MAX_BODY_BYTES = 32_768
MAX_FIELDS = 300
TOKEN_HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex", "Cache-Control": "no-store"}
"""Of pages whose address is a secret. Source: CONVENTIONS E54."""
_URLENCODED = "application/x-www-form-urlencoded"


async def read(request: Request) -> Fields:
    """Return the fields of a form; nothing where the body is no such form. Raises: HTTPException (413)."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise HTTPException(413)
    if request.headers.get("content-type", _URLENCODED).split(";")[0].strip().lower() != _URLENCODED:
        return {}
    try:
        found = parse_qs(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as exc:
        raise HTTPException(413) from exc
    return {name: [value.replace("\0", "") for value in values] for name, values in found.items()}


Sent = Annotated[Fields, Depends(read)]
"""The fields of the form that a request sends."""


def one(fields: Fields, name: str, otherwise: str = "") -> str:
    """Return the first value of a field."""
    return next(iter(fields.get(name, ())), otherwise)


def must_be_ours(request: Request, site: Site, *, also: Sequence[str] = (), has_token: bool = False) -> None:
    """
    Refuse a form that a page of neither ours nor *also* (origins) made the browser send.

    No cookie is needed for it, and programs that are no browsers send neither header. A page under
    `no-referrer` names no origin: there the token in the address is the proof (*has_token*).
    Source: CONVENTIONS E53, https://www.w3.org/TR/fetch-metadata/

    Raises: HTTPException (403).
    """
    origin = request.headers.get("origin", "").lower()
    kind = request.headers.get("sec-fetch-site", "")
    if origin in also:
        return
    if kind:
        is_ours = kind in ("same-origin", "none")
    else:
        hosts = {request.headers.get("host", "").lower(), urlsplit(site.bot.settings.base_url).netloc.lower()}
        is_ours = not origin or (origin == "null" and has_token) or _host_of(origin) in hosts
    if not is_ours:
        raise HTTPException(403)


def to(path: str) -> Response:
    """Lead the browser on to *path*, so that going back or reloading sends nothing again. Source: CONVENTIONS W12."""
    return RedirectResponse(path, status_code=303, headers=TOKEN_HEADERS)


def sealed(page: Response) -> Response:
    """Return *page* so that its address, which is a secret, goes nowhere else."""
    page.headers.update(TOKEN_HEADERS)
    return page


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
