"""The preference centre: what a reader may look at and change with the link of their mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import structlog

from bot.model.errors import NotFound
from bot.model.subscriber import Subscriber, Subscription, SubscriptionState, address_hash
from bot.model.values import Json
from bot.workflows.subscribing import leave as leaving
from bot.workflows.subscribing import links
from bot.workflows.subscribing.choices import Choices
from bot.workflows.subscribing.registry import Registry

log = structlog.get_logger()

_GETS_IT = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)


@dataclass(frozen=True, slots=True)
class Account:
    """A reader, and what they get or got."""

    subscriber: Subscriber
    subscriptions: Sequence[Subscription]

    def subscription(self, list_id: str) -> Subscription:
        """Return what they get of a list. Raises: NotFound."""
        for each in self.subscriptions:
            if each.list_id == list_id:
                return each
        raise NotFound(f"Nothing of the list '{list_id}' goes there.")


def account(token: str, *, registry: Registry, now: datetime) -> Account:
    """Return whose preferences *token* opens. Raises: NotFound (not ours, or forgotten since), NotAllowed (too old)."""
    person = registry.store.load_subscriber(links.subscriber(token, seals=registry.seals, now=now))
    if person is None:
        raise NotFound("Nobody is subscribed by that link any more.")
    return Account(person, registry.store.load_subscriptions(person.id))


def save(account: Account, list_id: str, choices: Choices, *, registry: Registry, now: datetime) -> None:
    """Keep *choices* for a list that the reader gets. Raises: NotFound."""
    _change(account, choices.applied_to(_current(account, list_id)), registry=registry, now=now)


def pause(account: Account, list_id: str, *, until: date | None, registry: Registry, now: datetime) -> None:
    """Send nothing until the reader's day *until* begins, or until they say so. Raises: NotFound."""
    current = _current(account, list_id)
    ends_at = datetime.combine(until, time(0), ZoneInfo(current.timezone)) if until else None
    paused = {"state": SubscriptionState.PAUSED, "paused_until": ends_at}
    _change(account, current.model_copy(update=paused), registry=registry, now=now)


def resume(account: Account, list_id: str, *, registry: Registry, now: datetime) -> None:
    """Send again. Raises: NotFound."""
    active = {"state": SubscriptionState.ACTIVE, "paused_until": None}
    _change(account, _current(account, list_id).model_copy(update=active), registry=registry, now=now)


def leave(account: Account, list_id: str, *, reason: str, registry: Registry, now: datetime) -> None:
    """End what the reader gets of a list. Raises: NotFound."""
    account.subscription(list_id)
    hashed = address_hash(account.subscriber.address or "")
    leaving.by_hash(hashed, list_id, registry=registry, now=now, reason=reason)


def erase(account: Account, *, registry: Registry, now: datetime) -> None:
    """Forget the reader; a hash stays, so that no import signs them up again."""
    for each in account.subscriptions:
        leave(account, each.list_id, reason="", registry=registry, now=now)
    registry.store.erase_subscriber(account.subscriber.id)
    log.info("subscriber.erased", subscriber=account.subscriber.id)


def export(account: Account, *, registry: Registry) -> Json:
    """Return everything that we hold about the reader, as JSON."""
    address = account.subscriber.address or ""
    mails = registry.store.load_mails(address)
    return {
        "subscriber": account.subscriber.model_dump(mode="json"),
        "subscriptions": [each.model_dump(mode="json") for each in account.subscriptions],
        "suppressions": [
            each.model_dump(mode="json") for each in registry.store.load_suppressions(of=address_hash(address))
        ],
        "mails": [
            each.model_dump(mode="json", include={"purpose", "destination", "recap_id", "state", "settled_at"})
            for each in mails
        ],
    }


def _current(account: Account, list_id: str) -> Subscription:
    """Return what the reader gets of a list; what ended or waits for a confirmation is not theirs to change here."""
    subscription = account.subscription(list_id)
    if subscription.state not in _GETS_IT:
        raise NotFound(f"Nothing of the list '{list_id}' goes there.")
    return subscription


def _change(account: Account, changed: Subscription, *, registry: Registry, now: datetime) -> None:
    registry.store.save_subscriber(account.subscriber, changed.model_copy(update={"changed_at": now}))
    log.info("subscription.changed", subscription=changed.id, state=changed.state.value)
