"""Subscribers: people, their subscriptions, and whom we must not write to."""

from enum import StrEnum

from pydantic import AwareDatetime
from sqlmodel import Field

from bot.model.values import AudienceId, Language, Model, digest_of


class SubscriptionState(StrEnum):
    """How far a subscription has come."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Subscriber(Model):
    """A person, by address or by (workspace, Slack user)."""

    id: str
    address: str | None = None
    workspace: str | None = None
    slack_user: str | None = None
    language: Language = "en"
    timezone: str = "UTC"
    created_at: AwareDatetime


class Subscription(Model):
    """What a subscriber gets: one row per list."""

    id: str
    subscriber_id: str
    list_id: str
    state: SubscriptionState = SubscriptionState.PENDING
    audiences: list[AudienceId] = Field(default_factory=lambda: ["*"])
    language: Language = "en"
    density: str = "full"
    mutes: list[str] = Field(default_factory=list)
    day: int = 0
    hour: int = 9
    timezone: str = "UTC"
    paused_until: AwareDatetime | None = None
    """Null: until they say so."""
    consented_at: AwareDatetime | None = None
    """When they confirmed; null for those that have not."""
    consent_text: str = ""
    """What they agreed to, word for word."""
    consent_form: str = ""
    """Where: such as `web`, `embed`, `import:FILE` or `slack`."""
    left_reason: str = ""
    created_at: AwareDatetime
    changed_at: AwareDatetime


class Suppression(Model):
    """Somebody we must not write to, known by a hash only."""

    address_hash: str
    list_id: str
    """`*` for every list."""
    reason: str
    created_at: AwareDatetime


class BounceKind(StrEnum):
    """What a mail that came back says of its reader."""

    HARD = "hard"
    """There is no such mailbox: never write there again."""
    SOFT = "soft"
    """Full or away: only too many of them count."""
    COMPLAINT = "complaint"
    """The reader called it spam."""
    POLICY = "policy"
    """Our own fault (5.7.x): the operator must mend it, the reader stays."""


class Bounce(Model):
    """A mail that came back."""

    id: str
    address_hash: str
    list_id: str
    kind: BounceKind
    status: str = ""
    """Enhanced status code, such as `5.1.1`. Source: RFC 3463."""
    diagnostic: str = ""
    delivery_id: str = ""
    bounced_at: AwareDatetime


def address_hash(address: str) -> str:
    """Return the hash that stands for *address*, whatever its case and surrounding space."""
    return digest_of("address", address.strip().casefold(), chars=64)
