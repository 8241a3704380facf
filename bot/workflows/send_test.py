"""Send a digest to one address to try it: marked as a test, and no business of the ledger."""

from datetime import datetime

from bot.model import hints
from bot.model.delivery import TEST, Delivery, Receipt
from bot.model.digest import Digest
from bot.model.errors import NotAllowed, NotFound
from bot.model.route import Medium
from bot.model.values import RecapId, RouteId, digest_of
from bot.ports import Sender
from bot.workflows.pool import Desk


def send(
    recap: RecapId, address: str, *, route: RouteId | None, desk: Desk, sender: Sender, now: datetime
) -> tuple[RouteId, Receipt]:
    """
    Send the mail of *route* (or of the first that has one) to *address*, drafts too; return whose it was.

    Whoever it goes to need not be subscribed, and suppressions do not count: an operator asked for it.

    Raises: NotFound, NotAllowed, DeliveryError.
    """
    digest = _digest(recap, route, desk=desk)
    list_id = _list_of(digest.route_id, desk=desk)
    delivery = Delivery(
        id=digest_of("test", digest.key, address, now.isoformat()),
        purpose=TEST,
        subject=digest.key,
        workspace=sender.workspace() or list_id,
        medium=Medium.EMAIL,
        destination=list_id,
        recipient=address,
        part="mail",
        sender=sender.name,
        recap_id=TEST,
        route_id=digest.route_id,
        planned_at=now,
        not_before=now,
    )
    return digest.route_id, sender.send(delivery, digest, parent=None)


def _digest(recap: RecapId, route: RouteId | None, *, desk: Desk) -> Digest:
    found = desk.store.load_digests(recap)
    if not found:
        raise NotFound(f"No recap was built for {recap}; `recap build --week {recap[:8]}` builds one.")
    if route is None:
        by_mail = next((digest for digest in found if digest.email is not None), None)
        if by_mail is None:
            why = "no route goes to an email list, or all had too little news"
            raise NotAllowed(f"No digest of {recap} is a mail: {why}.")
        return by_mail
    chosen = next((digest for digest in found if digest.route_id == route), None)
    if chosen is None:
        hint = hints.nearest(route, [digest.route_id for digest in found])
        raise NotFound(f"Recap {recap} has no digest for route '{route}'{hint}")
    if chosen.email is None:
        why = chosen.state_reason or "it goes to no email list"
        raise NotAllowed(f"The digest of route '{route}' is no mail: {why}.")
    return chosen


def _list_of(route_id: RouteId, *, desk: Desk) -> str:
    places = (place for route in desk.load_routes() if route.id == route_id for place in route.destinations)
    for place in places:
        if place.medium is Medium.EMAIL:
            return place.id
    raise NotAllowed(f"Route '{route_id}' goes to no email list any more; its recap was built when it did.")
