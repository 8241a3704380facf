"""Hear what readers' votes say of sources and audiences."""

from datetime import datetime

from bot.model.event import Dossier
from bot.model.values import EventId
from bot.ports import Store
from bot.rank import feedback
from bot.rank.feedback import Opinion


def opinion(*, store: Store, at: datetime) -> Opinion:
    """Return what the votes given up to *at* say, the older the less; empty where there are none."""
    votes = store.load_votes(since=at - feedback.MEMORY)
    if not votes:
        return Opinion()
    return feedback.opinion(votes, dossiers(sorted({vote.event_id for vote in votes}), store=store), at=at)


def dossiers(events: list[EventId], *, store: Store) -> dict[EventId, Dossier]:
    """Return the events of *events* that are known, each by the id that was asked for, also where it was merged."""
    found = {dossier.event.id: dossier for dossier in store.load_dossiers_by_id(events)}
    merged = [event for event in events if event not in found]
    return found | {event: each for event in merged for each in store.load_dossiers_by_id([event])}
