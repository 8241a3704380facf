"""Routes: which audiences get what, where and when."""

from enum import StrEnum
from typing import Literal

from sqlmodel import Field

from bot.model.values import AudienceId, Language, Model, RouteId, SourceSlug


class Medium(StrEnum):
    """How a destination is reached."""

    SLACK = "slack"
    EMAIL = "email"


class Destination(Model):
    """A Slack channel or an email list."""

    medium: Medium
    id: str
    """`#channel`, a channel id (`C…`), or the id of an email list."""


class ReviewChoice(StrEnum):
    """Whether an editor must approve a route's digest."""

    NONE = "none"
    REQUIRED = "required"


class ThinWeek(StrEnum):
    """What becomes of a digest with fewer events than its route's minimum."""

    HOLD = "hold"
    """Nothing is sent; its events come with next week's."""
    SHORT = "short"
    """It is sent as short as it is."""
    SKIP = "skip"
    """Nothing is sent."""


class OnTimeout(StrEnum):
    """What becomes of a draft that nobody approved by its route's slot."""

    HOLD = "hold"
    """It goes on waiting."""
    SEND = "send"
    SKIP = "skip"


class Sectioning(StrEnum):
    """What a digest's events are put under."""

    NONE = "none"
    AUDIENCE = "audience"
    TOPIC = "topic"


class NewsRule(Model):
    """News that a route does not want, or wants first: told by words, sources or publishers."""

    words: list[str] = Field(default_factory=list)
    """In titles; whatever their case."""
    sources: list[SourceSlug] = Field(default_factory=list)
    publishers: list[str] = Field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Return whether it tells no news at all."""
        return not (self.words or self.sources or self.publishers)


class Route(Model):
    """Which audiences, topics, languages and limits go to which destinations, and when."""

    id: RouteId
    name: str
    origin: Literal["config", "slack"] = "config"
    """`slack`: a channel's own, made by `/recap route`."""
    workspace: str = ""
    """Slack team id of a channel's own route."""
    audiences: list[AudienceId] = Field(default_factory=lambda: ["*"])
    topics: list[str] = Field(default_factory=list)
    """Empty: all."""
    languages: list[Language] = Field(default_factory=list)
    """Of sources; empty: all."""
    language: Language = "en"
    """Of the digest's own words."""
    destinations: list[Destination] = Field(default_factory=list)
    day: int = 0
    """Weekday of the slot, 0 for Monday."""
    time: str = "09:00"
    timezone: str = "UTC"
    max_events: int = 10
    min_events: int = 3
    min_score: float = 0.0
    max_per_publisher: int | None = None
    """Null: as ranking.yaml says."""
    mute: NewsRule = Field(default_factory=NewsRule)
    """Never shown, even if boosted."""
    boost: NewsRule = Field(default_factory=NewsRule)
    sections: Sectioning = Sectioning.NONE
    thin_week: ThinWeek = ThinWeek.HOLD
    review: ReviewChoice = ReviewChoice.NONE
    on_timeout: OnTimeout = OnTimeout.HOLD
