"""Work out what the calendar asks for now: the recap to build."""

from datetime import datetime, time

from bot.deliver import route as routes
from bot.model.week import Week
from bot.workflows.pool import Desk


def week_due(*, desk: Desk, now: datetime) -> Week | None:
    """
    Return the last complete week if its build time has come and its recap is missing.

    So a machine that was down makes up for the last week, and for no older one.
    """
    week = desk.week_of(now).previous
    if now < build_at(week, desk=desk) or desk.store.load_recap(week.id) is not None:
        return None
    return week


def build_at(week: Week, *, desk: Desk) -> datetime:
    """Return when the recap of *week* is built: the first such local day and time after the week."""
    policy = desk.recap
    return routes.next_local(
        week.ends_at, day=policy.build_day, at=time.fromisoformat(policy.build_time), zone=policy.zone
    )
