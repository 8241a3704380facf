"""What readers and editors say: votes, follows, reviews."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import AwareDatetime
from sqlmodel import Field

from bot.model.values import EventId, Model, RecapId, RouteId, ThreadId


class Vote(StrEnum):
    """A reader's judgment of an event."""

    USEFUL = "useful"
    NOT_FOR_ME = "not_for_me"
    WRONG = "wrong"


class Feedback(Model):
    """One person's vote on one event."""

    id: str
    event_id: EventId
    workspace: str
    person: str
    """Slack user id or subscriber id."""
    vote: Vote
    note: str = ""
    given_at: AwareDatetime


class Follow(Model):
    """A person who wants to hear when a thread develops."""

    id: str
    thread_id: ThreadId
    workspace: str
    person: str
    since: AwareDatetime


CORRECT = "correct"
"""The act of an editor who says what was wrong in what readers were told."""


@dataclass(frozen=True, slots=True)
class Erratum:
    """What was wrong in one digest, as an editor said after it went out."""

    recap_id: RecapId
    route_id: RouteId
    segment: str
    """See `Digest.segment`."""
    event_id: EventId
    note: str
    at: AwareDatetime
    mails: int
    """Of the digest that had gone out by then: they cannot be changed."""


class ReviewAct(Model):
    """One thing an editor did to a digest: who, what, when."""

    id: str
    digest_key: str
    act: str
    """
    `approve`, `reject`, `note`, `add`, `drop`, `move`, `pin`, `rewrite`; `timeout` where nobody did anything.

    `correct` comes after it was approved.
    """
    argument: str = ""
    editor: str
    acted_at: AwareDatetime
    details: dict[str, str] = Field(default_factory=dict)
