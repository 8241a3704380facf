"""Audiences: the groups of people who should care."""

from sqlmodel import Field

from bot.model.values import AudienceId, Language, Model


class Taught(Model):
    """What was learned about one audience from events that an operator sorted."""

    bias: float
    weights: dict[str, float]
    """By feature, see `understand.taught`: how much it speaks for the audience, or against it."""


class Audience(Model):
    """A group of people who should care, from the closed list in config."""

    id: AudienceId
    name: str
    names: dict[Language, str] = Field(default_factory=dict)
    """What it is called in other languages."""
    description: str = ""
    keywords: dict[Language, list[str]] = Field(default_factory=dict)
    hints: dict[Language, list[str]] = Field(default_factory=dict)
    """Words that speak for it less clearly than keywords."""
    exceptions: dict[Language, list[str]] = Field(default_factory=dict)
    """Phrases in which neither keywords nor hints count."""
    kinds: list[str] = Field(default_factory=list)
    """Kinds of events that concern it whatever their words."""
    examples: list[str] = Field(default_factory=list)
    taught: Taught | None = None
    """Null where nobody taught us."""

    def name_in(self, language: Language) -> str:
        """Return what it is called in *language*; its name where it has no other."""
        return self.names.get(language, self.name)


class AudienceMatch(Model):
    """Why an audience should care about an event."""

    id: AudienceId
    confidence: float
    """0..1."""
    reason: str
    """The words or the likeness that decided, in one line for readers."""
