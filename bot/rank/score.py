"""Scores: the weighted mean of an event's signals."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.model.event import Dossier
from bot.model.policy import RankPolicy
from bot.model.recap import ScoredEvent, ScorePart
from bot.model.source import Source
from bot.model.values import EventId, SourceSlug, ThreadId
from bot.rank import signals
from bot.rank.feedback import Opinion
from bot.rank.learn import Learned
from bot.rank.signals import Known, Peers
from bot.rank.told import Told


def events(
    dossiers: Sequence[Dossier],
    *,
    sources: Mapping[SourceSlug, Source],
    policy: RankPolicy,
    at: datetime,
    recapped: frozenset[EventId] = frozenset(),
    earlier_threads: frozenset[ThreadId] = frozenset(),
    told: Sequence[str] = (),
    learned: Learned | None = None,
    opinion: Opinion | None = None,
    peers: Peers | None = None,
) -> list[ScoredEvent]:
    """
    Return every event with its base score and parts, best first, ties by event id; *at* is the week's end.

    *told* are the titles that earlier recaps showed: what is like them is not new. *learned* is what the
    engagement of earlier weeks taught, *opinion* what readers' votes say. Engagement is measured against *peers*,
    unless they are given: against the events' own articles.
    """
    known = Known(
        sources,
        policy,
        at,
        recapped=recapped,
        earlier_threads=earlier_threads,
        told=Told(told),
        learned=learned or Learned(),
        opinion=opinion or Opinion(),
        peers=peers or signals.peers(article for dossier in dossiers for article in dossier.articles),
    )
    return best_first([_scored(dossier.event.id, signals.measure(dossier, known)) for dossier in dossiers])


def mean(parts: Sequence[ScorePart]) -> float:
    """Return the weighted mean of *parts*, 0..1; 0 where no part has weight."""
    weight = sum(part.weight for part in parts)
    return min(1.0, max(0.0, sum(part.points for part in parts) / weight)) if weight > 0 else 0.0


def pinned(parts: Sequence[ScorePart]) -> list[ScorePart]:
    """Return *parts* as they are in a digest where an editor pinned the event; without a part `pin` as they are."""
    update = {"value": 1.0, "reason": "pinned by an editor"}
    return [_changed_pin(part, update | {"weight": part.inputs.get("weight", 0.0)}) for part in parts]


def unpinned(parts: Sequence[ScorePart]) -> list[ScorePart]:
    """Return *parts* as they are where no editor pinned the event."""
    return [_changed_pin(part, {"value": 0.0, "weight": 0.0, "reason": "not pinned"}) for part in parts]


def _changed_pin(part: ScorePart, update: dict[str, object]) -> ScorePart:
    return part.model_copy(update=update) if part.name == "pin" else part


def best_first(scored: Sequence[ScoredEvent]) -> list[ScoredEvent]:
    """Return *scored* by falling score, ties by event id."""
    return sorted(scored, key=lambda event: (-event.score, event.event_id))


def _scored(event: EventId, parts: list[ScorePart]) -> ScoredEvent:
    return ScoredEvent(event_id=event, score=mean(parts), parts=parts)
