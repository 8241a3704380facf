"""Drafts and the clock: who must be reminded, and what becomes of a draft that nobody approved in time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.deliver import route as routes
from bot.model.digest import Digest, DigestState
from bot.model.errors import RecapError
from bot.model.recap import Recap
from bot.model.route import OnTimeout, Route
from bot.model.values import RecapId, RouteId
from bot.workflows import keep_time, review_recap
from bot.workflows.pool import Desk
from bot.workflows.review_recap import Act, Editor

log = structlog.get_logger(__name__)

CLOCK = "recap"
"""The editor's name where nobody did anything."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft with the time by which somebody should have looked at it."""

    digest: Digest
    route: Route
    until: datetime


def until(recap: RecapId, route: RouteId, *, desk: Desk) -> datetime | None:
    """
    Return when the draft of *route* in *recap* must have been looked at: its slot; null if not of the newest whole one.

    Of a recap that was built late, it is `nudge_hours` after its build.
    """
    newest = keep_time.newest_whole(desk=desk)
    known = next((each for each in desk.load_routes() if each.id == route), None)
    return _until(newest, known, desk=desk) if newest and known and newest.id == recap else None


def waiting_drafts(*, desk: Desk) -> list[Waiting]:
    """Return the drafts of the newest whole recap with their deadlines; see `until`."""
    recap = keep_time.newest_whole(desk=desk)
    if recap is None:
        return []
    routes_by_id = {route.id: route for route in desk.load_routes()}
    states = desk.store.load_digest_states(recap.id)
    found = [desk.store.load_digest(key) for key, state in states.items() if state == DigestState.DRAFT]
    return [
        Waiting(digest, route, _until(recap, route, desk=desk))
        for digest in found
        if digest is not None and (route := routes_by_id.get(digest.route_id))
    ]


def drafts_near_deadline(*, desk: Desk, now: datetime) -> list[Waiting]:
    """Return the drafts of which an editor should be reminded: `nudge_hours` before their deadline, until then."""
    ahead = timedelta(hours=desk.recap.nudge_hours)
    return [each for each in waiting_drafts(desk=desk) if each.until - ahead <= now < each.until]


def end_overdue(*, desk: Desk, now: datetime) -> list[Digest]:
    """Send or skip each draft whose deadline is over, as its route says; return these. Held ones go on waiting."""
    overdue = [each for each in waiting_drafts(desk=desk) if each.until <= now]
    return [ended for each in overdue if (ended := _ended(each, desk=desk, now=now))]


def nudge(*, desk: Desk, now: datetime) -> list[Waiting]:
    """Remind the operator of each draft once; return those of this time."""
    fresh = [
        each
        for each in drafts_near_deadline(desk=desk, now=now)
        if desk.store.claim_period("nudge", each.digest.key, now=now)
    ]
    for each in fresh:
        log.warning(
            "review.waits",
            route=each.route.id,
            recap=each.digest.recap_id,
            until=each.until.isoformat(),
            then=each.route.on_timeout.value,
        )
    return fresh


def _until(recap: Recap, route: Route, *, desk: Desk) -> datetime:
    at_least = recap.built_at + timedelta(hours=desk.recap.nudge_hours)
    return max(routes.slot(route, keep_time.as_scheduled(recap, desk=desk)), at_least)


def _ended(draft: Waiting, *, desk: Desk, now: datetime) -> Digest | None:
    nobody = f"nobody reviewed it by {draft.until:%Y-%m-%d %H:%M} UTC"
    clock, choice = Editor(CLOCK, now), draft.route.on_timeout
    if choice == OnTimeout.HOLD:
        return None
    state = DigestState.READY if choice == OnTimeout.SEND else DigestState.SKIPPED
    outcome = "sent as set" if choice == OnTimeout.SEND else "skipped as set"
    try:
        act = Act("timeout", choice.value)
        ended = review_recap.settled(draft.digest, state, f"{nobody}; {outcome}", act, clock, desk=desk)
    except RecapError as exc:  # somebody acts this moment: the next tick looks again
        log.warning("review.timeout_failed", route=draft.route.id, reason=str(exc))
        return None
    log.warning("review.timed_out", route=draft.route.id, recap=ended.recap_id, outcome=outcome)
    return ended
