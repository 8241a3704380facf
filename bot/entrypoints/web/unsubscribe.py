"""Leaving a list: GET shows a button, POST acts (RFC 8058 one-click included)."""

from fastapi import APIRouter, Request, Response

from bot.entrypoints.web.site import site_of
from bot.model.errors import NotFound

router = APIRouter()

PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@router.api_route("/unsubscribe/{token}", methods=["GET", "HEAD"])
def ask(request: Request, token: str) -> Response:
    """Show the button; nothing changes."""
    return _page(request, token, act=False)


@router.post("/unsubscribe/{token}")
def leave(request: Request, token: str) -> Response:
    """Leave; whatever the body holds, for mail programs and our button send the same. Source: RFC 8058, 3.2."""
    return _page(request, token, act=True)


def _page(request: Request, token: str, *, act: bool) -> Response:
    site = site_of(request)
    names = {mailing_list.id: mailing_list.name for mailing_list in site.bot.settings.recap.lists}
    try:
        list_id = site.bot.list_of_token(token)
        if act:
            site.bot.unsubscribe(token, now=site.bot.clock.now())
    except NotFound:
        response = site.message(request, 404, reason="unsubscribe")
    else:
        # A list that was given up since keeps its id: whoever wants to leave it still can.
        name = names.get(list_id, list_id)
        response = site.private(request, "web/unsubscribe.html.j2", done=act, list_name=name)
    response.headers.update(PRIVATE)
    return response
