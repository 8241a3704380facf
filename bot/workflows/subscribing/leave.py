"""Leave a list: at once, by one click, without a login."""

from datetime import datetime

import structlog

from bot.model.subscriber import UNSUBSCRIBED, SubscriptionState, Suppression, subscriber_id_of
from bot.workflows.subscribing import links
from bot.workflows.subscribing.registry import Registry

log = structlog.get_logger()

MAX_REASON_CHARS = 500


def list_of(token: str, *, registry: Registry) -> str:
    """Return the email list that a link to leave is for. Raises: NotFound."""
    return links.leaving(token, unseal=registry.seals.unseal)[1]


def by_token(token: str, *, registry: Registry, now: datetime, reason: str = "") -> str:
    """
    End the subscription of a link to leave, and never write there again; return the list.

    Doing it again changes nothing, but for a *reason* that the reader adds. Raises: NotFound.
    """
    hashed, list_id = links.leaving(token, unseal=registry.seals.unseal)
    by_hash(hashed, list_id, registry=registry, now=now, reason=reason)
    return list_id


def by_hash(hashed: str, list_id: str, *, registry: Registry, now: datetime, reason: str = "") -> None:
    """End what the address of a hash gets of a list; a suppression for another reason stays as it is."""
    store = registry.store
    if not any(each.list_id == list_id for each in store.load_suppressions(of=hashed)):
        store.save_suppression(Suppression(address_hash=hashed, list_id=list_id, reason=UNSUBSCRIBED, created_at=now))
    person = store.load_subscriber(subscriber_id_of(hashed))
    known = registry.subscription(person, list_id) if person else None
    said = " ".join(reason.replace("\0", " ").split())[:MAX_REASON_CHARS]
    if person is None or known is None or (known.state is SubscriptionState.ENDED and not said):
        return
    ended = {"state": SubscriptionState.ENDED, "paused_until": None, "left_reason": said or known.left_reason}
    store.save_subscriber(person, known.model_copy(update={**ended, "changed_at": now}))
    log.info("subscription.ended", subscription=known.id, list=list_id)
