"""One owner for each channel: which routes count, where the config and a channel itself name some."""

from collections.abc import Sequence

from bot.model.route import Medium, Route
from bot.model.values import RouteId

ID_PREFIX = "slack-"


def route_id(channel: str) -> RouteId:
    """Return the id of the route that *channel* (an id such as `C0123456789`) has of its own."""
    return ID_PREFIX + channel.lower()


def in_use(config: Sequence[Route], own: Sequence[Route]) -> list[Route]:
    """Return the routes of the *config*, then the channels' *own* that no route of the config shadows."""
    return [*config, *(each for each in own if shadow(each, config) is None)]


def shadow(own: Route, config: Sequence[Route]) -> Route | None:
    """Return the route of the *config* that goes to the channel of *own*, or has its id; null where none does."""
    for place in own.destinations:
        if found := of_channel(config, place.id, name=own.name):
            return found
    return next((each for each in config if each.id == own.id), None)


def of_channel(routes: Sequence[Route], channel: str, *, name: str = "") -> Route | None:
    """Return the first of *routes* that goes to *channel* (an id), by its id or its *name* (such as `#founders`)."""
    known = {channel, name} - {""}
    for route in routes:
        if any(place.medium is Medium.SLACK and place.id in known for place in route.destinations):
            return route
    return None
