"""Confirm: the owner of an address says yes, once."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.model.errors import NotAllowed, NotFound
from bot.model.subscriber import UNSUBSCRIBED, Subscriber, Subscription, SubscriptionState, address_hash
from bot.model.values import digest_of
from bot.workflows.subscribing import links
from bot.workflows.subscribing.registry import Registry

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a confirmation link is about."""

    subscriber: Subscriber
    subscription: Subscription

    @property
    def is_confirmed(self) -> bool:
        """Whether they said yes already."""
        return self.subscription.state in (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)


def look_at(token: str, *, registry: Registry, now: datetime) -> Waiting:
    """
    Return what *token* would confirm; nothing changes.

    Raises: NotFound (not ours, or forgotten since), NotAllowed (too old, or they left since).
    """
    invited = links.invitation(token, seals=registry.seals, now=now)
    person = registry.store.load_subscriber(invited.subscriber_id)
    subscription = registry.subscription(person, invited.list_id) if person else None
    if person is None or subscription is None:
        raise NotFound("Nobody waits for that confirmation any more.")
    if subscription.state is SubscriptionState.ENDED:
        raise NotAllowed("That link was used, and the list left since.")
    return Waiting(person, subscription)


def confirm(token: str, *, registry: Registry, now: datetime) -> Waiting:
    """
    Make the subscription of *token* active; doing it again changes nothing.

    A reader who had left the list is written to again. What bounced stays suppressed.

    Raises: NotFound, NotAllowed (too old, used, or they left since).
    """
    waiting = look_at(token, registry=registry, now=now)
    if waiting.is_confirmed:
        return waiting
    if not registry.store.use_once("confirm", digest_of("confirm", token), now=now):
        raise NotAllowed("That link was used before.")
    yes = {"state": SubscriptionState.ACTIVE, "consented_at": now, "changed_at": now, "left_reason": ""}
    confirmed = Waiting(waiting.subscriber, waiting.subscription.model_copy(update=yes))
    _lift_leaving(confirmed, registry)
    registry.store.save_subscriber(confirmed.subscriber, confirmed.subscription)
    log.info("subscription.confirmed", subscription=confirmed.subscription.id, list=confirmed.subscription.list_id)
    return confirmed


def _lift_leaving(confirmed: Waiting, registry: Registry) -> None:
    hashed, list_id = address_hash(confirmed.subscriber.address or ""), confirmed.subscription.list_id
    for each in registry.store.load_suppressions(of=hashed):
        if each.list_id == list_id and each.reason == UNSUBSCRIBED:
            registry.store.delete_suppression(hashed, list_id=list_id)
