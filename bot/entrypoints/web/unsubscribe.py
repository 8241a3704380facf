"""Leaving a list: GET shows a button, POST acts (RFC 8058 one-click included)."""

from fastapi import APIRouter, Request, Response

from bot.entrypoints.web.site import site_of
from bot.model.errors import NotFound

router = APIRouter()

PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@router.api_route("/unsubscribe/{token}", methods=["GET", "HEAD"])
def ask(request: Request, token: str) -> Response:
    """Show the button; nothing changes."""
    return _page(request, token, done=False)


@router.post("/unsubscribe/{token}")
def leave(request: Request, token: str) -> Response:
    """Never write to this person on this list again."""
    bot = site_of(request).bot
    bot.unsubscribe(token, now=bot.clock.now())
    return _page(request, token, done=True)


def _page(request: Request, token: str, *, done: bool) -> Response:
    site = site_of(request)
    list_id = site.bot.list_of_token(token)
    names = {mailing_list.id: mailing_list.name for mailing_list in site.bot.settings.recap.lists}
    if list_id not in names:
        raise NotFound("That list does not exist any more; no mail will come from it.")
    response = site.page(request, "web/unsubscribe.html.j2", done=done, list_name=names[list_id])
    response.headers.update(PRIVATE)
    return response
