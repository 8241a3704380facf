"""Destinations that take nothing any more: marked with the reason, and not tried until somebody has mended them."""

from collections.abc import Sequence
from datetime import datetime
from threading import Lock

import structlog

from bot.model.delivery import Delivery, ShutDestination
from bot.model.errors import DeliveryError, DestinationGone
from bot.model.route import Medium, Route
from bot.ports import Store

log = structlog.get_logger()

MEND = "then `recap deliveries --retry` and `recap send`"


class ShutDestinations:
    """The marks, as one run of sending knows and adds them."""

    def __init__(self, store: Store) -> None:
        """Read the marks that earlier runs left. Raises: StorageError."""
        self._store = store
        self._guard = Lock()
        self._reasons = {(each.workspace, each.destination): each.reason for each in store.load_shut()}

    def reason(self, delivery: Delivery) -> str:
        """Return why the destination of *delivery* takes nothing; nothing where it is not marked."""
        with self._guard:
            return self._reasons.get((delivery.workspace, delivery.destination), "")

    def note(self, delivery: Delivery, exc: DeliveryError, *, now: datetime) -> None:
        """Mark the channel or person of *delivery* where *exc* says that it is gone or shuts us out."""
        if not isinstance(exc, DestinationGone) or delivery.medium is not Medium.SLACK:
            return  # a list that recap.yaml does not name is mended there
        with self._guard:
            self._reasons[delivery.workspace, delivery.destination] = exc.detail
        self._store.save_shut(
            ShutDestination(
                workspace=delivery.workspace, destination=delivery.destination, reason=exc.detail, since=now
            )
        )
        log.error("destination.is_shut", destination=delivery.destination, reason=exc.detail)


def of_routes(routes: Sequence[Route], *, store: Store) -> list[tuple[ShutDestination, list[str]]]:
    """Return the marked destinations that *routes* still send to, each with those routes' ids."""
    found = []
    for shut in store.load_shut():
        users = [route.id for route in routes if shut.destination in {place.id for place in route.destinations}]
        if users:
            found.append((shut, users))
    return found
