"""Deliveries: the ledger of what goes to whom, and whether it went."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime

from bot.model.route import Medium
from bot.model.values import Model, digest_of

TEST = "test"
"""Purpose of a mail that an operator sends to try a digest: it is not in the ledger."""
NOTICE = "notice"
"""Purpose of a mail to one person about their subscription."""
FOLLOW = "follow"
"""Purpose of a direct message about an affair that somebody follows; it is made when it is sent."""
REVIEW = "review"
"""Purpose of a message to the editors about a draft; it is made when it is sent."""
MADE_WHEN_SENT = frozenset({FOLLOW, REVIEW})
NUDGE = "nudge"
"""The part of a draft's thread that reminds its editors; the channel sees it too."""

CORRECTION = "correction-"
"""Begins the part of a reply that says what a correction changed: `correction-01`, …"""


class DeliveryState(StrEnum):
    """planned → claimed → sending → sent | failed | cancelled | unknown."""

    PLANNED = "planned"
    CLAIMED = "claimed"
    """Leased by a process; an expired lease is free again."""
    SENDING = "sending"
    """Committed just before the first byte leaves; found so after a crash, it is unknown."""
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Delivery(Model):
    """One part of one digest to one recipient: UNIQUE over all that `delivery_id` takes."""

    id: str
    purpose: str = "recap"
    subject: str
    """What is delivered: a digest's key, a notice's id, or a thread's news since a moment."""
    workspace: str
    """Slack team id, or `local`; for mail the list's id."""
    medium: Medium
    destination: str
    """Channel or email list."""
    recipient: str
    """The channel again, or the address."""
    part: str
    """`parent`, `reply-01`, …, or `mail`."""
    revision: int = 0
    """Rises with corrections: 0 for what was sent first."""
    since: AwareDatetime | None = None
    """When the recipient subscribed, which their mail says; null for channels and for members of a list."""
    sender: str
    """Which sender has it: `slack`, `smtp` or `outbox`."""
    recap_id: str = ""
    route_id: str = ""
    state: DeliveryState = DeliveryState.PLANNED
    planned_at: AwareDatetime
    not_before: AwareDatetime
    """The route's slot, or the time of the next try."""
    lease_until: AwareDatetime | None = None
    attempts: int = 0
    settled_at: AwareDatetime | None = None
    receipt: str | None = None
    """
    The provider's own id: Slack's `ts`, the mail's Message-ID, the outbox file.

    One that is known before anything was sent is that of the posted message that a correction changes.
    """
    channel: str = ""
    """Slack: the real id of the channel that took it, which replies and corrections need. Source: CONVENTIONS S34."""
    error: str | None = None

    @property
    def is_change(self) -> bool:
        """Return whether it changes a posted message in place: doing so twice does no harm."""
        return self.revision > 0 and self.receipt is not None and not self.part.startswith(CORRECTION)


class ShutDestination(Model):
    """A destination that takes nothing any more, until somebody has mended it."""

    workspace: str
    destination: str
    reason: str
    """What it said, with the mend."""
    since: AwareDatetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider's word that it took a message."""

    id: str
    """Slack's `ts`, the mail's Message-ID, the outbox file."""
    channel: str = ""
    """Slack: the channel's real id."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How one delivery ended."""

    delivery_id: str
    receipt: Receipt
    at: datetime


@dataclass(frozen=True, slots=True)
class PutOff:
    """Deliveries of one place that wait for another try, for one reason."""

    sender: str
    destination: str
    error: str
    until: datetime
    """The first of them."""


def delivery_id(
    subject: str, *, purpose: str, workspace: str, destination: str, recipient: str, part: str, revision: int
) -> str:
    """Return the identity of a delivery: the same part to the same recipient is the same delivery for ever."""
    return digest_of("delivery", purpose, subject, workspace, destination, recipient, part, str(revision))
