"""What a relay's refusal means: whose fault it is, and what may be tried."""

import re

from bot.deliver import bounced
from bot.model.errors import (
    ContentRefused,
    DeliveryBarred,
    DeliveryError,
    DeliveryFailed,
    DeliveryRefused,
    MailboxClosed,
    MailboxGone,
    RelayUnreachable,
    SenderMisconfigured,
)
from bot.model.subscriber import BounceKind

_SETUP = re.compile(r"\b5\.7\.(?:26|515)\b|relay(?:ing)?(?: access)? (?:denied|not permitted)", re.IGNORECASE)
"""What stops every mail until we mend it: SPF, DKIM, DMARC, relaying. Source: CONVENTIONS E33, E62."""
_LOGIN_CODES = frozenset({530, 534, 535, 538})
_CONTENT = ("5.3.4", "5.6")
"""Too big for the relay, or a content that it cannot carry. Source: RFC 3463 3.4, 3.7."""


def error_of(code: int, told: str, *, destination: str, is_about_us: bool = False) -> DeliveryError:
    """
    Return the error that a reply with *code* (400 or more) stands for; *told* is the reply in one line.

    *is_about_us* says that it was given before any reader was named.
    """
    if code in _LOGIN_CODES or (code >= 500 and _SETUP.search(told)):
        return SenderMisconfigured(destination, f"{told}; mend the login in RECAP_SMTP_URL or the domain's records")
    if code == 421 and is_about_us:
        return RelayUnreachable(destination, told)
    if code < 500:
        return DeliveryFailed(destination, told)
    if is_about_us:
        return SenderMisconfigured(destination, told)
    return _refusal(told, destination)


def kind_of(error: DeliveryError) -> BounceKind | None:
    """Return what *error* counts as against its reader; null where it says nothing of one."""
    if isinstance(error, MailboxGone):
        return BounceKind.HARD
    if isinstance(error, MailboxClosed):
        return BounceKind.SOFT
    return BounceKind.POLICY if isinstance(error, DeliveryBarred) else None


def _refusal(told: str, destination: str) -> DeliveryError:
    status = bounced.status_of("", told)
    if status.startswith(_CONTENT):
        return ContentRefused(destination, told)
    match bounced.kind_of(status, told, kinds={}):
        case BounceKind.HARD:
            return MailboxGone(destination, told)
        case BounceKind.POLICY if not status.startswith("5.2."):
            return DeliveryBarred(destination, f"{told}; look after the domain's records and standing")
        case BounceKind.SOFT:
            return MailboxClosed(destination, told)
    return DeliveryRefused(destination, told)
