"""Build the digests of segments: subscribers of a list who chose the same share one, made and rendered once."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.compose import digest as digests
from bot.model.digest import Card, Destination, Digest, DigestState, Medium, ReviewChoice, Route, ThinWeek, digest_key
from bot.model.event import Dossier
from bot.model.insight import Insight
from bot.model.policy import MailingList
from bot.model.recap import Recap, ScoredEvent
from bot.model.subscriber import SLACK_LIST, SubscriptionState
from bot.model.values import AudienceId, EventId, Language, RouteId
from bot.rank import segments, select
from bot.rank.candidates import Candidates
from bot.rank.segments import Segment
from bot.workflows import make_cards
from bot.workflows import pool as pools
from bot.workflows.make_cards import Insights
from bot.workflows.pool import Desk, Pool

log = structlog.get_logger(__name__)

_AT_ONCE = 20
"""Digests stored together: each may weigh some 300 KB, so the others need not be in memory."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A segment that has no digest yet."""

    key: str
    route: Route
    """The route as its own digest has it."""
    segment: Segment
    own: RouteId
    """Of the route whose digest it is made beside: what its editor did holds here too."""
    mailing_list: MailingList | None
    """Null for people in Slack."""


@dataclass(frozen=True, slots=True)
class _Picked:
    """What a segment gets of the week."""

    wanted: _Wanted
    chosen: tuple[ScoredEvent, ...]
    also: tuple[ScoredEvent, ...]


def build(recap: Recap, own: Sequence[Digest], *, desk: Desk, now: datetime, pool: Pool | None = None) -> int:
    """
    Store the digests of *recap* that subscribers' segments lack; return how many came.

    *own* are the routes' digests: what an editor must approve first has no segments until then, and what
    the editor dropped or wrote holds for them too. Without the week's *pool* it is loaded as it was when
    the recap was built.
    """
    wanted = list(_missing(recap, own, desk=desk))
    if not wanted:
        return 0
    week = pool or _frozen(recap, desk=desk)
    candidates = Candidates(recap.events, week.dossiers, vectors=week.vectors)
    drops = {digest.route_id: _dropped(digest, desk=desk) for digest in own}
    picked = [_picked(each, candidates, week, dropped=drops[each.own], desk=desk) for each in wanted]
    insights = _insights(picked, week, desk=desk, now=now)
    card = make_cards.maker(recap, week, insights, desk=desk)
    edited = {digest.route_id: digest for digest in own}
    for start in range(0, len(picked), _AT_ONCE):
        some = picked[start : start + _AT_ONCE]
        built = [_digest(recap, each, edited[each.wanted.own], card, pool=week, desk=desk, now=now) for each in some]
        desk.store.save_edition(recap, built, [])
    log.info("segments.built", recap=recap.id, segments=len(picked))
    return len(picked)


def key_of(recap: Recap, route: Route, segment: Segment) -> str:
    """Return the key of a segment's digest."""
    offered = segment.route(route)
    return digest_key(
        recap.id,
        route.id,
        audiences=offered.audiences,
        language=segment.language,
        density=segment.density,
        mutes=list(segment.mutes),
    )


def routes_of(mailing_list: MailingList, routes: Iterable[Route]) -> list[Route]:
    """Return the *routes* that go to a list."""
    return [
        route
        for route in routes
        if any(each.medium is Medium.EMAIL and each.id == mailing_list.id for each in route.destinations)
    ]


def personal_route(beside: Route) -> Route:
    """Return the route of people's own messages: as *beside*, but of all news, and never too short to be sent."""
    changes = {
        "id": SLACK_LIST,
        "audiences": ["*"],
        "topics": [],
        "languages": [],
        "min_events": 1,
        "thin_week": ThinWeek.SHORT,
        "destinations": [Destination(medium=Medium.SLACK, id=SLACK_LIST)],
    }
    return beside.model_copy(update=changes)


def _missing(recap: Recap, own: Sequence[Digest], *, desk: Desk) -> Iterator[_Wanted]:
    open_to = {digest.route_id for digest in own if digest.state not in {DigestState.DRAFT, DigestState.REJECTED}}
    routes = [route for route in desk.routes if route.id in open_to and not _was_let_go(route, own)]
    seen = set(desk.store.load_digest_states(recap.id))
    audiences = frozenset(each.id for each in desk.audiences)
    for mailing_list in desk.recap.lists:
        if not (ways := routes_of(mailing_list, routes)):
            continue
        for _, subscription in desk.store.load_list(mailing_list.id):
            if subscription.state is not SubscriptionState.ACTIVE:
                continue
            route = segments.route_for(subscription, ways)
            segment = segments.of(subscription, route, known=audiences)
            key = key_of(recap, route, segment)
            if key not in seen and not segment.is_own(route):
                seen.add(key)
                yield _Wanted(key, route, segment, route.id, mailing_list)
    if routes:
        yield from _missing_of_people(recap, routes, seen, audiences, desk=desk)


def _missing_of_people(
    recap: Recap, routes: Sequence[Route], seen: set[str], audiences: Collection[AudienceId], *, desk: Desk
) -> Iterator[_Wanted]:
    for _, subscription in desk.store.load_list(SLACK_LIST):
        if subscription.state is SubscriptionState.ACTIVE:
            beside = segments.route_for(subscription, routes)
            route = personal_route(beside)
            segment = segments.of(subscription, route, known=audiences)
            key = key_of(recap, route, segment)
            if key not in seen:
                seen.add(key)
                yield _Wanted(key, route, segment, beside.id, None)


def _was_let_go(route: Route, own: Sequence[Digest]) -> bool:
    """Return whether nobody looked at the draft in time, so that nothing of it is sent."""
    is_skipped = any(digest.route_id == route.id and digest.state is DigestState.SKIPPED for digest in own)
    return route.review is ReviewChoice.REQUIRED and is_skipped


def _frozen(recap: Recap, *, desk: Desk) -> Pool:
    """Return the week as it was when *recap* was built: its scores, and no article that came later."""
    week, built = desk.week(recap.week), desk.store.load_recap(recap.id) or recap
    pool = pools.load(week, desk=desk, until=recap.ends_at, held=pools.load_held(week, desk=desk))
    dossiers = {event: _as_built(dossier, built) for event, dossier in pool.dossiers.items()}
    return replace(pool, dossiers=dossiers, scored=[each for each in recap.events if each.event_id in dossiers])


def _as_built(dossier: Dossier, recap: Recap) -> Dossier:
    told = tuple(article for article in dossier.articles if article.collected_at <= recap.built_at)
    return replace(dossier, articles=told) if told else dossier


def _dropped(digest: Digest, *, desk: Desk) -> frozenset[EventId]:
    shown = {card.event_id for card in digest.cards}
    acts = desk.store.load_review_acts(digest.key)
    return frozenset(act.argument for act in acts if act.act == "drop" and act.argument not in shown)


def _picked(wanted: _Wanted, week: Candidates, pool: Pool, *, dropped: frozenset[EventId], desk: Desk) -> _Picked:
    left_out = pool.left_out(wanted.route.id, segment=wanted.segment.identity(wanted.route))
    offered = wanted.segment.route(wanted.route)
    found = select.for_route(week, offered, policy=desk.ranking, recapped=left_out | dropped)
    return _Picked(wanted, found.chosen, found.also)


def _insights(picked: Sequence[_Picked], pool: Pool, *, desk: Desk, now: datetime) -> Insights:
    """Return the insights of all that is shown: the stored ones, extractive where there is none."""
    shown = dict.fromkeys((event.event_id, each.wanted.segment.language) for each in picked for event in each.chosen)
    known = desk.store.load_insights(list(dict.fromkeys(event for event, _ in shown)))
    return {
        (event, language): _insight(pool.dossiers[event], known.get(event, []), language, pool, desk=desk, now=now)
        for event, language in shown
    }


def _insight(
    dossier: Dossier, known: Sequence[Insight], language: Language, pool: Pool, *, desk: Desk, now: datetime
) -> Insight:
    for insight in known:
        if insight.content_hash == dossier.content_hash and insight.language == language:
            return insight
    return make_cards.extracted(dossier, language=language, earlier=pool.thread_of(dossier), desk=desk, now=now)


def _digest(
    recap: Recap, picked: _Picked, own: Digest, card: make_cards.Maker, *, pool: Pool, desk: Desk, now: datetime
) -> Digest:
    wanted, segment = picked.wanted, picked.wanted.segment
    place = wanted.route.destinations
    if wanted.mailing_list is not None:
        place = [Destination(medium=Medium.EMAIL, id=wanted.mailing_list.id)]
    # Whoever approved the route's digest approved what is made of it.
    changes = {"review": ReviewChoice.NONE, "destinations": place}
    offered = segment.route(wanted.route).model_copy(update=changes)
    made = [_as_edited(card(scored, segment.language), own, segment.language) for scored in picked.chosen]
    return digests.for_route(
        recap,
        offered,
        made,
        also=[make_cards.line(scored, pool, offered, desk=desk) for scored in picked.also],
        topics={scored.event_id: pool.dossiers[scored.event_id].topics for scored in picked.chosen},
        segment=segment.identity(wanted.route),
        density=segment.density,
        mutes=segment.mutes,
        note=own.note,
        renderer=desk.renderer,
        policy=desk.card,
        list_policy=wanted.mailing_list,
        now=now,
    )


def _as_edited(card: Card, own: Digest, language: Language) -> Card:
    """Return the card with what an editor wrote into it; its score is the segment's."""
    if own.language != language:
        return card
    parts = ("hook", "what_changed", "why_it_matters", "what_to_do_next")
    edited = next((each for each in own.cards if each.event_id == card.event_id), card)
    rewritten = {
        part: line
        for part in parts
        if (line := getattr(edited, part)) is None or getattr(line, "label", "") == "editor"
    }
    return card.model_copy(update=rewritten)
