"""Pages: the latest recap, a week, an event."""

import re
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from bot.compose import card as cards
from bot.entrypoints.web.site import Site, site_of
from bot.model.digest import DigestState
from bot.model.errors import NotFound
from bot.model.recap import Recap
from bot.model.values import EventId
from bot.workflows import look_up, show_pages

router = APIRouter()

_DIGEST_KEY = re.compile(r"[0-9a-f]{32}", re.ASCII)
_EVENT_ID = re.compile(r"[A-Za-z0-9_]{1,40}", re.ASCII)


@router.api_route("/", methods=["GET", "HEAD"])
def latest(request: Request) -> Response:
    """Show the latest recap."""
    site = site_of(request)
    heads = _heads(site)
    if not heads:
        return site.message(request, 200, reason="no_recap")
    return _week(request, heads[0], heads)


@router.api_route("/w/{week}", methods=["GET", "HEAD"])
def week(request: Request, week: str) -> Response:
    """Show a week's recap."""
    site = site_of(request)
    named = site.bot.desk.week(week)
    if named.id != week:
        return _moved(request, f"{site.root}/w/{named.id}")
    heads = _heads(site)
    head = next((head for head in heads if head.id == named.id), None)
    if head is None:
        return site.message(request, 404, reason="no_such_week")
    return _week(request, head, heads)


@router.api_route("/d/{key}", methods=["GET", "HEAD"])
def digest(request: Request, key: str) -> Response:
    """Show a digest as its readers got it by mail; a page for each, which nobody needs to find by searching."""
    site = site_of(request)
    found = site.bot.store.load_digest(key) if _DIGEST_KEY.fullmatch(key) else None
    if found is None or found.state is not DigestState.READY:
        return site.message(request, 404)
    recap = site.bot.store.load_recap(found.recap_id)
    shown = show_pages.of_digest(found)
    values: dict[str, object] = {"recap": recap, "week": shown, "previous_week": None, "next_week": None}
    page = site.kept(request, "web/recap.html.j2", lambda: values, version=key)
    page.headers["X-Robots-Tag"] = "noindex"
    return page


@router.api_route("/e/{reference}", methods=["GET", "HEAD"])
def event(request: Request, reference: str) -> Response:
    """Show an event's card; an old or misspelt address leads to the right one."""
    site = site_of(request)
    dossier = look_up.dossier_of(event_id(reference), desk=site.bot.desk)
    path = urlsplit(cards.event_url(dossier.event, policy=site.bot.desk.card)).path
    if path != f"{site.root}/e/{reference}":
        return _moved(request, path)
    desk, now, language = site.bot.desk, site.bot.clock.now(), site.language(request)
    return site.kept(
        request,
        "web/event.html.j2",
        lambda: {"card": show_pages.event(dossier.event.id, desk=desk, now=now, language=language)},
        version=dossier.content_hash,
    )


def _week(request: Request, head: Recap, heads: list[Recap]) -> Response:
    site = site_of(request)
    desk, language = site.bot.desk, site.language(request)
    page = _number(request.query_params.get("page", "1"))
    known = [other.week for other in heads]
    place = known.index(head.week)

    def values() -> dict[str, object]:
        edition = look_up.edition(head.id, desk=desk)
        return {
            "recap": head,
            "week": show_pages.week(edition, desk=desk, language=language, page=page),
            "previous_week": known[place + 1] if place + 1 < len(known) else None,
            "next_week": known[place - 1] if place else None,
        }

    return site.kept(request, "web/recap.html.j2", values, version=head.id)


def _heads(site: Site) -> list[Recap]:
    return [recap for recap in site.bot.store.load_recap_heads() if not recap.is_partial]


def event_id(reference: str) -> EventId:
    """Return the id at the head of an event's address. Raises: NotFound where it cannot be one."""
    found = reference.split("-", maxsplit=1)[0]
    if not _EVENT_ID.fullmatch(found):
        raise NotFound(f"'{found}' is not the id of an event.")
    return found


def _moved(request: Request, path: str) -> Response:
    query = request.scope["query_string"].decode("latin-1")
    return RedirectResponse(f"{path}?{query}" if query else path, status_code=301)


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 1
