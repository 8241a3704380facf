"""When a route's digest goes out."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model.recap import Recap
from bot.model.route import Route


def slot(route: Route, recap: Recap) -> datetime:
    """Return the first moment, in UTC, at or after the recap's build that is the route's local day and time."""
    return next_local(recap.built_at, day=route.day, at=time.fromisoformat(route.time), zone=route.timezone)


def next_local(after: datetime, *, day: int, at: time, zone: str) -> datetime:
    """
    Return the first moment, in UTC, at or after *after* that is weekday *day* (0 = Monday), *at* o'clock in *zone*.

    A local time that daylight saving skips moves forward by as much as was skipped;
    of one that comes twice the first counts.
    """
    local = ZoneInfo(zone)
    first_day = after.astimezone(local).date()
    candidate_day = first_day + timedelta(days=(day - first_day.weekday()) % 7)
    moment = _moment(candidate_day, at, local)
    return moment if moment >= after else _moment(candidate_day + timedelta(days=7), at, local)


def _moment(day: date, at: time, local: ZoneInfo) -> datetime:
    # fold=0 reads a skipped time with the offset before the change (so it lands after it), and of two the first.
    return datetime.combine(day, at, local).astimezone(UTC)
