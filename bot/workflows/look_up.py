"""Look things up between recaps: events, cards, words, reasons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.compose import card as cards
from bot.compose import facts
from bot.compose import recap as recaps
from bot.compose.facts import EventFacts
from bot.model import hints
from bot.model.digest import Card, DigestState
from bot.model.errors import NotFound
from bot.model.event import Dossier
from bot.model.insight import Insight
from bot.model.recap import Recap, ScoredEvent
from bot.model.values import AudienceId, EventId, Language, RecapId, RouteId
from bot.model.week import Week
from bot.rank import memory
from bot.rank.feedback import Opinion
from bot.rank.learn import Learned
from bot.understand import related
from bot.workflows import build_recap, make_cards
from bot.workflows import pool as pools
from bot.workflows.build_recap import Edition
from bot.workflows.pool import Desk, Held, Pool

_UNSENT = {DigestState.REJECTED, DigestState.SKIPPED, DigestState.HELD}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an event is what and where it is."""

    dossier: Dossier
    scored: ScoredEvent | None
    rank: int | None
    """Place in its week, 1 for the first."""
    week: Week
    routes: tuple["Placing", ...]
    """By route, as in routes.yaml; none where it is not ranked."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Whether an event is in a route's digest, and why not."""

    route: RouteId
    place: int | None
    """1 for the first; null where the digest does not show it."""
    why_not: str = ""
    """Empty where it is shown."""


def events(week: Week, *, desk: Desk, now: datetime, audience: AudienceId | None = None) -> list[EventFacts]:
    """Return the events of *week*, best first; only those for *audience* where one is named. Raises: NotFound."""
    known = {each.id for each in desk.audiences}
    if audience is not None and audience not in known:
        raise NotFound(f"'{audience}' is not an audience of audiences.yaml{hints.nearest(audience, known)}")
    pool = _pool(week, desk=desk)
    insights = desk.store.load_insights(list(pool.dossiers))
    chosen = [pool.dossiers[scored.event_id] for scored in pool.scored if scored.event_id in pool.dossiers]
    scored_by_id = {scored.event_id: scored for scored in pool.scored}
    return [
        _facts(dossier, insights.get(dossier.event.id, []), scored_by_id[dossier.event.id], desk=desk, now=now)
        for dossier in chosen
        if audience is None or any(match.id == audience for match in dossier.event.audiences)
    ]


def event(event_id: EventId, *, desk: Desk, now: datetime) -> EventFacts:
    """Return one event as data; a merged event's id finds the one it became part of. Raises: NotFound."""
    dossier = dossier_of(event_id, desk=desk)
    insights = desk.store.load_insights([dossier.event.id]).get(dossier.event.id, [])
    return _facts(dossier, insights, _scored(dossier, desk=desk), desk=desk, now=now)


def search(
    words: str, *, desk: Desk, now: datetime, limit: int = 50, language: Language | None = None
) -> list[EventFacts]:
    """Return the events whose articles hold all *words*, best first; with insights in *language* if there are any."""
    hits = desk.store.search_events(words, limit=limit)
    dossiers = desk.store.load_outlines([hit.event_id for hit in hits])
    insights = desk.store.load_insights([dossier.event.id for dossier in dossiers])
    wanted = _in_language(insights, dossiers, language) if language else {}
    return [
        _facts(dossier, wanted.get(dossier.event.id) or insights.get(dossier.event.id, []), None, desk=desk, now=now)
        for dossier in dossiers
    ]


def explain(event_id: EventId, *, desk: Desk) -> Explanation:
    """Return what carried an event to its place. Raises: NotFound."""
    dossier = dossier_of(event_id, desk=desk)
    week = desk.week_of(dossier.event.first_published_at)
    pool = _pool(week, desk=desk, held=pools.load_held(week, desk=desk))
    ranked = {scored.event_id: (rank, scored) for rank, scored in enumerate(pool.scored, 1)}
    if dossier.event.id not in ranked:
        return Explanation(dossier, None, None, week, ())
    rank, scored = ranked[dossier.event.id]
    return Explanation(dossier, scored, rank, week, tuple(_placings(dossier.event.id, pool, week, desk=desk)))


def _placings(event: EventId, pool: Pool, week: Week, *, desk: Desk) -> Iterator[Placing]:
    """Yield what became of *event* by route: as its digest stands, or as it would be built now."""
    built = {digest.route_id: digest for digest in desk.store.load_digests(week.id)}
    for route, selection in build_recap.select_all(pool, desk.load_routes(), desk=desk).items():
        digest = built.get(route)
        chosen = [card.event_id for card in digest.cards] if digest else [each.event_id for each in selection.chosen]
        if digest and event in chosen and digest.state in _UNSENT:
            yield Placing(route, None, f"its digest is {digest.state}: {digest.state_reason}")
        elif event in chosen:
            yield Placing(route, chosen.index(event) + 1)
        else:
            why_not = pool.why_left_out(event, route) or selection.why_not(event)
            yield Placing(route, None, why_not or "chosen, but its digest stands without it: dropped, or grown since")


def card(event_id: EventId, *, desk: Desk, now: datetime, language: Language) -> Card:
    """
    Return the full card of an event, analysing it (extractively) where nobody has yet.

    Raises: NotFound.
    """
    dossier = dossier_of(event_id, desk=desk)
    week = desk.week_of(dossier.event.first_published_at)
    pool = _pool(week, desk=desk)
    recap = desk.store.load_recap(week.id) or _open_recap(week, pool, desk=desk, now=now)
    scored = {known.event_id: known for known in pool.scored}.get(dossier.event.id)
    earlier, thread = pool.thread_of(dossier), desk.store.load_thread(dossier.event.thread_id)
    standing = pool.standings.get(dossier.event.id)
    insight = insight_of(dossier, earlier=earlier, desk=desk, now=now, language=language)
    among = {other.event.id: other for other in (*pool.earlier, *pool.dossiers.values())}
    near = related.nearest([dossier], list(among.values()), vectors=pool.vectors, limit=make_cards.RELATED_EVENTS)
    return cards.of_event(
        dossier,
        insight,
        scored or ScoredEvent(event_id=dossier.event.id, score=0.0),
        recap=recap,
        is_hot=dossier.event.id in cards.hot_events(recap.events),
        related=[among[other] for other in near.get(dossier.event.id, [])],
        thread=thread,
        policy=desk.card,
        language=language,
        state=memory.by_now(dossier, thread),
        whats_new=None if standing is None else pool.memory.whats_new(dossier, standing, language=language),
    )


def dossier_of(event_id: EventId, *, desk: Desk) -> Dossier:
    """Return the event with its articles. Raises: NotFound."""
    found = desk.store.load_dossiers_by_id([event_id])
    if not found:
        raise NotFound(f"There is no event '{event_id}'; `recap events` lists them with their ids.")
    return found[0]


def _pool(week: Week, *, desk: Desk, held: Held | None = None) -> Pool:
    """Return the week's events; with the frozen scores where its recap was built."""
    recap = desk.store.load_recap(week.id)
    if recap is None:
        return pools.load(week, desk=desk, until=week.ends_at, held=held)
    # The frozen scores count: reading a year again for the few events that came late would make each page slow.
    pool = pools.load(week, desk=desk, until=week.ends_at, held=held, learned=Learned(), opinion=Opinion())
    frozen = [scored for scored in recap.events if scored.event_id in pool.dossiers]
    known = {scored.event_id for scored in frozen}
    late = [scored for scored in pool.scored if scored.event_id not in known]
    return replace(pool, scored=[*frozen, *late])


def _open_recap(week: Week, pool: Pool, *, desk: Desk, now: datetime) -> Recap:
    return recaps.of_week(week, pool.scored, pool.dossiers, policy=desk.recap, states={}, now=now, partial=False)


def _scored(dossier: Dossier, *, desk: Desk) -> ScoredEvent | None:
    week = desk.week_of(dossier.event.first_published_at)
    recap = desk.store.load_recap(week.id)
    frozen = {scored.event_id: scored for scored in recap.events} if recap else {}
    if dossier.event.id in frozen:
        return frozen[dossier.event.id]
    pool = _pool(week, desk=desk)
    return next((scored for scored in pool.scored if scored.event_id == dossier.event.id), None)


def insight_of(
    dossier: Dossier, *, earlier: Sequence[Dossier], desk: Desk, now: datetime, language: Language
) -> Insight:
    """Return the stored insight of just these articles in *language*, or make and store an extractive one."""
    if known := stored_insights([dossier], desk=desk, language=language):
        return known[dossier.event.id]
    made = make_cards.extracted(dossier, language=language, earlier=earlier, desk=desk, now=now)
    desk.store.save_insight(made)
    return made


def stored_insights(dossiers: Sequence[Dossier], *, desk: Desk, language: Language) -> dict[EventId, Insight]:
    """Return the newest stored insight of just these articles in *language*, by event, where there is one."""
    known = desk.store.load_insights([dossier.event.id for dossier in dossiers])
    return {event: insights[0] for event, insights in _in_language(known, dossiers, language).items()}


def _in_language(
    known: Mapping[EventId, Sequence[Insight]], dossiers: Sequence[Dossier], language: Language
) -> dict[EventId, list[Insight]]:
    """Return those of *known* that are of just these articles and in *language*, by events that have any."""
    found = {
        dossier.event.id: [
            insight
            for insight in known.get(dossier.event.id, ())
            if insight.content_hash == dossier.content_hash and insight.language == language
        ]
        for dossier in dossiers
    }
    return {event: insights for event, insights in found.items() if insights}


def _facts(
    dossier: Dossier, insights: Sequence[Insight], scored: ScoredEvent | None, *, desk: Desk, now: datetime
) -> EventFacts:
    return facts.of_event(
        dossier,
        insights[0] if insights else None,
        scored,
        url=cards.event_url(dossier.event, policy=desk.card),
        week=desk.week_of(dossier.event.first_published_at).id,
        policy=desk.card.freshness,
        now=now,
    )


def edition(recap_id: RecapId, *, desk: Desk) -> Edition:
    """Return a built edition. Raises: NotFound."""
    recap = desk.store.load_recap(recap_id)
    if recap is None:
        raise NotFound(f"No recap was built for {recap_id}; `recap build --week {recap_id[:8]}` builds one.")
    return Edition(recap, tuple(desk.store.load_digests(recap_id)), was_frozen=True)


def editions(*, desk: Desk) -> list[Edition]:
    """Return all built editions, newest first."""
    return [
        Edition(recap, tuple(desk.store.load_digests(recap.id)), was_frozen=True) for recap in desk.store.load_recaps()
    ]
