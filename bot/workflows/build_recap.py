"""Build a week's edition: eligible events, scores, insights, cards, digests; then freeze it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.analyze import extract
from bot.compose import card as cards
from bot.compose import digest as digests
from bot.compose import recap as recaps
from bot.model.article import Article
from bot.model.audience import Audience
from bot.model.digest import Card, Digest, Route
from bot.model.errors import AnalysisError
from bot.model.event import Dossier
from bot.model.insight import Insight, insight_key
from bot.model.policy import CardPolicy, MailingList, Playbook, RankPolicy, RecapPolicy
from bot.model.recap import Recap, ScoredEvent
from bot.model.source import Source
from bot.model.values import ArticleId, EventId, Language, SourceSlug
from bot.model.week import Week
from bot.ports import Analyst, Renderer, Store, Vector
from bot.rank import score, select
from bot.understand import related

log = structlog.get_logger(__name__)

MAX_AGE_AT_COLLECTION = timedelta(days=14)
"""What was dated longer than this before we collected it is a backlog, not news (DESIGN.md section 6)."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that building an edition needs besides the week and the time."""

    store: Store
    analyst: Analyst
    renderer: Renderer
    sources: Mapping[SourceSlug, Source]
    audiences: Sequence[Audience]
    routes: Sequence[Route]
    playbook: Playbook
    ranking: RankPolicy
    recap: RecapPolicy
    card: CardPolicy
    embedder: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """A recap with its digests."""

    recap: Recap
    digests: tuple[Digest, ...]
    was_frozen: bool
    """It had been built before and was left as it is."""


@dataclass(frozen=True, slots=True)
class _Pool:
    """The week's events and what is known about the weeks before."""

    dossiers: Mapping[EventId, Dossier]
    scored: Sequence[ScoredEvent]
    recapped: frozenset[EventId]
    earlier: Sequence[Dossier]
    vectors: Mapping[ArticleId, Vector]


def build(
    week: Week, *, desk: Desk, now: datetime, partial: bool = False, on_progress: Callable[[str], None] = lambda _: None
) -> Edition:
    """
    Return the edition of *week*, building it unless it is frozen already.

    A partial edition covers the open week up to *now* and has an id of its own.
    """
    draft = recaps.of_week(week, [], {}, policy=desk.recap, states={}, now=now, partial=partial)
    if frozen := desk.store.load_recap(draft.id):
        return Edition(frozen, tuple(desk.store.load_digests(frozen.id)), was_frozen=True)
    pool = _pool(week, desk=desk, now=now, partial=partial)
    on_progress(f"{len(pool.dossiers)} events in {week.id}")
    states = desk.store.load_source_states()
    recap = recaps.of_week(week, pool.scored, pool.dossiers, policy=desk.recap, states=states, now=now, partial=partial)
    insights = _insights(pool, desk=desk, now=now, on_progress=on_progress)
    built = _digests(recap, pool, insights, desk=desk, now=now)
    desk.store.save_edition(recap, built, list(insights.values()))
    log.info("recap.built", recap=recap.id, events=len(recap.events), digests=len(built), insights=len(insights))
    return Edition(recap, tuple(desk.store.load_digests(recap.id)), was_frozen=False)


def eligible(article: Article, week: Week, *, previous_built_at: datetime | None, until: datetime) -> bool:
    """
    Return whether *article* counts for *week*, as far as *until*.

    It was published in the week (or collected in it, undated), or in the week before but
    collected after that week's recap was built (*previous_built_at*). Backlogs never count.
    """
    if article.collected_at - article.dated_at > MAX_AGE_AT_COLLECTION:
        return False
    if week.starts_at <= article.dated_at < until:
        return True
    was_missed = previous_built_at is not None and article.collected_at > previous_built_at
    return week.previous.holds(article.dated_at) and was_missed


def _pool(week: Week, *, desk: Desk, now: datetime, partial: bool) -> _Pool:
    until = min(now, week.ends_at) if partial else week.ends_at
    before = desk.store.load_recap(week.previous.id)
    built_at = before.built_at if before else None
    loaded = desk.store.load_dossiers(since=week.previous.starts_at, until=until)
    week_only = {
        dossier.event.id: told
        for dossier in loaded
        if any(eligible(article, week, previous_built_at=built_at, until=until) for article in dossier.articles)
        and (told := _as_of(dossier, until=until)).articles
    }
    earlier = desk.store.load_dossiers(
        since=week.starts_at - timedelta(weeks=desk.recap.related_weeks), until=week.starts_at
    )
    earlier = [dossier for dossier in earlier if dossier.event.id not in week_only]
    recapped = desk.store.load_recapped(before=week.starts_at)
    scored = score.events(
        list(week_only.values()),
        sources=desk.sources,
        policy=desk.ranking,
        at=until,
        recapped=recapped,
        earlier_threads=frozenset(dossier.event.thread_id for dossier in earlier),
    )
    vectors = _vectors([*week_only.values(), *earlier], desk=desk)
    return _Pool(week_only, scored, recapped, earlier, vectors)


def _as_of(dossier: Dossier, *, until: datetime) -> Dossier:
    told = tuple(article for article in dossier.articles if article.dated_at < until)
    return Dossier(dossier.event, told, dossier.memberships)


def _vectors(dossiers: Iterable[Dossier], *, desk: Desk) -> dict[ArticleId, Vector]:
    if not desk.embedder:
        return {}
    ids = [article.id for dossier in dossiers for article in dossier.articles]
    return desk.store.load_vectors(ids, embedder=desk.embedder)


def _shortlist(pool: _Pool, route: Route, *, desk: Desk, limit: int) -> list[ScoredEvent]:
    return select.shortlist(pool.scored, pool.dossiers, route, policy=desk.ranking, limit=limit, recapped=pool.recapped)


def _insights(
    pool: _Pool, *, desk: Desk, now: datetime, on_progress: Callable[[str], None]
) -> dict[tuple[EventId, Language], Insight]:
    """Analyse the union of all routes' shortlists, each event once per language."""
    wanted: dict[tuple[EventId, Language], None] = {}
    for route in desk.routes:
        limit = round(route.max_events * desk.recap.shortlist_factor)
        for scored in _shortlist(pool, route, desk=desk, limit=limit):
            wanted[scored.event_id, route.language] = None
    known = desk.store.load_insights([event for event, _ in wanted])
    made = {}
    for done, (event, language) in enumerate(wanted, 1):
        dossier = pool.dossiers[event]
        earlier = _thread(dossier, pool.earlier)
        made[event, language] = insight_of(
            dossier, known.get(event, []), language=language, earlier=earlier, desk=desk, now=now
        )
        on_progress(f"analysed {done} of {len(wanted)}")
    return made


def insight_of(
    dossier: Dossier,
    known: Sequence[Insight],
    *,
    language: Language,
    earlier: Sequence[Dossier],
    desk: Desk,
    now: datetime,
) -> Insight:
    """Return the stored insight of just these articles, or make it; extractive where the analyst fails."""
    analyst = desk.analyst
    key = insight_key(
        dossier.event.id,
        dossier.content_hash,
        language=language,
        analyst=analyst.name,
        prompt_version=analyst.prompt_version,
    )
    for insight in known:
        if insight.key == key:
            return insight
    try:
        return analyst.analyze(
            dossier, audiences=desk.audiences, playbook=desk.playbook, language=language, earlier=earlier, now=now
        )
    except AnalysisError as exc:
        log.warning("insight.fell_back", event_id=dossier.event.id, reason=str(exc))
        return extract.insight(
            dossier, audiences=desk.audiences, playbook=desk.playbook, language=language, earlier=earlier, now=now
        )


def _thread(dossier: Dossier, earlier: Sequence[Dossier]) -> list[Dossier]:
    same = [other for other in earlier if other.event.thread_id == dossier.event.thread_id]
    return sorted(same, key=lambda other: (other.event.first_published_at, other.event.id))


def _digests(
    recap: Recap,
    pool: _Pool,
    insights: Mapping[tuple[EventId, Language], Insight],
    *,
    desk: Desk,
    now: datetime,
) -> list[Digest]:
    hot = cards.hot_events(recap.events)
    shown = [pool.dossiers[event] for event in dict.fromkeys(event for event, _ in insights)]
    near = related.nearest(shown, [*pool.dossiers.values(), *pool.earlier], vectors=pool.vectors, limit=4)
    everything = {**{dossier.event.id: dossier for dossier in pool.earlier}, **pool.dossiers}
    lists = {mailing_list.id: mailing_list for mailing_list in desk.recap.lists}

    def card(scored: ScoredEvent, language: Language) -> Card:
        dossier = pool.dossiers[scored.event_id]
        return cards.of_event(
            dossier,
            insights.get((scored.event_id, language)),
            scored,
            recap=recap,
            is_hot=scored.event_id in hot,
            related=[everything[other] for other in near.get(scored.event_id, [])],
            thread=_thread(dossier, pool.earlier),
            policy=desk.card,
            language=language,
        )

    built = []
    for route in desk.routes:
        chosen = _shortlist(pool, route, desk=desk, limit=route.max_events)
        built.append(
            digests.for_route(
                recap,
                route,
                [card(scored, route.language) for scored in chosen],
                renderer=desk.renderer,
                policy=desk.card,
                list_policy=list_of(route, lists),
                now=now,
            )
        )
    return built


def list_of(route: Route, lists: Mapping[str, MailingList]) -> MailingList | None:
    """Return the first email list that *route* goes to, or null."""
    ids = (destination.id for destination in route.destinations if destination.medium == "email")
    return next((lists[list_id] for list_id in ids if list_id in lists), None)
