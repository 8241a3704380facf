"""Show what the web's pages need: a week with all its events, an event with its card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.compose import card as cards
from bot.compose import revise, sections
from bot.compose.revise import CardPart
from bot.model.digest import Card, CardCorrection, CardLine, CardLink, Digest, DigestState
from bot.model.event import Dossier, EventState
from bot.model.recap import Recap, ScoredEvent
from bot.model.values import AudienceId, EventId, Language, RecapId
from bot.rank import memory
from bot.workflows import errata, look_up, make_cards, open_week
from bot.workflows.build_recap import Edition
from bot.workflows.pool import Desk

LINES_PER_PAGE = 50
"""A busy week has thousands of events that no digest shows."""

AUDIENCE_WEEKS = 4


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event that no digest shows, in one line."""

    title: str
    url: str
    language: Language
    publisher: str
    publishers: int


@dataclass(frozen=True, slots=True)
class WeekPage:
    """One page of a week's events: the cards that digests show on the first, then one line for each of the others."""

    cards: tuple[Card, ...]
    lines: tuple[EventLine, ...]
    page: int
    """1 for the first."""
    pages: int
    headings: Mapping[EventId, str] = field(default_factory=dict)
    """Titles of sections by their first card; empty unless all digests shown have sections."""
    note: str = ""
    """The editor's, of a single digest."""
    beyond: tuple[EventLine, ...] = ()
    """Of a single digest: what there was outside its readers' choices."""
    corrections: tuple[CardLink, ...] = ()
    """Of a single digest: what an earlier one told its readers wrongly."""


def week(edition: Edition, *, desk: Desk, language: Language, page: int = 1) -> WeekPage:
    """Return one page of an edition for a reader of *language*, best events first; a page too far is the last."""
    shown = _cards(edition.digests, language=language)
    others = [scored.event_id for scored in edition.recap.events if scored.event_id not in shown]
    pages = max(1, -(-len(others) // LINES_PER_PAGE))
    page = min(max(1, page), pages)
    wanted = others[(page - 1) * LINES_PER_PAGE : page * LINES_PER_PAGE]
    lines = [_line(dossier, desk=desk) for dossier in desk.store.load_dossiers_by_id(wanted)]
    if page > 1:
        return WeekPage((), tuple(lines), page, pages)
    best_first = [shown[scored.event_id] for scored in edition.recap.events if scored.event_id in shown]
    merged = sections.merged(_shown(edition.digests, language=language), best_first)
    ordered = sections.in_order(best_first, merged)
    return WeekPage(tuple(ordered), tuple(lines), page, pages, sections.headings(merged, ordered))


def of_digest(digest: Digest) -> WeekPage:
    """Return the page of one digest, as its readers got it."""
    ordered = sections.in_order(digest.cards, digest.sections)
    return WeekPage(
        tuple(ordered),
        _lines(digest.also),
        1,
        1,
        sections.headings(digest.sections, ordered),
        note=digest.note,
        beyond=_lines(digest.beyond),
        corrections=tuple(digest.corrections),
    )


def _lines(links: Sequence[CardLink]) -> tuple[EventLine, ...]:
    return tuple(EventLine(link.title, link.url, link.language, link.publisher, 1) for link in links)


def of_audience(
    audience: AudienceId, recaps: Sequence[RecapId], *, desk: Desk, language: Language
) -> dict[RecapId, list[Card]]:
    """Return the cards for *audience* in the first four of *recaps*, best first; a recap without any is left out."""
    found = {}
    for recap in recaps[:AUDIENCE_WEEKS]:
        shown = _cards(desk.store.load_digests(recap), language=language).values()
        concerned = [card for card in shown if any(match.id == audience for match in card.audiences)]
        if concerned:
            found[recap] = sorted(concerned, key=lambda card: (-card.score, card.event_id))
    return found


def event(event_id: EventId, *, desk: Desk, now: datetime, language: Language) -> Card:
    """
    Return the full card of an event: the frozen one where a digest in *language* shows just these articles.

    Else it is made (extractively, where nobody has yet). Raises: NotFound.
    """
    dossier = look_up.dossier_of(event_id, desk=desk)
    recap = _last_recap(dossier, desk=desk)
    if recap is None:
        return open_week.card(dossier, desk=desk, now=now, language=language)
    digests = desk.store.load_digests(recap.id)
    thread = desk.store.load_thread(dossier.event.thread_id)
    scored = _scored(recap, dossier.event.id)
    frozen = _cards(digests, language=language, strictly=True).get(dossier.event.id)
    told = _corrections(recap, digests, dossier, desk=desk)
    if frozen is None or frozen.coverage.articles != len(dossier.articles):
        made = _made(dossier, recap, digests, thread=thread, scored=scored, desk=desk, now=now, language=language)
        edited = _edited(digests, dossier, language=language)
        return made.model_copy(update={"corrections": told, **edited})
    links = cards.related_links(dossier, related=[], thread=thread, recap=recap, policy=desk.card, language=language)
    others = [link for link in frozen.related if link.url not in {known.url for known in links}]
    state = memory.by_now(dossier, thread)
    facts = {
        "score": scored.score,
        "score_parts": scored.parts,
        "related": links + others,
        "state": frozen.state if state == EventState.NEW else state,
        "corrections": told,
    }
    return frozen.model_copy(update=facts)


def _last_recap(dossier: Dossier, *, desk: Desk) -> Recap | None:
    """Return the recap of the event's last week, if that tells it, else that of its first."""
    event = dossier.event
    last, first = (desk.week_of(at).id for at in (event.last_published_at, event.first_published_at))
    recap = desk.store.load_recap(last) if last != first else None
    if recap and any(scored.event_id == event.id for scored in recap.events):
        return recap
    return desk.store.load_recap(first)


def _made(
    dossier: Dossier,
    recap: Recap,
    digests: Sequence[Digest],
    *,
    thread: Sequence[Dossier],
    scored: ScoredEvent,
    desk: Desk,
    now: datetime,
    language: Language,
) -> Card:
    # Nearby events are looked for among those that the week's digests show: a page must not read eight whole weeks.
    shown = [card.event_id for digest in digests for card in digest.cards]
    among = desk.store.load_dossiers_by_id(list(dict.fromkeys(shown)))
    earlier = [other for other in thread if other.event.first_published_at < dossier.event.first_published_at]
    return cards.of_event(
        dossier,
        look_up.insight_of(dossier, earlier=earlier, desk=desk, now=now, language=language),
        scored,
        recap=recap,
        is_hot=dossier.event.id in cards.hot_events(recap.events),
        related=make_cards.nearest(dossier, among, desk=desk),
        thread=thread,
        policy=desk.card,
        language=language,
        state=memory.by_now(dossier, thread),
    )


def _cards(digests: Sequence[Digest], *, language: Language, strictly: bool = False) -> dict[EventId, Card]:
    """Return a card per event that digests in *language* show, else, unless *strictly*, those of any language."""
    chosen = _shown(digests, language=language, strictly=strictly)
    return {card.event_id: card for digest in reversed(chosen) for card in digest.cards}


def _corrections(recap: Recap, digests: Sequence[Digest], dossier: Dossier, *, desk: Desk) -> list[CardCorrection]:
    """Return what was corrected of an event, or of one merged into it: each correction once, oldest first."""
    made = errata.of_recap(recap.id, desk=desk)
    ids = dict.fromkeys([dossier.event.id, *(card.event_id for card in _told(digests, dossier))])
    told = [each for event_id in ids for each in made.get(event_id, [])]
    return sorted({each.text: each for each in reversed(told)}.values(), key=lambda each: each.at)


def _edited(digests: Sequence[Digest], dossier: Dossier, *, language: Language) -> dict[str, CardLine]:
    """Return the lines that an editor wrote into an event's sent cards in *language*: they outlive new articles."""
    sent = [digest for digest in digests if digest.state is DigestState.READY and digest.language == language]
    told = [(part, revise.line_of(card, part)) for card in reversed(_told(sent, dossier)) for part in CardPart]
    return {part.value: line for part, line in told if line is not None and line.label == "editor"}


def _told(digests: Sequence[Digest], dossier: Dossier) -> list[Card]:
    """Return the cards of an event, and after them those of events merged into it: what was told of its articles."""
    addresses = {url for article in dossier.articles for url in (article.url, article.canonical_url)}
    shown = [card for digest in digests for card in digest.cards]
    own = [card for card in shown if card.event_id == dossier.event.id]
    others = [card for card in shown if card.event_id != dossier.event.id]
    return [*own, *(card for card in others if any(link.url in addresses for link in card.originals[:1]))]


def _shown(digests: Sequence[Digest], *, language: Language, strictly: bool = False) -> list[Digest]:
    kept = [digest for digest in digests if digest.state != DigestState.REJECTED]
    own = [digest for digest in kept if digest.language == language]
    return sorted(own if own or strictly else kept, key=lambda digest: digest.state != DigestState.READY)


def _scored(recap: Recap, event_id: EventId) -> ScoredEvent:
    known = (scored for scored in recap.events if scored.event_id == event_id)
    return next(known, ScoredEvent(event_id=event_id, score=0.0))


def _line(dossier: Dossier, *, desk: Desk) -> EventLine:
    event = dossier.event
    url = cards.event_url(event, policy=desk.card)
    return EventLine(event.title, url, event.language, dossier.publishers[0], len(dossier.publishers))
