"""Subscribers: people, their subscriptions, and whom we must not write to."""

from enum import StrEnum

from pydantic import AwareDatetime
from sqlmodel import Field

from bot.model.values import AudienceId, Language, Model, digest_of

SLACK_LIST = "slack-dm"
"""The list of personal weekly messages in Slack, and the route of their digests."""


class SubscriptionState(StrEnum):
    """How far a subscription has come."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


DENSITIES = ("full", "compact", "one-line")
"""How much of each event a mail shows, the most first."""


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


class NoticeKind(StrEnum):
    """What a notice is for."""

    CONFIRM = "confirm"
    """Asks somebody who signed up to confirm."""
    KNOWN = "known"
    """Tells a subscriber who signed up again that they are one already, with the link to their preferences."""
    LINK = "link"
    """Brings a subscriber who asked for it a new link to their preferences."""


class Notice(Model):
    """A mail to one person about their subscription."""

    id: str
    kind: NoticeKind
    subscriber_id: str
    list_id: str
    address: str
    subject: str
    html: str
    """With NOTICE_URL where the link stands: no token is ever stored."""
    text: str
    """As the HTML."""
    language: Language
    made_at: AwareDatetime


NOTICE_URL = "%%notice_url%%"
"""Where a notice leaves room for its link."""
UNSUBSCRIBED = "unsubscribed"
"""Reason of a suppression that its reader asked for: the only one that a new double opt-in lifts."""


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


def subscriber_id(address: str) -> str:
    """Return the id of the person at *address*; it can be told from the address's hash alone."""
    return subscriber_id_of(address_hash(address))


def subscriber_id_of(hashed: str) -> str:
    """Return the id of the person whose `address_hash` is *hashed*."""
    return digest_of("subscriber", hashed)


def subscription_id(subscriber: str, list_id: str) -> str:
    """Return the id of what *subscriber* gets of one list: there is one row for both, ever."""
    return digest_of("subscription", subscriber, list_id)
