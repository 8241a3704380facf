"""Audiences: the groups of people who should care."""

from sqlmodel import Field

from bot.model.values import AudienceId, Language, Model


class Audience(Model):
    """A group of people who should care, from the closed list in config."""

    id: AudienceId
    name: str
    description: str = ""
    keywords: dict[Language, list[str]] = Field(default_factory=dict)
    examples: list[str] = Field(default_factory=list)


class AudienceMatch(Model):
    """Why an audience should care about an event."""

    id: AudienceId
    confidence: float
    """0..1."""
    reason: str
    """The words or the likeness that decided, in one line for readers."""
