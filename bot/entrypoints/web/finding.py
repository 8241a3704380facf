"""Pages for finding things: search, an audience's events, the sources and their health."""

from fastapi import APIRouter, Request, Response

from bot.entrypoints.web.site import site_of
from bot.model.errors import NotFound
from bot.workflows import look_up, show_pages

router = APIRouter()

MAX_QUERY_CHARS = 200
MAX_HITS = 50


@router.api_route("/search", methods=["GET", "HEAD"])
def search(request: Request, q: str = "") -> Response:
    """Show the form, and the events whose articles hold all the words asked for."""
    site = site_of(request)
    words = " ".join(q.replace("\0", " ").split())[:MAX_QUERY_CHARS]
    desk, now = site.bot.desk, site.bot.clock.now()
    language = site.language(request)
    hits = look_up.search(words, desk=desk, now=now, limit=MAX_HITS, language=language) if words else []
    return site.page(request, "web/search.html.j2", words=words, hits=hits)


@router.api_route("/a/{audience}", methods=["GET", "HEAD"])
def audience(request: Request, audience: str) -> Response:
    """Show what the latest recaps told one audience."""
    site = site_of(request)
    desk, language = site.bot.desk, site.language(request)
    asked = next((known for known in desk.audiences if known.id == audience), None)
    if asked is None:
        raise NotFound(f"'{audience}' is not an audience.")
    heads = [recap for recap in site.bot.store.load_recap_heads() if not recap.is_partial]

    def values() -> dict[str, object]:
        weeks = show_pages.of_audience(asked.id, [head.id for head in heads], desk=desk, language=language)
        return {"audience": asked, "audiences": desk.audiences, "weeks": weeks}

    return site.kept(request, "web/audience.html.j2", values, version=heads[0].id if heads else "")


@router.api_route("/sources", methods=["GET", "HEAD"])
def sources(request: Request) -> Response:
    """Show what is read, and how each source does."""
    site = site_of(request)
    states = site.bot.store.load_source_states()
    return site.page(request, "web/sources.html.j2", sources=site.bot.settings.sources, states=states)
