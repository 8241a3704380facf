"""What asking a language model took: tokens, money, time."""

from enum import StrEnum

from pydantic import AwareDatetime

from bot.model.values import EventId, Language, Model


class Outcome(StrEnum):
    """What came of asking."""

    WRITTEN = "written"
    """An insight."""
    UNUSABLE = "unusable"
    """An answer of which nothing stands."""
    FAILED = "failed"
    """No answer."""


class ModelUsage(Model):
    """The record of one event's analysis by a language model, whatever came of it."""

    id: str
    event_id: EventId
    language: Language
    analyst: str
    """Provider and model."""
    prompt_version: str
    asked_at: AwareDatetime
    outcome: Outcome
    reason: str = ""
    """Why nothing came of it; else empty."""
    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    """In the currency of the operator's price table; 0 for a model that is not in it."""
    took_ms: int = 0
    claims_shown: int = 0
    claims_dropped: int = 0
