"""Leaving a list: GET shows a button, POST acts (RFC 8058 one-click included)."""

from fastapi import APIRouter, Request, Response

from bot.entrypoints.web import forms
from bot.entrypoints.web.forms import Sent
from bot.entrypoints.web.site import site_of
from bot.model.errors import NotFound

router = APIRouter()


@router.api_route("/unsubscribe/{token}", methods=["GET", "HEAD"])
def ask(request: Request, token: str) -> Response:
    """Show the button; nothing changes."""
    return _page(request, token, act=False)


@router.post("/unsubscribe/{token}")
def leave(request: Request, token: str, sent: Sent) -> Response:
    """
    Leave; whatever the body holds, for mail programs and our button send the same.

    No Origin is asked for and nobody is led elsewhere. Source: RFC 8058, 3.2.
    """
    return _page(request, token, act=True, reason=forms.one(sent, "reason"))


def _page(request: Request, token: str, *, act: bool, reason: str = "") -> Response:
    site = site_of(request)
    people = site.bot.people
    try:
        # A list that was given up since keeps its id: whoever wants to leave it still can.
        name = people.list_of_token(token).name
        if act:
            people.unsubscribe(token, now=site.bot.clock.now(), reason=reason)
    except NotFound:
        return forms.sealed(site.message(request, 404, reason="unsubscribe"))
    page = site.private(request, "web/unsubscribe.html.j2", done=act, list_name=name, has_reason=bool(reason.strip()))
    return forms.sealed(page)
