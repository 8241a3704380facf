"""Channels' own routes that were made after a recap was built: they get it too, where their time is still to come."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import structlog

from bot.deliver import route as routes
from bot.model.digest import Digest
from bot.model.recap import Recap
from bot.model.route import Medium, Route
from bot.model.values import RouteId
from bot.workflows import build_recap, frozen, keep_time
from bot.workflows.pool import Desk

log = structlog.get_logger(__name__)

MARGIN = timedelta(minutes=1)
"""Two ticks: so long may pass between what somebody is told and the plan."""


def build(recap: Recap, digests: Sequence[Digest], *, desk: Desk, now: datetime) -> list[Digest]:
    """
    Store the digests that *recap* lacks for routes made since; return all of the recap's, the new ones last.

    They are made of the week as it was when the recap was built. *digests* are those that it has.
    """
    wanted = _missing(recap, {digest.route_id for digest in digests}, desk=desk, now=now)
    if not wanted:
        return list(digests)
    pool = frozen.pool_of(recap, desk=desk)
    selections = build_recap.select_all(pool, wanted, desk=desk)
    insights = build_recap.insights_of(pool, selections, wanted, desk=desk, now=now, on_progress=lambda _: None)
    built = build_recap.digests_of(recap, pool, insights, selections, routes=wanted, desk=desk, now=now)
    desk.store.save_edition(recap, built, list(insights.values()))
    log.info("recap.extended", recap=recap.id, routes=[route.id for route in wanted])
    return [*digests, *built]


def slot(route: Route, *, desk: Desk, now: datetime) -> datetime | None:
    """Return when *route*, which has no digest of the newest recap, gets it all the same; null where it does not."""
    recap = keep_time.newest_whole(desk=desk)
    if recap is None:
        return None
    has = {digest.route_id for digest in desk.store.load_digests(recap.id)}
    return _slot(route, recap, desk=desk) if _is_late(route, recap, has, desk=desk, now=now + MARGIN) else None


def _missing(recap: Recap, has: Collection[RouteId], *, desk: Desk, now: datetime) -> list[Route]:
    own = [route for route in desk.load_routes() if route.origin != "config"]
    return [route for route in own if _is_late(route, recap, has, desk=desk, now=now - MARGIN)]


def _is_late(route: Route, recap: Recap, has: Collection[RouteId], *, desk: Desk, now: datetime) -> bool:
    if recap.is_partial or route.id in has or _slot(route, recap, desk=desk) <= now:
        return False
    return not _had_it(route, recap, desk=desk)


def _had_it(route: Route, recap: Recap, *, desk: Desk) -> bool:
    """Return whether the channel is to get *recap*, or got it, by a route that it had before."""
    here = {route.name, *(place.id for place in route.destinations)}
    rows = desk.store.load_deliveries(recap=recap.id, medium=Medium.SLACK)
    return any(here & {row.destination, row.channel} for row in rows)


def _slot(route: Route, recap: Recap, *, desk: Desk) -> datetime:
    return routes.slot(route, keep_time.as_scheduled(recap, desk=desk))
