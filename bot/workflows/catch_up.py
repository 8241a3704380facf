"""Catch up: what happened since somebody last looked, without what they muted."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.model.event import Dossier
from bot.model.recap import Recap
from bot.model.values import EventId
from bot.rank import rules
from bot.workflows.pool import Desk

LONGEST = timedelta(days=92)
"""A catch-up over more than a quarter tells nothing that anybody would read."""
PER_WEEK = 40
"""The best events of each week that are looked at."""
MOST = 60
OPEN = 300
"""Events of the open week that are looked at: enough, whatever is muted; a busy week has thousands."""


def since(at: datetime, *, desk: Desk, now: datetime, mutes: Sequence[str] = ()) -> list[Dossier]:
    """
    Return what was told since the moment *at*, what most publishers told first; nothing from before a quarter ago.

    Whole weeks are told by their recaps' best events, the open week by those that most publishers told. Events
    with one of *mutes* in a title stay out. Those of the open week come without texts.
    """
    at = max(at, now - LONGEST)
    heads = [head for head in desk.store.load_recap_heads() if not head.is_partial and head.ends_at > at]
    best = [event for head in heads for event in _best(head, desk=desk)]
    open_since = max([at, *(head.ends_at for head in heads)])
    fresh = desk.store.load_most_told(since=open_since, limit=OPEN)
    told = [*desk.store.load_dossiers_by_id(list(dict.fromkeys(best))), *desk.store.load_outlines(fresh)]
    by_id = {each.event.id: each for each in told if each.event.last_published_at >= at}
    wanted = [each for each in by_id.values() if not _is_muted(each, mutes)]
    return sorted(wanted, key=_importance)[:MOST]


def _best(head: Recap, *, desk: Desk) -> list[EventId]:
    recap = desk.store.load_recap(head.id)
    return [scored.event_id for scored in recap.events[:PER_WEEK]] if recap else []


def _is_muted(dossier: Dossier, mutes: Sequence[str]) -> bool:
    told = rules.titles(dossier) if mutes else ""
    return any(rules.has_word(told, word) for word in mutes)


def _importance(dossier: Dossier) -> tuple[int, float, EventId]:
    return -len(dossier.publishers), -dossier.event.last_published_at.timestamp(), dossier.event.id
