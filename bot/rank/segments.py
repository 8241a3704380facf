"""Segments: what the subscribers of a list chose, so that those who chose the same share one digest."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.model.digest import segment_of
from bot.model.route import Route
from bot.model.subscriber import DENSITIES, Subscription
from bot.model.values import AudienceId, Language
from bot.rank import select

QUIET_WEEKS = 4
"""In so many weeks, readers for whom there is nothing are told so once: more is noise, less looks like a failure."""
MAX_BEYOND = 3
"""Lines of what there was for everybody, where readers' own choices bring too little."""

_EVERYBODY = "*"


@dataclass(frozen=True, slots=True)
class Segment:
    """Equal choices; each tuple in order, so that the same choices are equal however they were made."""

    audiences: tuple[AudienceId, ...]
    """Empty: what the route offers."""
    language: Language
    density: str
    mutes: tuple[str, ...]

    def route(self, route: Route) -> Route:
        """Return *route* as the segment gets it."""
        return select.for_audiences(route, self.audiences, self.mutes, language=self.language)

    def is_own(self, route: Route) -> bool:
        """Return whether the route's own digest is what the segment wants."""
        return self == Segment((), route.language, DENSITIES[0], ())

    def identity(self, route: Route) -> str:
        """Return what its digests of *route* have in common, week for week: `Digest.segment`."""
        offered = self.route(route)
        return segment_of(
            audiences=offered.audiences, language=self.language, density=self.density, mutes=list(self.mutes)
        )


def of(subscription: Subscription, route: Route, *, known: Collection[AudienceId] = ()) -> Segment:
    """
    Return the segment of *route* that a subscriber belongs to.

    Of their audiences only the *known* ones count (all, where none are named): one that was taken out of the
    configuration must not leave its readers without news. Mutes count once whatever their case.
    """
    chosen = {each for each in subscription.audiences if not known or each in known or each == _EVERYBODY}
    own = _EVERYBODY in chosen or chosen == set(route.audiences)
    return Segment(
        audiences=() if own else tuple(sorted(chosen)),
        language=subscription.language or route.language,
        density=subscription.density if subscription.density in DENSITIES else DENSITIES[0],
        mutes=tuple(sorted({" ".join(word.split()).casefold() for word in subscription.mutes} - {""})),
    )


def route_for(subscription: Subscription, routes: Sequence[Route]) -> Route:
    """Return the one of a list's *routes* (at least one) whose mail a subscriber gets: the first in their language."""
    return next((route for route in routes if route.language == subscription.language), routes[0])


def beyond(segment: Segment, route: Route) -> Route:
    """Return *route* for the best of the week that is not of a segment's audiences; what it mutes stays out."""
    wider = select.for_audiences(route, (), segment.mutes, language=segment.language)
    return wider.model_copy(update={"max_events": MAX_BEYOND})
