"""Work out what the calendar asks for, and do it step by step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache

import structlog

from bot.deliver import route as routes
from bot.model.errors import RecapError
from bot.model.recap import Recap
from bot.model.route import Route
from bot.model.values import RecapId, RouteId
from bot.model.week import Week
from bot.workflows.pool import Desk

log = structlog.get_logger(__name__)


@dataclass
class LastPlan:
    """What the newest recap's plan was made from: as long as that stays, planning again would add nothing."""

    basis: object = None


def do_each(steps: Mapping[str, Callable[[], object]]) -> None:
    """Do *steps* by name, in order; one that fails is logged, and costs the others nothing."""
    for name, step in steps.items():
        try:
            step()
        except RecapError as exc:
            log.error("tick.step_failed", step=name, reason=str(exc))


def period(now: datetime, *, minutes: int) -> str:
    """Return the name of the period of so many *minutes* of the hour that *now* is in, such as `2026-11-23T09:05`."""
    return f"{now:%Y-%m-%dT%H}:{now.minute // minutes * minutes:02d}"


def week_due(*, desk: Desk, now: datetime) -> Week | None:
    """
    Return the last complete week if its build time has come and its recap is missing.

    So a machine that was down makes up for the last week, and for no older one.
    """
    week = desk.week_of(now).previous
    if now < build_at(week, desk=desk) or desk.store.load_recap(week.id) is not None:
        return None
    return week


def next_build(*, desk: Desk, now: datetime) -> datetime:
    """Return when the next recap is built, in UTC; what is due and missing is built at the next tick besides."""
    week = desk.week_of(now)
    last, coming = build_at(week.previous, desk=desk), build_at(week, desk=desk)
    return last if last > now else coming


def next_slots(*, desk: Desk, now: datetime) -> dict[RouteId, datetime]:
    """Return when each route sends the next recap, in UTC."""
    return {route.id: next_slot(route, desk=desk, now=now) for route in desk.load_routes()}


def next_slot(route: Route, *, desk: Desk, now: datetime) -> datetime:
    """Return when *route* sends the next recap that is built, in UTC."""
    built = next_build(desk=desk, now=now)
    return routes.next_local(built, day=route.day, at=time.fromisoformat(route.time), zone=route.timezone)


def newest_whole(*, desk: Desk) -> Recap | None:
    """Return the newest recap of a whole week, without its scored events."""
    return next((head for head in desk.store.load_recap_heads() if not head.is_partial), None)


def slots(*, desk: Desk) -> Callable[[RecapId, RouteId], datetime | None]:
    """Return what tells when a route had to send a recap, in UTC; null where one of them is not known any more."""
    by_id = {route.id: route for route in desk.load_routes()}

    @cache
    def scheduled() -> Mapping[RecapId, Recap]:
        return {head.id: as_scheduled(head, desk=desk) for head in desk.store.load_recap_heads()}

    @cache
    def slot(recap: RecapId, route: RouteId) -> datetime | None:
        known = route in by_id and recap in scheduled()
        return routes.slot(by_id[route], scheduled()[recap]) if known else None

    return slot


def as_scheduled(recap: Recap, *, desk: Desk) -> Recap:
    """
    Return *recap* as if it had been built on time.

    Slots count from the build: one that comes late, after downtime, must not put them off by a week.
    """
    scheduled = build_at(desk.week(recap.week), desk=desk)
    return recap.model_copy(update={"built_at": min(recap.built_at, scheduled)})


def build_at(week: Week, *, desk: Desk) -> datetime:
    """Return when the recap of *week* is built: the first such local day and time after the week."""
    policy = desk.recap
    return routes.next_local(
        week.ends_at, day=policy.build_day, at=time.fromisoformat(policy.build_time), zone=policy.zone
    )
