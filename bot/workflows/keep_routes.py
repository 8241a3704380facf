"""Keep the routes that channels have of their own: one owner for each, the channel or the config."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

import structlog

from bot.deliver import owned
from bot.deliver import route as routes
from bot.model.delivery import Delivery, DeliveryState, ShutDestination
from bot.model.digest import DigestState
from bot.model.errors import NotAllowed, NotFound
from bot.model.recap import Recap
from bot.model.route import Destination, Medium, ReviewChoice, Route
from bot.model.route_act import RouteAct
from bot.model.values import AudienceId, Language, RouteId, digest_of
from bot.workflows import keep_time, late_routes
from bot.workflows.pool import Desk

log = structlog.get_logger(__name__)

_LEASE_S = 60.0
LONG_WAIT = timedelta(days=6)
"""A slot this long after the build lies just before it: 09:00 in Shanghai, say, with a build at 06:00 UTC."""


@dataclass(frozen=True, slots=True)
class Place:
    """A channel of a Slack workspace."""

    workspace: str
    channel: str
    """Its id."""
    name: str = ""
    """Such as `#founders`; empty where Slack does not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteChoice:
    """What somebody chose for their channel."""

    audiences: Sequence[AudienceId]
    """None: everybody."""
    day: int
    time: str
    """Such as `09:00`."""
    timezone: str
    max_events: int
    min_score: float
    language: Language
    review: ReviewChoice


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a choice."""

    route: Route
    act: Literal["make", "change", ""]
    """Empty where nothing changed."""
    next_at: datetime
    """When the channel gets its next recap."""
    is_pending: bool
    """That recap is made already: what was chosen of audiences, score and language holds from the one after."""
    is_reopened: bool
    """The channel was marked as taking nothing."""

    def waits_long(self, built: datetime) -> bool:
        """Return whether the recap built at *built* is old news when it comes."""
        return not self.is_pending and self.next_at - built > LONG_WAIT


@dataclass(frozen=True, slots=True)
class Standing:
    """A route with its owner."""

    route: Route
    line: int | None
    """Of routes.yaml; null for a channel's own."""
    person: str
    """Who made or changed a channel's own route last."""
    changed_at: datetime | None
    shadowed_by: RouteId
    """The route of the config that has the channel; a channel's own is not used then."""
    next_at: datetime | None
    """When it sends the next recap that is built; null where it is not used."""


def proposed(place: Place, *, desk: Desk) -> Route:
    """Return the route that *place* has of its own, or the one that it could have: at nine or later after the build."""
    if known := own_route(place, desk=desk):
        return known
    policy = desk.recap
    hour = max(9, time.fromisoformat(policy.build_time).hour + 1)
    return Route(
        id=owned.route_id(place.channel),
        name=place.name or place.channel,
        origin="slack",
        workspace=place.workspace,
        language=policy.languages[0],
        destinations=[Destination(medium=Medium.SLACK, id=place.channel)],
        day=(policy.build_day + (hour > 23)) % 7,
        time=f"{hour % 24:02d}:00",
        timezone=policy.zone,
        min_events=1,
    )


def own_route(place: Place, *, desk: Desk) -> Route | None:
    """Return the route that *place* has of its own, shadowed or not; null where it has none."""
    own = desk.store.load_routes(workspace=place.workspace)
    return next((each for each in own if each.id == owned.route_id(place.channel)), None)


def shut_mark(place: Place, *, desk: Desk) -> ShutDestination | None:
    """Return the mark that says why nothing is posted to *place*; null where there is none."""
    here = (place.workspace, place.channel)
    return next((each for each in desk.store.load_shut() if (each.workspace, each.destination) == here), None)


def scores(*, desk: Desk) -> list[float]:
    """Return the scores of the newest recap's events, best first; none where there is no recap."""
    head = keep_time.newest_whole(desk=desk)
    recap = desk.store.load_recap(head.id) if head else None
    return sorted((each.score for each in recap.events), reverse=True) if recap else []


def keep(choice: RouteChoice, place: Place, *, person: str, desk: Desk, now: datetime) -> Kept:
    """
    Give *place* a route of its own, or change it, and open the channel again where it was marked as shut.

    What is planned already and was not tried moves to the new time, unless that is past.

    Raises: NotAllowed where the channel's route is the config's.
    """
    before = own_route(place, desk=desk)
    after = _chosen(choice, before or proposed(place, desk=desk), place)
    if theirs := owned.shadow(after, desk.routes):
        raise NotAllowed(f"The route of this channel is '{theirs.id}' of routes.yaml, and is changed there.")
    if after != before:
        desk.store.save_route(after, _act(place, person, before, after, now=now))
        log.info("route.kept", route=after.id, is_new=before is None)
    is_reopened = _reopen(after, place, desk=desk, now=now)
    next_at, is_pending = _next_of(after, desk=desk, now=now)
    act: Literal["make", "change", ""] = "make" if before is None else "change" if after != before else ""
    return Kept(after, act, next_at, is_pending, is_reopened)


def remove(route: RouteId, *, person: str, desk: Desk, now: datetime) -> Route:
    """
    Forget a channel's own route, and cancel what it was still to send; return it.

    Raises: NotFound where no channel has it.
    """
    before = next((each for each in desk.store.load_routes() if each.id == route), None)
    if before is None:
        raise NotFound(f"'{route}' is no channel's own route; `recap routes` lists them.")
    place = Place(before.workspace, before.destinations[0].id)
    if desk.store.delete_route(route, _act(place, person, before, None, now=now)):
        log.info("route.removed", route=route)
    for each in _deliveries(before, DeliveryState.PLANNED, desk=desk):
        # Claimed first, as of its time: another process may be sending it this moment.
        if desk.store.claim(each.id, now=each.not_before, lease_s=_LEASE_S):
            desk.store.settle(each.id, DeliveryState.CANCELLED, now=now, error="its route was removed")
    return before


def standings(lines: Mapping[RouteId, int], *, desk: Desk, now: datetime) -> list[Standing]:
    """Return every route with its owner: the config's (at *lines*), then the channels' own, shadowed ones too."""
    slots = keep_time.next_slots(desk=desk, now=now)
    config = [Standing(each, lines.get(each.id), "", None, "", slots[each.id]) for each in desk.routes]
    last = {act.route_id: act for act in desk.store.load_route_acts()}
    return config + [_standing(each, last.get(each.id), slots, desk=desk) for each in desk.store.load_routes()]


def _standing(route: Route, last: RouteAct | None, slots: Mapping[RouteId, datetime], *, desk: Desk) -> Standing:
    theirs = owned.shadow(route, desk.routes)
    person, at = (last.person, last.acted_at) if last else ("", None)
    return Standing(route, None, person, at, theirs.id if theirs else "", None if theirs else slots.get(route.id))


def _chosen(choice: RouteChoice, before: Route, place: Place) -> Route:
    changes = {
        "name": place.name or before.name,
        "audiences": list(choice.audiences) or ["*"],
        "day": choice.day,
        "time": choice.time,
        "timezone": choice.timezone,
        "max_events": choice.max_events,
        "min_events": min(before.min_events, choice.max_events),
        "min_score": choice.min_score,
        "language": choice.language,
        "review": choice.review,
    }
    return before.model_copy(update=changes)


def _act(place: Place, person: str, before: Route | None, after: Route | None, *, now: datetime) -> RouteAct:
    route = owned.route_id(place.channel)
    return RouteAct(
        id=digest_of("route", place.workspace, route, person, now.isoformat(), repr(after)),
        route_id=route,
        workspace=place.workspace,
        act="make" if before is None else "change" if after else "remove",
        person=person,
        acted_at=now,
        before=before,
        after=after,
    )


def _reopen(route: Route, place: Place, *, desk: Desk, now: datetime) -> bool:
    if not desk.store.release_shut(of=(place.workspace, place.channel)):
        return False
    for each in _deliveries(route, DeliveryState.FAILED, desk=desk):
        desk.store.release(each.id, not_before=now, error=each.error or "")
    return True


def _next_of(route: Route, *, desk: Desk, now: datetime) -> tuple[datetime, bool]:
    """Return when *route* sends next, and whether that recap is made already; what is planned moves to the new time."""
    recap = keep_time.newest_whole(desk=desk)
    slot = routes.slot(route, keep_time.as_scheduled(recap, desk=desk)) if recap else None
    planned = _deliveries(route, DeliveryState.PLANNED, desk=desk)
    if recap and slot and slot > now:
        if not planned and _is_draft(route, recap, desk=desk):
            return slot, True
        desk.store.move_deliveries([each.model_copy(update={"not_before": slot}) for each in planned])
    if not planned:
        return late_routes.slot(route, desk=desk, now=now) or keep_time.next_slot(route, desk=desk, now=now), False
    left = [each.not_before for each in _deliveries(route, DeliveryState.PLANNED, desk=desk)]
    return (min(left), True) if left else (keep_time.next_slot(route, desk=desk, now=now), False)


def _is_draft(route: Route, recap: Recap, *, desk: Desk) -> bool:
    """Return whether what *route* gets of *recap* waits for an editor."""
    own = (digest for digest in desk.store.load_digests(recap.id) if digest.route_id == route.id)
    return any(digest.state is DigestState.DRAFT for digest in own)


def _deliveries(route: Route, state: DeliveryState, *, desk: Desk) -> list[Delivery]:
    """Return what *route* has in the ledger of the newest recap, in that *state*."""
    recap = keep_time.newest_whole(desk=desk)
    if recap is None:
        return []
    found = desk.store.load_deliveries(recap=recap.id, state=state, medium=Medium.SLACK)
    return [each for each in found if each.route_id == route.id]
