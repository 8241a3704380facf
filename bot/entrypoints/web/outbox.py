"""The outbox, as its readers would see it; only for this machine."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address

from fastapi import APIRouter, Request, Response

from bot.entrypoints.web.headers import MAIL_CSP
from bot.entrypoints.web.site import site_of
from bot.model.errors import NotFound

router = APIRouter()


@router.get("/outbox")
def index(request: Request) -> Response:
    """Show every message in the outbox."""
    _must_be_local(request)
    site = site_of(request)
    response = site.page(request, "web/outbox.html.j2", **site.bot.outbox_view(mail_url="/outbox/mail/{path}"))
    response.headers["Cache-Control"] = "no-store"
    return response


@router.get("/outbox/mail/{path:path}")
def mail(request: Request, path: str) -> Response:
    """Return the HTML part of one mail, for a frame."""
    _must_be_local(request)
    for item in site_of(request).bot.outbox.messages():
        if item.path == path and isinstance(item.payload, bytes):
            parsed = message_from_bytes(item.payload, EmailMessage, policy=policy.default)
            part = parsed.get_body(("html",))
            html = str(part.get_content()) if part is not None else ""
            return Response(html, media_type="text/html", headers={"Content-Security-Policy": MAIL_CSP})
    raise NotFound("That mail is not in the outbox.")


def _must_be_local(request: Request) -> None:
    host = request.client.host if request.client else ""
    try:
        is_local = ip_address(host).is_loopback
    except ValueError:
        is_local = False
    if not is_local or "x-forwarded-for" in request.headers:
        raise NotFound("")
