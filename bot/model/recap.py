"""Recaps: one week's edition, ranked and frozen."""

from dataclasses import dataclass

from pydantic import AwareDatetime
from sqlmodel import Field

from bot.model.event import EventState
from bot.model.values import EventId, Model, RecapId, ThreadId, WeekId


class ScorePart(Model):
    """One signal of a score."""

    name: str
    value: float
    """0..1."""
    weight: float
    reason: str = ""
    """The inputs in words: "5 publishers"."""
    inputs: dict[str, float | str] = Field(default_factory=dict)
    """The inputs for programs: {"publishers": 5}."""

    @property
    def points(self) -> float:
        """What it adds to the score."""
        return self.value * self.weight


class ScoredEvent(Model):
    """An event's base score within a recap. Audience fit, feedback and pins are the digest's."""

    event_id: EventId
    score: float
    """0..1: the weighted mean of the parts."""
    parts: list[ScorePart] = Field(default_factory=list)
    state: EventState = EventState.NEW
    """Where its affair stands, as this recap tells it."""
    state_reason: str = ""


@dataclass(frozen=True, slots=True)
class Showing:
    """That an earlier recap's digests showed an event."""

    event_id: EventId
    """What it has become, where it was merged since."""
    thread_id: ThreadId
    week: WeekId
    ends_at: AwareDatetime
    built_at: AwareDatetime


@dataclass(frozen=True, slots=True)
class Served:
    """The newest recap of which readers got their digest."""

    ends_at: AwareDatetime
    built_at: AwareDatetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an event's affair stands as one recap tells it, and why."""

    state: EventState
    reason: str
    since: WeekId | None = None
    """Of the last recap that showed the event or its thread; null where none did."""
    is_repeat: bool = False
    """An earlier recap showed it, and nothing new was said since: it is not told again."""


class RecapNumbers(Model):
    """The week in numbers, and the days they count."""

    first_day: str = ""
    """ISO date in the recap's zone."""
    last_day: str = ""
    """ISO date in the recap's zone; of a partial recap the day it was built on."""
    articles: int = 0
    events: int = 0
    publishers: int = 0
    languages: int = 0
    sources: int = 0
    failed_sources: list[str] = Field(default_factory=list)
    """Slugs of sources that failed at their last poll of the week."""
    new: int = 0
    """Events of threads that no earlier recap told of."""
    developing: int = 0
    """Events of threads that an earlier recap told of."""
    resolved: int = 0
    """Events whose affair came to its end this week."""


class Recap(Model):
    """One week's edition: the ranked events."""

    id: RecapId
    week: WeekId
    zone: str
    title: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    """First moment after the covered time."""
    built_at: AwareDatetime
    is_partial: bool = False
    numbers: RecapNumbers = Field(default_factory=RecapNumbers)
    previous: RecapNumbers | None = None
    """Of the recap of the week before, where there is one."""
    events: list[ScoredEvent] = Field(default_factory=list)
    """Best first."""
