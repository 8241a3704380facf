"""When a delivery that was not taken is tried again."""

from datetime import datetime, timedelta

from bot.model.errors import DeliveryError, DeliveryRefused, DeliveryUnknown, DestinationGone, RelayUnreachable
from bot.model.policy import DeliverPolicy

_JITTER_SHARE = 0.25
"""Spreads those that failed together, without making the first pause much longer."""


def next_try(
    error: DeliveryError, *, attempts: int, policy: DeliverPolicy, now: datetime, jitter: float
) -> datetime | None:
    """
    Return when to try again after *attempts* tries, or null to give up.

    Pauses double from `retry_base_s` up to `retry_max_s`; *jitter* (0..1) adds up to a quarter.
    A pause that the provider asked for is kept to the second. What was refused, has nowhere
    to go or may have arrived is never tried again; what found no relay is not its own fault, and never given up.
    """
    if isinstance(error, DeliveryRefused | DestinationGone | DeliveryUnknown):
        return None
    if attempts >= policy.max_attempts and not isinstance(error, RelayUnreachable):
        return None
    if error.retry_after_s is not None:
        return now + timedelta(seconds=max(0.0, error.retry_after_s))
    pause_s = min(policy.retry_max_s, policy.retry_base_s * 2 ** min(max(0, attempts - 1), 30))
    return now + timedelta(seconds=pause_s * (1 + _JITTER_SHARE * jitter))
