"""The outbox, as its readers would see it; only for this machine."""

from ipaddress import ip_address
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from bot.entrypoints.web.headers import MAIL_CSP
from bot.entrypoints.web.site import site_of
from bot.model.errors import NotFound
from bot.wiring import Bot
from bot.workflows import show_outbox

router = APIRouter()


@router.get("/outbox")
def index(request: Request) -> Response:
    """Show every message in the outbox."""
    _must_be_local(request)
    site = site_of(request)
    values = _values(site.bot)
    response = site.page(request, "web/outbox.html.j2", **values)  # type: ignore[arg-type]  # none is called `code`
    response.headers["Cache-Control"] = "no-store"
    return response


@router.get("/outbox/mail/{path:path}")
def mail(request: Request, path: str) -> Response:
    """Return the HTML part of one mail, for a frame."""
    _must_be_local(request)
    for item in site_of(request).bot.outbox.messages():
        if item.path == path and isinstance(item.payload, bytes):
            shown = show_outbox.mail_of(item.payload, recipient=item.recipient, route=item.route)
            return Response(shown.html, media_type="text/html", headers={"Content-Security-Policy": MAIL_CSP})
    raise NotFound("That mail is not in the outbox.")


def _values(bot: Bot) -> dict[str, object]:
    return bot.outbox_page(mail_url=lambda path: f"/outbox/mail/{quote(path)}")


def _must_be_local(request: Request) -> None:
    host = request.client.host if request.client else ""
    try:
        is_local = ip_address(host).is_loopback
    except ValueError:
        is_local = False
    if not is_local or "x-forwarded-for" in request.headers:
        raise NotFound("")
