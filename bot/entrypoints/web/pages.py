"""Pages: the latest recap, a week, an event, the stylesheet."""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.compose import card as cards
from bot.entrypoints.web.site import cached, site_of
from bot.model.digest import Card
from bot.model.errors import NotFound
from bot.settings import templates_directory
from bot.workflows import look_up
from bot.workflows.build_recap import Edition

router = APIRouter()


@router.api_route("/", methods=["GET", "HEAD"])
def latest(request: Request) -> Response:
    """Show the latest recap."""
    site = site_of(request)
    recaps = [recap for recap in site.bot.store.load_recaps() if not recap.is_partial]
    if not recaps:
        title = "No recap was built yet"
        return site.message(request, title, detail="`recap run` builds the first one.", status=200)
    return _recap(request, look_up.edition(recaps[0].id, desk=site.bot.desk))


@router.api_route("/w/{week}", methods=["GET", "HEAD"])
def week(request: Request, week: str) -> Response:
    """Show a week's recap."""
    desk = site_of(request).bot.desk
    named = desk.week(week)
    if named.id != week:
        return RedirectResponse(f"/w/{named.id}", status_code=301)
    return _recap(request, look_up.edition(named.id, desk=desk))


@router.api_route("/e/{reference}", methods=["GET", "HEAD"])
def event(request: Request, reference: str) -> Response:
    """Show an event's card; an old or misspelt address leads to the right one."""
    site = site_of(request)
    dossier = look_up.dossier_of(reference.split("-", maxsplit=1)[0], desk=site.bot.desk)
    path = urlsplit(cards.event_url(dossier.event, policy=site.bot.desk.card)).path
    if path != f"/e/{reference}":
        return RedirectResponse(path, status_code=301)
    language = site.language(request)
    card = look_up.card(dossier.event.id, desk=site.bot.desk, now=site.bot.clock.now(), language=language)
    return site.page(request, "web/event.html.j2", card=card)


@router.api_route("/static/recap.css", methods=["GET", "HEAD"])
def stylesheet(request: Request) -> Response:
    """Return the stylesheet."""
    body = (templates_directory() / "web" / "static" / "recap.css").read_bytes()
    return cached(request, body, "text/css; charset=utf-8", seconds=3600)


@router.get("/robots.txt")
def robots(request: Request) -> Response:
    """Say what crawlers may read."""
    return cached(request, b"User-agent: *\nDisallow: /outbox\nDisallow: /unsubscribe/\n", "text/plain; charset=utf-8")


def _recap(request: Request, edition: Edition) -> Response:
    site = site_of(request)
    week = site.bot.desk.week(edition.recap.week)
    known = {other.week for other in site.bot.store.load_recaps() if not other.is_partial}
    return site.page(
        request,
        "web/recap.html.j2",
        recap=edition.recap,
        cards=_cards(edition),
        previous_week=week.previous.id if week.previous.id in known else None,
        next_week=week.next.id if week.next.id in known else None,
    )


def _cards(edition: Edition) -> list[Card]:
    """Return each card that some digest shows once, best event first."""
    shown = {card.event_id: card for digest in reversed(edition.digests) for card in digest.cards}
    if not shown and edition.recap.events:
        raise NotFound(f"Recap {edition.recap.id} shows no events.")
    return [shown[scored.event_id] for scored in edition.recap.events if scored.event_id in shown]
