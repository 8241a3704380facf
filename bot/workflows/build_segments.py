"""Build the digests of segments: subscribers of a list who chose the same share one, made and rendered once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.compose import digest as digests
from bot.model.digest import Card, CardCorrection, Digest, DigestState
from bot.model.event import Dossier
from bot.model.insight import Insight
from bot.model.recap import Recap, ScoredEvent
from bot.model.route import Destination, Medium, ReviewChoice, Route, ThinWeek
from bot.model.values import EventId, Language
from bot.rank import segments, select
from bot.rank.candidates import Candidates
from bot.workflows import errata, frozen, make_cards, tellings, wanted_segments
from bot.workflows.errata import Errata
from bot.workflows.make_cards import Insights
from bot.workflows.pool import Desk, Pool
from bot.workflows.wanted_segments import Wanted

log = structlog.get_logger(__name__)

_AT_ONCE = 20
"""Digests stored together: each may weigh some 300 KB, so the others need not be in memory."""


@dataclass(frozen=True, slots=True)
class _Picked:
    """What a segment gets of the week."""

    wanted: Wanted
    offered: Route
    pool: Pool
    """As it is news to these readers."""
    chosen: tuple[ScoredEvent, ...]
    also: tuple[ScoredEvent, ...]
    beyond: tuple[ScoredEvent, ...]
    """What else the week brought, where their own choices bring too little."""
    is_due: bool
    """They are told even that there is nothing for them."""


def build(recap: Recap, own: Sequence[Digest], *, desk: Desk, now: datetime, pool: Pool | None = None) -> int:
    """
    Store the digests of *recap* that subscribers' segments lack; return how many came.

    *own* are the routes' digests: what an editor must approve first has no segments until then, and what
    the editor dropped or wrote holds for them too. Without the week's *pool* it is loaded as it was when
    the recap was built.
    """
    wanted = list(wanted_segments.missing(recap, own, desk=desk))
    if not wanted:
        return 0
    week = pool or frozen.pool_of(recap, desk=desk)
    picked = _picked_each(recap, wanted, week, desk=desk)
    card = make_cards.maker(recap, week, _insights(picked, week, desk=desk, now=now), desk=desk)
    wrong, corrected = errata.due(recap, desk=desk, now=now), errata.of_recap(recap.id, desk=desk)
    press = _Press(recap, card, wrong, corrected, desk, now)
    for start in range(0, len(picked), _AT_ONCE):
        desk.store.save_edition(recap, [press.digest(each) for each in picked[start : start + _AT_ONCE]], [])
    log.info("segments.built", recap=recap.id, segments=len(picked))
    return len(picked)


def _picked_each(recap: Recap, wanted: Sequence[Wanted], pool: Pool, *, desk: Desk) -> list[_Picked]:
    week = desk.week(recap.week)
    told = tellings.of(pool, week, desk=desk)
    since = week.starts_at - timedelta(weeks=segments.QUIET_WEEKS - 1)
    served = desk.store.load_served(since=since, before=week.starts_at).keys()
    candidates = Candidates(pool.scored, pool.dossiers, vectors=pool.vectors)
    return [
        _picked(each, candidates, told.to(each.identity), is_due=each.identity not in served, desk=desk)
        for each in wanted
    ]


def _picked(wanted: Wanted, week: Candidates, pool: Pool, *, is_due: bool, desk: Desk) -> _Picked:
    offered = _offered(wanted)
    left_out = pool.left_out(wanted.route.id, segment=wanted.segment.identity(wanted.route)) | wanted.dropped
    found = select.for_route(week, offered, policy=desk.ranking, recapped=left_out)
    beyond: tuple[ScoredEvent, ...] = ()
    if len(found.chosen) < offered.min_events:
        shown = {each.event_id for each in (*found.chosen, *found.also)}
        wider = segments.beyond(wanted.segment, wanted.route)
        beyond = select.for_route(week, wider, policy=desk.ranking, recapped=left_out | shown).chosen
    return _Picked(wanted, offered, pool, found.chosen, found.also, beyond, is_due)


def _offered(wanted: Wanted) -> Route:
    """Return the route as its segment gets it: where the route's own digest goes out, too little is sent short."""
    place = wanted.route.destinations
    if wanted.mailing_list is not None:
        place = [Destination(medium=Medium.EMAIL, id=wanted.mailing_list.id)]
    # Whoever approved the route's digest approved what is made of it.
    changes: dict[str, object] = {"review": ReviewChoice.NONE, "destinations": place}
    if wanted.own.state is DigestState.READY:
        changes["thin_week"] = ThinWeek.SHORT
    return wanted.segment.route(wanted.route).model_copy(update=changes)


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


@dataclass(frozen=True, slots=True)
class _Press:
    """Makes the digests of a recap's segments."""

    recap: Recap
    card: make_cards.Maker
    errata: Errata
    corrected: Mapping[EventId, list[CardCorrection]]
    """What was told wrongly of this recap's events already."""
    desk: Desk
    now: datetime

    def digest(self, picked: _Picked) -> Digest:
        """Return the digest of a segment."""
        wanted, segment, pool = picked.wanted, picked.wanted.segment, picked.pool
        own, language, desk = wanted.own, segment.language, self.desk
        return digests.for_route(
            self.recap,
            picked.offered,
            [self._card(scored, picked) for scored in picked.chosen],
            also=[make_cards.line(scored, pool, picked.offered, desk=desk) for scored in picked.also],
            beyond=[make_cards.line(scored, pool, picked.offered, desk=desk) for scored in picked.beyond],
            corrections=self.errata.links(wanted.identity, language=language, desk=desk),
            says_nothing=picked.is_due and own.state is DigestState.READY,
            topics={scored.event_id: pool.dossiers[scored.event_id].topics for scored in picked.chosen},
            segment=segment.identity(wanted.route),
            density=segment.density,
            mutes=segment.mutes,
            note=own.note,
            renderer=desk.renderer,
            policy=desk.card,
            list_policy=wanted.mailing_list,
            now=self.now,
        )

    def _card(self, scored: ScoredEvent, picked: _Picked) -> Card:
        language = picked.wanted.segment.language
        card = _as_edited(self.card(scored, language, picked.pool), picked.wanted.own, language)
        return card.model_copy(update={"corrections": self.corrected.get(card.event_id, [])})


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
