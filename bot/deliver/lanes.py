"""What may go side by side, and what must wait for what."""

from collections import defaultdict
from collections.abc import Iterable

from bot.model.delivery import Delivery, DeliveryState
from bot.model.digest import Digest, DigestState
from bot.model.route import Medium

_ENDED = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.CANCELLED)


def of(due: Iterable[Delivery]) -> list[list[Delivery]]:
    """Return the Slack messages that are *due* by destination, each lane in the order given."""
    places: defaultdict[tuple[str, ...], list[Delivery]] = defaultdict(list)
    for each in due:
        places[(each.sender, each.medium, each.workspace, each.destination)].append(each)
    return list(places.values())


def must_wait(delivery: Delivery, digest: Digest | None, parent: Delivery | None) -> bool:
    """Return whether *delivery* may not go yet: its digest is a draft, or the message it replies to has not ended."""
    if digest is not None and digest.state is DigestState.DRAFT:
        return True
    return is_reply(delivery) and (parent is None or parent.state not in _ENDED)


def is_reply(delivery: Delivery) -> bool:
    """Return whether *delivery* is a reply in a Slack thread."""
    return delivery.medium is Medium.SLACK and delivery.part != "parent"


def family(delivery: Delivery) -> tuple[str, ...]:
    """Return what a message and its replies have in common."""
    return (delivery.subject, delivery.workspace, delivery.destination, delivery.recipient, str(delivery.revision))
