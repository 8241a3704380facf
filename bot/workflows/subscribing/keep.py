"""What time does to subscriptions: pauses end, and who never confirmed is forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.ports import Store

log = structlog.get_logger()

UNCONFIRMED_AGE = timedelta(days=30)
NOTICE_AGE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class KeepReport:
    """What became of subscriptions by themselves."""

    resumed: int
    forgotten: int
    """Sign-ups that nobody confirmed."""


def keep(*, store: Store, now: datetime) -> KeepReport:
    """End the pauses that are over; forget sign-ups and notices that are a month old."""
    resumed = store.end_pauses(now=now)
    forgotten = store.delete_unconfirmed(before=now - UNCONFIRMED_AGE)
    store.delete_notices(before=now - NOTICE_AGE)
    if resumed or forgotten:
        log.info("subscriptions.kept", resumed=resumed, forgotten=forgotten)
    return KeepReport(resumed, forgotten)
