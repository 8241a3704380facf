"""Browse between recaps: a page at a time of what was found, of a channel's week, of an audience's weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.compose import sections
from bot.model import hints
from bot.model.audience import Audience
from bot.model.digest import Card, Digest, DigestState
from bot.model.errors import NotFound
from bot.model.event import Dossier
from bot.model.recap import Recap
from bot.model.values import EventId, Language, RecapId, RouteId
from bot.workflows import keep_time, look_up, show_pages
from bot.workflows.pool import Desk

PER_PAGE = 6
"""Events of a page: what a message shows without scrolling far."""
MOST_HITS = 60
"""Of a search; nobody pages further."""

Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class Page(Generic[Shown]):
    """One page of what was found."""

    shown: Sequence[Shown]
    number: int
    """1 for the first."""
    pages: int
    total: int
    """On all pages."""


@dataclass(frozen=True, slots=True)
class WeekOfRoute:
    """A page of a week as one route gets it, or of all that routes show."""

    recap: Recap
    """Without its scored events."""
    page: Page[Card]


def page_of(found: Sequence[Shown], number: int) -> Page[Shown]:
    """Return page *number* of *found*; a page too far is the last."""
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(1, number), pages)
    return Page(found[(number - 1) * PER_PAGE : number * PER_PAGE], number, pages, len(found))


def search(words: str, *, desk: Desk, page: int) -> Page[Dossier]:
    """Return a page of the events whose articles hold all *words*, best first; only that page is loaded."""
    hits = desk.store.search_events(words, limit=MOST_HITS)
    return loaded(page_of([hit.event_id for hit in hits], page), desk=desk)


def loaded(page: Page[EventId], *, desk: Desk) -> Page[Dossier]:
    """Return *page* with its events in place of their ids, without texts."""
    return Page(desk.store.load_outlines(page.shown), page.number, page.pages, page.total)


def week(week_id: str, *, route: RouteId, desk: Desk, language: Language, page: int) -> WeekOfRoute:
    """
    Return a page of the week named *week_id* (empty: the latest recap's) as *route* gets it.

    An empty *route* gets what any route shows, best in *language*. Raises: NotFound.
    """
    recap, cards = cards_of_week(week_id, route=route, desk=desk, language=language)
    return WeekOfRoute(recap, page_of(cards, page))


def cards_of_week(week_id: str, *, route: RouteId, desk: Desk, language: Language) -> tuple[Recap, list[Card]]:
    """Return a week's recap (without its scored events) and all its cards as *route* gets it. Raises: NotFound."""
    recap = _recap(week_id, desk=desk)
    digests = desk.store.load_digests(recap.id)
    own = [digest for digest in digests if digest.route_id == route and digest.state != DigestState.REJECTED]
    return recap, _in_order(own[0]) if own else _of_all(recap.id, desk=desk, language=language)


def of_audience(audience: Audience, *, desk: Desk, language: Language, page: int) -> Page[Card]:
    """Return a page of what the last recaps told *audience*, newest week first, best first."""
    recaps = [head.id for head in desk.store.load_recap_heads() if not head.is_partial]
    weeks = show_pages.of_audience(audience.id, recaps, desk=desk, language=language)
    return page_of([card for cards in weeks.values() for card in cards], page)


def audience(words: str, *, desk: Desk) -> Audience:
    """Return the audience whose id or name (in any language) *words* are, or begin. Raises: NotFound."""
    said = " ".join(words.split()).casefold()
    named = {
        name.casefold(): each
        for each in desk.audiences
        for name in (each.id, each.name, *(names.get(each.id, "") for names in desk.card.audience_names_in.values()))
        if name
    }
    found = named.get(said) or next((each for name, each in named.items() if said and name.startswith(said)), None)
    if found is None:
        raise NotFound(f"'{words}' is not an audience{hints.nearest(said, (each.id for each in desk.audiences))}")
    return found


def _recap(week_id: str, *, desk: Desk) -> Recap:
    if not week_id:
        latest = keep_time.newest_whole(desk=desk)
        if latest is None:
            raise NotFound("No recap was built yet.")
        return latest
    wanted = desk.week(week_id).id
    found = next((head for head in desk.store.load_recap_heads() if head.id == wanted), None)
    if found is None:
        raise NotFound(f"No recap was built for {wanted}.")
    return found


def _of_all(recap: RecapId, *, desk: Desk, language: Language) -> list[Card]:
    return list(show_pages.week(look_up.edition(recap, desk=desk), desk=desk, language=language).cards)


def _in_order(digest: Digest) -> list[Card]:
    return list(sections.in_order(digest.cards, digest.sections))
