"""Labelled weeks: events with how relevant people found them, for measuring the order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.model.event import Dossier
from bot.model.source import Source
from bot.model.values import SourceSlug


@dataclass(frozen=True, slots=True)
class RankedEvent:
    """An event as a collector knows it, and what became of it."""

    dossier: Dossier
    """Without engagement."""
    relevance: float
    """What people made of it: the more, the better; 0 or less where nobody cared."""
    votes: int = 0
    """What later weeks may learn from; never seen in its own week."""


@dataclass(frozen=True, slots=True)
class RankedSet:
    """Events of any number of weeks."""

    name: str
    events: tuple[RankedEvent, ...]
    sources: Mapping[SourceSlug, Source] = field(default_factory=dict)
    """As configured; a source that is missing has weight 1."""
