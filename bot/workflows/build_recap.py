"""Build a week's edition: eligible events, scores, insights, cards, digests; then freeze it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.compose import digest as digests
from bot.compose import recap as recaps
from bot.model.article import Article
from bot.model.digest import Digest, DigestState
from bot.model.event import Dossier
from bot.model.insight import Insight, insight_key
from bot.model.policy import MailingList
from bot.model.recap import Recap
from bot.model.route import Medium, Route
from bot.model.values import ArticleId, EventId, Language, RouteId
from bot.model.week import Week
from bot.ports import Analysis, Assignment
from bot.rank import select
from bot.rank.candidates import Candidates
from bot.rank.select import Selection
from bot.workflows import build_segments, errata, make_cards, read_pages
from bot.workflows import pool as pools
from bot.workflows.make_cards import Insights
from bot.workflows.pool import Desk, Pool

log = structlog.get_logger(__name__)

Selections = Mapping[RouteId, Selection]


@dataclass(frozen=True, slots=True)
class Edition:
    """A recap with its digests."""

    recap: Recap
    digests: tuple[Digest, ...]
    was_frozen: bool
    """It had been built before and was left as it is."""


def build(
    week: Week, *, desk: Desk, now: datetime, partial: bool = False, on_progress: Callable[[str], None] = lambda _: None
) -> Edition:
    """
    Return the edition of *week*, building it unless it is frozen already.

    A partial edition covers the open week up to *now* and has an id of its own. One without events,
    which nobody gets, is not kept: after a day without network the week must still be open.
    """
    empty = recaps.of_week(week, [], {}, policy=desk.recap, states={}, now=now, partial=partial)
    if frozen := desk.store.load_recap(empty.id):
        return Edition(frozen, tuple(desk.store.load_digests(frozen.id)), was_frozen=True)
    until = min(now, week.ends_at) if partial else week.ends_at
    pool = pools.load(week, desk=desk, until=until, held=pools.load_held(week, desk=desk))
    on_progress(f"{len(pool.dossiers)} events in {week.id}")
    routes = desk.load_routes()
    first = select_all(pool, routes, desk=desk)
    read = pool.with_articles(_pages(pool, first, routes, desk=desk))
    selections = first if read is pool else select_all(read, routes, desk=desk)
    recap = _recap(week, read, desk=desk, now=now, partial=partial)
    insights = insights_of(read, selections, routes, desk=desk, now=now, on_progress=on_progress)
    built = digests_of(recap, read, insights, selections, routes=routes, desk=desk, now=now)
    if not recap.events and all(digest.state in {DigestState.SKIPPED, DigestState.HELD} for digest in built):
        return Edition(recap, tuple(built), was_frozen=False)
    desk.store.save_edition(recap, built, list(insights.values()))
    build_segments.build(recap, built, desk=desk, now=now, pool=read)
    _say_thin(recap, built)
    log.info("recap.built", recap=recap.id, events=len(recap.events), digests=len(built), insights=len(insights))
    return Edition(recap, tuple(desk.store.load_digests(recap.id)), was_frozen=False)


def list_of(route: Route, lists: Sequence[MailingList]) -> MailingList | None:
    """Return the first email list that *route* goes to, or null."""
    ids = {destination.id for destination in route.destinations if destination.medium == Medium.EMAIL}
    return next((mailing_list for mailing_list in lists if mailing_list.id in ids), None)


def _recap(week: Week, pool: Pool, *, desk: Desk, now: datetime, partial: bool) -> Recap:
    before = None if partial else desk.store.load_recap(week.previous.id)
    return recaps.of_week(
        week,
        pool.told,
        pool.dossiers,
        policy=desk.recap,
        states=desk.store.load_source_states(),
        now=now,
        partial=partial,
        carried=pool.carried,
        previous=before.numbers if before else None,
    )


def _say_thin(recap: Recap, built: Sequence[Digest]) -> None:
    for digest in built:
        if digest.state in {DigestState.SKIPPED, DigestState.HELD}:
            log.warning(
                "digest.is_thin", recap=recap.id, route=digest.route_id, state=digest.state, reason=digest.state_reason
            )


def select_all(pool: Pool, routes: Sequence[Route], *, desk: Desk) -> Selections:
    """Return what each of *routes* gets of *pool*, with the reasons why not."""
    week = Candidates(pool.scored, pool.dossiers, vectors=pool.vectors)
    return {route.id: _selection(week, route, pool, desk=desk) for route in routes}


def _selection(week: Candidates, route: Route, pool: Pool, *, desk: Desk) -> Selection:
    near = round(route.max_events * desk.recap.shortlist_factor)
    return select.for_route(week, route, policy=desk.ranking, near=near, recapped=pool.left_out(route.id))


def _pages(pool: Pool, selections: Selections, routes: Sequence[Route], *, desk: Desk) -> dict[ArticleId, Article]:
    near = {event for event, _ in _wanted(selections, routes)}
    return read_pages.read(
        [dossier for event, dossier in pool.dossiers.items() if event in near],
        store=desk.store,
        full_text=desk.full_text,
        sources=desk.sources,
        teaser_words=desk.teaser_words,
    )


def _wanted(selections: Selections, routes: Sequence[Route]) -> list[tuple[EventId, Language]]:
    """Return the union of all routes' shortlists, each event once per language."""
    return list(dict.fromkeys((event, route.language) for route in routes for event in selections[route.id].near))


def insights_of(
    pool: Pool,
    selections: Selections,
    routes: Sequence[Route],
    *,
    desk: Desk,
    now: datetime,
    on_progress: Callable[[str], None],
) -> Insights:
    """Return the insights of the shortlists of *routes*: the stored ones, and those that the analyst gives now."""
    wanted = _wanted(selections, routes)
    stored = desk.store.load_insights([event for event, _ in wanted])
    known = {insight.key: insight for insights in stored.values() for insight in insights}
    keys = {pair: _key(pool.dossiers[pair[0]], pair[1], desk=desk) for pair in wanted}
    made = {pair: known[key] for pair, key in keys.items() if key in known}
    missing = [
        Assignment(pool.dossiers[event], language, pool.thread_of(pool.dossiers[event]))
        for event, language in wanted
        if (event, language) not in made
    ]
    each = desk.analyst.analyze_each(missing, audiences=desk.audiences, playbook=desk.playbook, now=now)
    for analysis in each:
        told = analysis.assignment
        made[told.dossier.event.id, told.language] = analysis.insight or _instead(analysis, desk=desk, now=now)
        on_progress(f"analysed {len(made)} of {len(wanted)}")
    return {pair: made[pair] for pair in wanted}


def _key(dossier: Dossier, language: Language, *, desk: Desk) -> str:
    analyst, version = desk.analyst.name, desk.analyst.prompt_version
    return insight_key(
        dossier.event.id, dossier.content_hash, language=language, analyst=analyst, prompt_version=version
    )


def _instead(analysis: Analysis, *, desk: Desk, now: datetime) -> Insight:
    told = analysis.assignment
    log.warning("insight.fell_back", event_id=told.dossier.event.id, reason=str(analysis.error))
    return make_cards.extracted(told.dossier, language=told.language, earlier=told.earlier, desk=desk, now=now)


def digests_of(
    recap: Recap,
    pool: Pool,
    insights: Insights,
    selections: Selections,
    *,
    routes: Sequence[Route],
    desk: Desk,
    now: datetime,
) -> list[Digest]:
    """Return the digest of each of *routes*, rendered."""
    card = make_cards.maker(recap, pool, insights, desk=desk)
    wrong = errata.due(recap, desk=desk, now=now)
    return [
        digests.for_route(
            recap,
            route,
            [card(scored, route.language) for scored in selections[route.id].chosen],
            also=[make_cards.line(scored, pool, route, desk=desk) for scored in selections[route.id].also],
            corrections=wrong.links((route.id, ""), language=route.language, desk=desk),
            topics={event: pool.dossiers[event].topics for event in selections[route.id].near},
            renderer=desk.renderer,
            policy=desk.card,
            list_policy=list_of(route, desk.recap.lists),
            now=now,
        )
        for route in routes
    ]
