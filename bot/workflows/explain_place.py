"""Explain why an event is where it is, from what its week's recap kept."""

from dataclasses import dataclass

from bot.model.event import Dossier
from bot.model.recap import ScoredEvent
from bot.model.values import EventId
from bot.model.week import Week
from bot.workflows import look_up, open_week
from bot.workflows.pool import Desk


@dataclass(frozen=True, slots=True)
class Place:
    """An event's place in its week."""

    dossier: Dossier
    scored: ScoredEvent
    rank: int | None
    """1 for the first; null where no recap ranked it."""
    week: Week


def explain(event_id: EventId, *, desk: Desk) -> Place:
    """
    Return what carried an event to its place in its week's recap; without place and by itself where none ranked it.

    Raises: NotFound.
    """
    dossier = look_up.dossier_of(event_id, desk=desk)
    week = desk.week_of(dossier.event.first_published_at)
    recap = desk.store.load_recap(week.id)
    if recap is not None:
        for rank, scored in enumerate(recap.events, 1):
            if scored.event_id == dossier.event.id:
                return Place(dossier, scored, rank, week)
    return Place(dossier, open_week.scored(dossier, desk=desk), None, week)
