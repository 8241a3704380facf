"""
Cards and scores of events that no recap ranked: their week is not over, or they came after it was told.

A page must not read a whole week, so the event is scored by itself (without what earlier weeks' engagement and
votes taught), looks for events nearby by its names, and is not hot: the week is not over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.compose import card as cards
from bot.compose import recap as recaps
from bot.model.digest import Card
from bot.model.event import Dossier
from bot.model.recap import ScoredEvent, Standing
from bot.model.values import Language
from bot.model.week import Week
from bot.rank import memory, score, signals
from bot.rank.signals import Peers
from bot.workflows import look_up, make_cards, recall
from bot.workflows.pool import Desk
from bot.workflows.recall import Memory

_NAMES = 4
"""The most telling; further ones are often words of the trade."""
_PER_NAME = 12
"""Events of each name that are compared: four of them are shown."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What is looked up about an event: a little of its week, all of its affair."""

    week: Week
    thread: Sequence[Dossier]
    near: Sequence[Dossier]
    known: Memory
    standing: Standing


def scored(dossier: Dossier, *, desk: Desk) -> ScoredEvent:
    """Return the score of *dossier* by itself, with its parts."""
    return _scored(dossier, _around(dossier, desk=desk), desk=desk)


def card(dossier: Dossier, *, desk: Desk, now: datetime, language: Language) -> Card:
    """Return the full card of *dossier*, as far as it can be told before its week's recap is built."""
    around = _around(dossier, desk=desk)
    earlier = [other for other in around.thread if other.event.first_published_at < dossier.event.first_published_at]
    return cards.of_event(
        dossier,
        look_up.insight_of(dossier, earlier=earlier, desk=desk, now=now, language=language),
        _scored(dossier, around, desk=desk),
        recap=recaps.of_week(around.week, [], {}, policy=desk.recap, states={}, now=now, partial=False),
        is_hot=False,
        related=make_cards.nearest(dossier, around.near, desk=desk),
        thread=around.thread,
        policy=desk.card,
        language=language,
        state=memory.by_now(dossier, around.thread),
        whats_new=around.known.whats_new(dossier, around.standing, language=language),
    )


def _around(dossier: Dossier, *, desk: Desk) -> _Around:
    week = desk.week_of(dossier.event.first_published_at)
    thread = desk.store.load_thread(dossier.event.thread_id)
    past = memory.past(desk.store.load_showings(before=week.starts_at))
    affair = {each.event.id: each for each in (*thread, dossier)}
    known = recall.of(past, list(affair.values()), playbook=desk.playbook)
    return _Around(week, thread, _near(dossier, week, desk=desk), known, known.standing(dossier))


def _near(dossier: Dossier, week: Week, *, desk: Desk) -> list[Dossier]:
    """Return other events of this week and those before that hold one of the event's names."""
    hits = [
        hit.event_id
        for name in dossier.event.entities[:_NAMES]
        for hit in desk.store.search_events(name, limit=_PER_NAME)
    ]
    since = week.starts_at - timedelta(weeks=desk.recap.related_weeks)
    found = desk.store.load_dossiers_by_id(list(dict.fromkeys(hits)))
    return [each for each in found if each.event.last_published_at >= since and each.event.id != dossier.event.id]


def _scored(dossier: Dossier, around: _Around, *, desk: Desk) -> ScoredEvent:
    past = around.known.past
    [found] = score.events(
        [dossier],
        sources=desk.sources,
        policy=desk.ranking,
        at=around.week.ends_at,
        recapped=frozenset({dossier.event.id}) if around.standing.is_repeat else frozenset(),
        earlier_threads=frozenset(past.by_thread),
        told=[other.event.title for other in around.near if other.event.id in past.by_event],
        peers=_peers(dossier, around.week, desk=desk),
    )
    return found


def _peers(dossier: Dossier, week: Week, *, desk: Desk) -> Peers:
    """Return what the event's engagement is measured against; nothing is read where it has none."""
    if not any(article.engagement for article in dossier.articles):
        return {}
    return signals.peers(desk.store.load_engaged(since=week.starts_at, until=week.ends_at))
