"""Mails that came back: what they say, before anybody believes them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What one mail or event from outside says of one reader of ours."""

    identity: str
    """The same whenever the same mail comes."""
    is_complaint: bool = False
    address: str = ""
    """Whom it was about, as far as it says; nothing here is proven."""
    status: str = ""
    """Enhanced status code, such as `5.1.1`; empty where there is none. Source: RFC 3463."""
    diagnostic: str = ""
    """What the other side said, in one line."""
    envelopes: tuple[str, ...] = ()
    """Addresses that it was sent to, or that the original came from: one of them may hold our token."""
    message_ids: tuple[str, ...] = ()
    """Of the original, without the angle brackets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTotals:
    """What became of the mails of one list in a span of time."""

    list_id: str
    sent: int = 0
    hard: int = 0
    soft: int = 0
    complaints: int = 0
    policy: int = 0
    """Refused for a fault of ours."""

    @property
    def complaint_rate(self) -> float:
        """Complaints by mails sent, 0..1; 0 where nothing was sent."""
        return self.complaints / self.sent if self.sent else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCounts:
    """How many people a list has, by how far their subscriptions have come."""

    list_id: str
    pending: int = 0
    active: int = 0
    paused: int = 0
    ended: int = 0
