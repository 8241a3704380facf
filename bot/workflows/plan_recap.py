"""Plan a recap's deliveries: who gets which digest, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import time as time_of_day

import structlog

from bot.deliver import plan, route
from bot.deliver.plan import SenderFacts
from bot.model.delivery import Delivery, DeliveryState
from bot.model.digest import Digest, Medium, Route
from bot.model.errors import DeliveryError
from bot.model.policy import MailingList
from bot.model.recap import Recap
from bot.model.subscriber import Subscriber, Subscription
from bot.model.values import RecapId
from bot.ports import Sender, Store

log = structlog.get_logger()

_MOVING_LEASE_S = 60.0


@dataclass(frozen=True, slots=True)
class _Readers:
    """Who gets a list: its suppressed are left out."""

    list_id: str
    members: Sequence[str]
    subscribers: Sequence[tuple[Subscriber, Subscription]]


def plan_deliveries(
    recap: Recap,
    digests: Sequence[Digest],
    routes: Sequence[Route],
    *,
    store: Store,
    senders: Mapping[Medium, Sender],
    lists: Sequence[MailingList],
    now: datetime,
    at_once: bool,
) -> int:
    """
    Plan the deliveries of *digests* for their slots, or *at_once*; return how many the ledger did not know.

    A list's members get it at the route's slot, its subscribers at their own hour. A medium whose
    sender cannot tell its workspace is left out: `send` says why, and planning again brings it in.

    Raises: StorageError.
    """
    facts = usable(senders)
    readers = [_Readers(each.id, _members(each, store), store.load_subscribers(each.id)) for each in lists]
    routes_by_id = {each.id: each for each in routes}
    planned: dict[str, Delivery] = {}
    for digest in digests:
        chosen = routes_by_id.get(digest.route_id)
        if chosen is None:
            log.warning("delivery.route_is_gone", route=digest.route_id, digest=digest.key)
            continue
        slot = now if at_once else route.slot(chosen, recap)
        for due, recipients in _shifts(digest, readers, slot, None if at_once else recap).items():
            reach = {each: facts[each] for each in facts if due == slot or each is Medium.EMAIL}
            asked = plan.deliveries(digest, chosen, senders=reach, recipients=recipients, now=now, not_before=due)
            for each in asked:
                planned.setdefault(each.id, each)
    added = store.save_deliveries(list(planned.values()))
    if at_once:
        _bring_forward(store, recap.id, now=now)
    return added


def usable(senders: Mapping[Medium, Sender]) -> dict[Medium, SenderFacts]:
    """Return the media whose sender can tell its workspace by now."""
    facts: dict[Medium, SenderFacts] = {}
    for medium, sender in senders.items():
        try:
            facts[medium] = SenderFacts(sender.name, sender.workspace())
        except DeliveryError as exc:
            log.error("delivery.sender_is_unusable", sender=sender.name, reason=str(exc))
    return facts


def _shifts(
    digest: Digest, readers: Sequence[_Readers], slot: datetime, recap: Recap | None
) -> dict[datetime, dict[str, list[str]]]:
    """Return addresses by list by due time, the route's slot first; all at the slot where there is no *recap*."""
    shifts: dict[datetime, dict[str, list[str]]] = {slot: {each.list_id: list(each.members) for each in readers}}
    for each in readers:
        for subscriber, subscription in each.subscribers:
            if subscriber.address and _wants(subscription, digest):
                due = slot if recap is None else _hour_of(subscription, recap)
                shifts.setdefault(due, {}).setdefault(each.list_id, []).append(subscriber.address)
    return shifts


def _members(mailing_list: MailingList, store: Store) -> list[str]:
    return [each for each in mailing_list.members if not store.is_suppressed(each, list_id=mailing_list.id)]


def _hour_of(subscription: Subscription, recap: Recap) -> datetime:
    at = time_of_day(subscription.hour)
    return route.next_local(recap.built_at, day=subscription.day, at=at, zone=subscription.timezone)


def _wants(subscription: Subscription, digest: Digest) -> bool:
    chosen, offered = set(subscription.audiences), set(digest.audiences)
    return "*" in chosen or "*" in offered or bool(chosen & offered)


def _bring_forward(store: Store, recap: RecapId, *, now: datetime) -> None:
    """Make due what only waits for its slot; a pause after a failure stands."""
    for each in store.load_deliveries(recap=recap, state=DeliveryState.PLANNED):
        # Claimed first, as of its slot: another process may be sending it this moment.
        if (
            each.attempts == 0
            and each.not_before > now
            and store.claim(each.id, now=each.not_before, lease_s=_MOVING_LEASE_S)
        ):
            store.release(each.id, not_before=now, error="")
