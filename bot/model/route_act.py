"""What people do to the routes that channels have of their own."""

from typing import Literal

from pydantic import AwareDatetime

from bot.model.route import Route
from bot.model.values import Model, RouteId


class RouteAct(Model):
    """One thing somebody did to a channel's own route: who, what, when."""

    id: str
    route_id: RouteId
    workspace: str
    act: Literal["make", "change", "remove"]
    person: str
    """Slack user id, or the operator's name on their machine."""
    acted_at: AwareDatetime
    before: Route | None = None
    """Null where it was made."""
    after: Route | None = None
    """Null where it was removed."""
