"""Keep lists: what an operator may look at and do to one person, by address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.model.errors import NotAllowed, NotFound
from bot.model.returned import ListCounts, MailTotals
from bot.model.subscriber import (
    UNSUBSCRIBED,
    Bounce,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
    address_hash,
)
from bot.ports import Store
from bot.workflows.handle_bounce import COMPLAINED, EVERY_LIST
from bot.workflows.subscribing import choices

log = structlog.get_logger(__name__)

SHOWN = timedelta(days=365)
"""How far back a person's bounces are shown."""
COUNTED = timedelta(days=28)
"""What rates are counted over."""
WATCH_RATE, ALARM_RATE = 0.001, 0.003
"""Complaints by mails sent that big providers put up with, and that they never do. Source: CONVENTIONS E32."""
_READERS_OWN = (UNSUBSCRIBED, COMPLAINED)
_GETS_IT = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """All that is known of one address."""

    address: str
    subscriber: Subscriber | None
    subscriptions: Sequence[Subscription]
    suppressions: Sequence[Suppression]
    bounces: Sequence[Bounce]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How the lists stand."""

    lists: Sequence[ListCounts]
    mails: Sequence[MailTotals]
    """Of the last four weeks."""
    suppressed: dict[str, int]
    """By reason."""


def overview(*, store: Store, now: datetime) -> Overview:
    """Return how many people each list has, and what came back of its mails."""
    suppressed: dict[str, int] = {}
    for each in store.load_suppressions():
        suppressed[each.reason] = suppressed.get(each.reason, 0) + 1
    return Overview(
        lists=store.count_subscriptions(),
        mails=store.count_mails(since=now - COUNTED),
        suppressed=dict(sorted(suppressed.items())),
    )


def record(address: str, *, store: Store, now: datetime) -> Record:
    """Return all that is known of *address*. Raises: NotFound where it is no address, or nothing is."""
    known = _address(address)
    person, hashed = store.load_subscriber_at(known), address_hash(known)
    found = Record(
        address=known,
        subscriber=person,
        subscriptions=store.load_subscriptions(person.id) if person else [],
        suppressions=store.load_suppressions(of=hashed),
        bounces=store.load_bounces(hashed, since=now - SHOWN),
    )
    if person is None and not found.suppressions and not found.bounces:
        raise NotFound("Nothing is known of that address.")
    return found


def suppress(address: str, *, list_id: str, reason: str, store: Store, now: datetime) -> None:
    """Never write to *address* again, on one list or on all (`*`); a reason that is there already stays."""
    hashed = address_hash(_address(address))
    if not any(each.list_id == list_id for each in store.load_suppressions(of=hashed)):
        store.save_suppression(Suppression(address_hash=hashed, list_id=list_id, reason=reason, created_at=now))
        log.info("subscriber.suppressed", list=list_id)


def unsuppress(address: str, *, list_id: str, store: Store) -> None:
    """
    Let *address* be written to again, where it was an operator or bounces that ended it.

    Raises: NotFound where nothing bars it, NotAllowed where its reader left or complained: only they can come back.
    """
    hashed = address_hash(_address(address))
    barring = [each for each in store.load_suppressions(of=hashed) if each.list_id == list_id]
    if not barring:
        where = "every list" if list_id == EVERY_LIST else list_id
        raise NotFound(f"That address is not suppressed for {where}.")
    if barring[0].reason in _READERS_OWN:
        raise NotAllowed(f"Its reader said so ({barring[0].reason}); they can sign up again themselves.")
    store.delete_suppression(hashed, list_id=list_id)


def pause(address: str, *, list_id: str, until: datetime | None, store: Store, now: datetime) -> int:
    """Send nothing to *address* *until* then, or null: until told; return how many subscriptions. Raises: NotFound."""
    paused = {"state": SubscriptionState.PAUSED, "paused_until": until}
    return _change(address, list_id, paused, of=_GETS_IT, store=store, now=now)


def resume(address: str, *, list_id: str, store: Store, now: datetime) -> int:
    """Send again what was paused; return how many subscriptions. Raises: NotFound."""
    active = {"state": SubscriptionState.ACTIVE, "paused_until": None}
    return _change(address, list_id, active, of=(SubscriptionState.PAUSED,), store=store, now=now)


def erase(address: str, *, store: Store) -> None:
    """Forget the person at *address*; whether they may be written to stays known, by a hash. Raises: NotFound."""
    person = store.load_subscriber_at(_address(address))
    if person is None:
        raise NotFound("Nobody is known by that address.")
    store.erase_subscriber(person.id)
    log.info("subscriber.erased", subscriber=person.id)


def _change(
    address: str,
    list_id: str,
    changes: Mapping[str, object],
    *,
    of: Sequence[SubscriptionState],
    store: Store,
    now: datetime,
) -> int:
    person = store.load_subscriber_at(_address(address))
    subscriptions = store.load_subscriptions(person.id) if person else []
    theirs = [each for each in subscriptions if list_id in (EVERY_LIST, each.list_id) and each.state in of]
    if person is None or not theirs:
        raise NotFound("That address gets nothing that this could change.")
    for each in theirs:
        store.save_subscriber(person, each.model_copy(update={**changes, "changed_at": now}))
    return len(theirs)


def _address(text: str) -> str:
    address = choices.address(text)
    if not address:
        raise NotFound(f"'{text[:100]}' is no mail address.")
    return address
