"""
The card of an event whose week has no recap yet.

A page must not read a whole week, so the event is scored by itself (without what earlier weeks' engagement and
votes taught), looks for events nearby by its names, and is not hot: the week is not over.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.compose import card as cards
from bot.compose import recap as recaps
from bot.model.digest import Card
from bot.model.event import Dossier
from bot.model.recap import ScoredEvent
from bot.model.values import EventId, Language
from bot.model.week import Week
from bot.rank import memory, score, signals
from bot.rank.memory import Past
from bot.rank.signals import Peers
from bot.workflows import look_up, make_cards, recall
from bot.workflows.pool import Desk

_NAMES = 4
"""The most telling; further ones are often words of the trade."""
_PER_NAME = 12
"""Events of each name that are compared: four of them are shown."""


def card(dossier: Dossier, *, desk: Desk, now: datetime, language: Language) -> Card:
    """Return the full card of *dossier*, as far as it can be told before its week's recap is built."""
    week = desk.week_of(dossier.event.first_published_at)
    thread = desk.store.load_thread(dossier.event.thread_id)
    near = _near(dossier, week, desk=desk)
    past = memory.past(desk.store.load_showings(before=week.starts_at))
    affair = {each.event.id: each for each in (*thread, dossier)}
    known = recall.of(past, list(affair.values()), playbook=desk.playbook)
    standing = known.standing(dossier)
    return cards.of_event(
        dossier,
        look_up.insight_of(dossier, earlier=_before(dossier, thread), desk=desk, now=now, language=language),
        _scored(dossier, near, week, desk=desk, past=past, is_repeat=standing.is_repeat),
        recap=recaps.of_week(week, [], {}, policy=desk.recap, states={}, now=now, partial=False),
        is_hot=False,
        related=make_cards.nearest(dossier, near, desk=desk),
        thread=thread,
        policy=desk.card,
        language=language,
        state=memory.by_now(dossier, thread),
        whats_new=known.whats_new(dossier, standing, language=language),
    )


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


def _before(dossier: Dossier, thread: Sequence[Dossier]) -> list[Dossier]:
    return [other for other in thread if other.event.first_published_at < dossier.event.first_published_at]


def _scored(
    dossier: Dossier, near: Sequence[Dossier], week: Week, *, desk: Desk, past: Past, is_repeat: bool
) -> ScoredEvent:
    own: frozenset[EventId] = frozenset({dossier.event.id})
    [scored] = score.events(
        [dossier],
        sources=desk.sources,
        policy=desk.ranking,
        at=week.ends_at,
        recapped=own if is_repeat else frozenset(),
        earlier_threads=frozenset(past.by_thread),
        told=[other.event.title for other in near if other.event.id in past.by_event],
        peers=_peers(dossier, week, desk=desk),
    )
    return scored


def _peers(dossier: Dossier, week: Week, *, desk: Desk) -> Peers:
    """Return what the event's engagement is measured against; nothing is read where it has none."""
    if not any(article.engagement for article in dossier.articles):
        return {}
    return signals.peers(desk.store.load_engaged(since=week.starts_at, until=week.ends_at))
