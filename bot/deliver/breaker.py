"""When a relay that refuses everything is left alone for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.errors import DeliveryBarred, DeliveryError, RelayUnreachable
from bot.model.policy import DeliverPolicy


@dataclass(frozen=True, slots=True)
class Breaker:
    """How a sender has fared of late."""

    refusals: int = 0
    """In a row, of the kind that says nothing of the reader."""
    pauses: int = 0
    """Since a message last went through."""
    open_until: datetime | None = None
    """Nothing is sent before."""

    def is_open(self, now: datetime) -> bool:
        """Return whether the sender rests."""
        return self.open_until is not None and now < self.open_until


def after(breaker: Breaker, error: DeliveryError | None, *, policy: DeliverPolicy, now: datetime) -> Breaker:
    """
    Return *breaker* after a message that ended with *error*, null where it went through.

    It opens at `max_refusals` in a row, and again at the first one after a pause; the pauses double up to
    `retry_max_s`.
    """
    if breaker.is_open(now):
        return breaker
    if not isinstance(error, RelayUnreachable | DeliveryBarred):
        return Breaker()
    refusals = breaker.refusals + 1
    if refusals < policy.max_refusals and not breaker.pauses:
        return Breaker(refusals)
    pause_s = min(policy.retry_max_s, policy.refusal_pause_s * 2 ** min(breaker.pauses, 30))
    return Breaker(refusals, breaker.pauses + 1, now + timedelta(seconds=pause_s))
