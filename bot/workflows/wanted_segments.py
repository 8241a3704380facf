"""Say which segments of a recap's readers have no digest yet, and beside which route's own each is made."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.model.digest import Digest, DigestState, digest_key
from bot.model.policy import MailingList
from bot.model.recap import Recap
from bot.model.route import Destination, Medium, ReviewChoice, Route, ThinWeek
from bot.model.subscriber import SLACK_LIST, Subscription, SubscriptionState
from bot.model.values import AudienceId, EventId
from bot.rank import segments, select
from bot.rank.segments import Segment
from bot.workflows.pool import Desk

_UNSENT = frozenset({DigestState.DRAFT, DigestState.REJECTED})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A segment that has no digest yet."""

    key: str
    route: Route
    """The route as its own digest has it."""
    segment: Segment
    own: Digest
    """Of the route that it is made beside: what its editor wrote holds here too."""
    dropped: frozenset[EventId]
    """What an editor took out."""
    mailing_list: MailingList | None
    """Null for people in Slack."""

    @property
    def identity(self) -> tuple[str, str]:
        """Return what its digests have in common, week for week: the route's id and `Digest.segment`."""
        return self.route.id, self.segment.identity(self.route)


def missing(recap: Recap, own: Sequence[Digest], *, desk: Desk) -> Iterator[Wanted]:
    """
    Yield the segments of *recap* that have no digest yet, each once; *own* are the routes' digests.

    What an editor must approve first has no segments until then. A person's own message is of all news, so it
    waits for every draft that could show them something.
    """
    week = _Week(recap, own, desk)
    seen = set(desk.store.load_digest_states(recap.id))
    for each in (*week.of_lists(), *week.of_people()):
        if each.key not in seen and (each.mailing_list is None or not each.segment.is_own(each.route)):
            seen.add(each.key)
            yield each


def key_of(recap: Recap, route: Route, segment: Segment) -> str:
    """Return the key of a segment's digest."""
    offered = segment.route(route)
    return digest_key(
        recap.id,
        route.id,
        audiences=offered.audiences,
        language=segment.language,
        density=segment.density,
        mutes=list(segment.mutes),
    )


def routes_of(mailing_list: MailingList, routes: Iterable[Route]) -> list[Route]:
    """Return the *routes* that go to a list."""
    return [
        route
        for route in routes
        if any(each.medium is Medium.EMAIL and each.id == mailing_list.id for each in route.destinations)
    ]


def for_people(routes: Sequence[Route]) -> list[Route]:
    """Return those of *routes* that people's own messages follow: the config's; a channel's limits are for itself."""
    return [route for route in routes if route.origin == "config"] or list(routes)


def personal_route(beside: Route) -> Route:
    """Return the route of people's own messages: as *beside*, but of all news, and never too short to be sent."""
    changes = {
        "id": SLACK_LIST,
        "audiences": ["*"],
        "topics": [],
        "languages": [],
        "thin_week": ThinWeek.SHORT,
        "destinations": [Destination(medium=Medium.SLACK, id=SLACK_LIST)],
    }
    return beside.model_copy(update=changes)


def offered_to(digest: Digest, *, lists: Collection[str], desk: Desk) -> Route:
    """
    Return the route of a stored *digest* as it was offered to its segment, for *lists* (none: those of the route).

    Raises: NotFound.
    """
    if digest.route_id == SLACK_LIST:
        routes = for_people(desk.load_routes())
        known = personal_route(next((each for each in routes if each.language == digest.language), routes[0]))
    else:
        known = desk.route(digest.route_id)
        mailed = [
            each for each in known.destinations if each.medium is Medium.EMAIL and (each.id in lists or not lists)
        ]
        known = known.model_copy(update={"destinations": mailed})
    return select.for_audiences(known, digest.audiences, digest.mutes, language=digest.language)


class _Week:
    """A recap's routes, with what their editors did."""

    def __init__(self, recap: Recap, own: Sequence[Digest], desk: Desk) -> None:
        self._recap = recap
        self._desk = desk
        self._own = {digest.route_id: digest for digest in own}
        self._routes = [route for route in desk.load_routes() if route.id in self._own]
        self._drafts = [route for route in self._routes if self._own[route.id].state is DigestState.DRAFT]
        self._open = [route for route in self._routes if not self._is_shut(route)]
        self._audiences = frozenset(each.id for each in desk.audiences)
        self._dropped: Mapping[str, frozenset[EventId]] = {each.route_id: _dropped(each, desk=desk) for each in own}

    def of_lists(self) -> Iterator[Wanted]:
        for mailing_list in self._desk.recap.lists:
            ways = routes_of(mailing_list, self._routes)
            for subscription in self._active(mailing_list.id) if ways else ():
                route = segments.route_for(subscription, ways)
                if route in self._open:
                    segment = segments.of(subscription, route, known=self._audiences)
                    yield self._wanted(route, segment, beside=route, mailing_list=mailing_list)

    def of_people(self) -> Iterator[Wanted]:
        for subscription in self._active(SLACK_LIST) if self._open else ():
            beside = segments.route_for(subscription, for_people(self._open))
            route = personal_route(beside)
            segment = segments.of(subscription, route, known=self._audiences)
            if not any(_concern(each.audiences, segment.audiences) for each in self._drafts):
                yield self._wanted(route, segment, beside=beside, mailing_list=None)

    def _active(self, list_id: str) -> Iterator[Subscription]:
        for _, subscription in self._desk.store.load_list(list_id):
            if subscription.state is SubscriptionState.ACTIVE:
                yield subscription

    def _wanted(self, route: Route, segment: Segment, *, beside: Route, mailing_list: MailingList | None) -> Wanted:
        dropped = self._dropped[beside.id] if mailing_list else self._dropped_for(segment)
        own = self._own[beside.id]
        return Wanted(key_of(self._recap, route, segment), route, segment, own, dropped, mailing_list)

    def _dropped_for(self, segment: Segment) -> frozenset[EventId]:
        """Return what editors took out for readers of a segment, unless a route shows it all the same."""
        shown = {card.event_id for route in self._open for card in self._own[route.id].cards}
        concerned = (each for each in self._own.values() if _concern(each.audiences, segment.audiences))
        return frozenset().union(*(self._dropped[each.route_id] for each in concerned)) - shown

    def _is_shut(self, route: Route) -> bool:
        """Return whether nothing of a route is sent: it waits, or its editor refused it or let it go."""
        state = self._own[route.id].state
        return state in _UNSENT or (route.review is ReviewChoice.REQUIRED and state is DigestState.SKIPPED)


def _concern(audiences: Collection[AudienceId], others: Collection[AudienceId]) -> bool:
    """Return whether some reader may be of both; none, or `*`, are all."""
    return not audiences or not others or "*" in (*audiences, *others) or not set(audiences).isdisjoint(others)


def _dropped(digest: Digest, *, desk: Desk) -> frozenset[EventId]:
    shown = {card.event_id for card in digest.cards}
    acts = desk.store.load_review_acts(digest.key)
    return frozenset(act.argument for act in acts if act.act == "drop" and act.argument not in shown)
