"""The outbox, as its readers would see it; only for this machine."""

from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Request, Response

from bot.entrypoints.web.headers import MAIL_CSP
from bot.entrypoints.web.site import HTML, site_of
from bot.model.errors import NotFound
from bot.workflows import show_outbox

router = APIRouter()

PROXIES = ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded", "via")
"""Headers that say: somebody else asks through this machine."""


@router.api_route("/outbox", methods=["GET", "HEAD"])
def index(request: Request) -> Response:
    """Show every message in the outbox."""
    _must_be_local(request)
    site = site_of(request)
    weeks = site.bot.outbox_weeks(mail_url=lambda path: f"/outbox/mail/{quote(path)}")
    return site.private(request, "web/outbox.html.j2", weeks=weeks)


@router.api_route("/outbox/mail/{path:path}", methods=["GET", "HEAD"])
def mail(request: Request, path: str) -> Response:
    """Return the HTML part of one mail, for a frame."""
    _must_be_local(request)
    for item in site_of(request).bot.outbox.messages():
        if item.path == path and isinstance(item.payload, bytes):
            shown = show_outbox.mail_of(item.payload, recipient=item.recipient, route=item.route)
            headers = {"Content-Security-Policy": MAIL_CSP, "Cache-Control": "no-store"}
            return Response(shown.html, media_type=HTML, headers=headers)
    raise NotFound("That mail is not in the outbox.")


def _must_be_local(request: Request) -> None:
    """
    Refuse whoever is not on this machine, as if there were no outbox.

    The name asked for must be this machine's, too: another site's name may be made to lead here (DNS rebinding).
    """
    client = request.client.host if request.client else ""
    own = urlsplit(site_of(request).bot.settings.base_url).hostname or ""
    asked = _host_of(request.headers.get("host", ""))
    is_ours = asked in ("localhost", own) or _is_loopback(asked)
    if not _is_loopback(client) or not is_ours or any(name in request.headers for name in PROXIES):
        raise NotFound("There is no such page.")


def _host_of(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
