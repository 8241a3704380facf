"""Plan a recap's deliveries: who gets which digest, and when."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import time as time_of_day
from itertools import islice

import structlog

from bot.deliver import plan, route
from bot.deliver.plan import Reader, SenderFacts
from bot.model.delivery import Delivery, DeliveryState
from bot.model.digest import Digest, DigestState
from bot.model.errors import DeliveryError
from bot.model.policy import MailingList
from bot.model.recap import Recap
from bot.model.route import Medium, Route
from bot.model.subscriber import SLACK_LIST, Subscription, SubscriptionState, address_hash
from bot.model.values import AudienceId, RecapId
from bot.ports import Sender, Store
from bot.rank import segments
from bot.workflows import wanted_segments

log = structlog.get_logger()

_MOVING_LEASE_S = 60.0
_BATCH = 1000
"""Deliveries planned in one transaction: memory stays flat however long a list is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What planning the deliveries of a recap needs to know."""

    recap: Recap
    digests: Sequence[Digest]
    """The routes' own."""
    routes: Sequence[Route]
    facts: Mapping[Medium, SenderFacts]
    store: Store
    lists: Sequence[MailingList]
    now: datetime
    at_once: bool
    audiences: Collection[AudienceId] = ()

    def own(self) -> list[Delivery]:
        """Return what goes to channels and to the members of lists."""
        return _own(
            self.recap,
            self.digests,
            self.routes,
            facts=self.facts,
            store=self.store,
            lists=self.lists,
            now=self.now,
            at_once=self.at_once,
        )

    def personal(self) -> Iterator[Delivery]:
        """Yield what goes to subscribers of lists, then to people in Slack."""
        if Medium.EMAIL in self.facts:
            mailing = self._mailing(Medium.EMAIL)
            for each in self.lists:
                yield from mailing.to_subscribers(each, now=self.now, at_once=self.at_once)
        if Medium.SLACK in self.facts:
            yield from self._mailing(Medium.SLACK).to_people(now=self.now, at_once=self.at_once)

    def _mailing(self, medium: Medium) -> "_Mailing":
        sender, audiences = self.facts[medium], self.audiences
        return _Mailing(self.recap, self.digests, self.routes, store=self.store, sender=sender, audiences=audiences)


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
    audiences: Collection[AudienceId] = (),
) -> int:
    """
    Plan the deliveries of *recap* for their slots, or *at_once*; return how many the ledger did not know.

    *digests* are the routes' own; a list's members get them at the route's slot. A subscriber gets the digest of
    their segment, which is in the store, at their own hour; who changed their choices before their mail went
    gets it by the new ones. Of a subscriber's audiences the known ones (*audiences*) count, or all. A medium whose
    sender cannot tell its workspace is left out: `send` says why, and planning again brings it in.

    Raises: StorageError.
    """
    made = Plan(recap, digests, routes, usable(senders), store, lists, now, at_once, audiences)
    added = store.save_deliveries(made.own())
    for batch in _batches(made.personal()):
        added += store.save_deliveries(batch)
        store.move_deliveries(batch)
    if at_once:
        _bring_forward(store, recap.id, now=now)
    return added


def _own(
    recap: Recap,
    digests: Sequence[Digest],
    routes: Sequence[Route],
    *,
    facts: Mapping[Medium, SenderFacts],
    store: Store,
    lists: Sequence[MailingList],
    now: datetime,
    at_once: bool,
) -> list[Delivery]:
    """Return what goes to channels and to the members of lists."""
    members = {each.id: _members(each, store) for each in lists}
    routes_by_id = {each.id: each for each in routes}
    planned: dict[str, Delivery] = {}
    for digest in digests:
        chosen = routes_by_id.get(digest.route_id)
        if chosen is None:
            log.warning("delivery.route_is_gone", route=digest.route_id, digest=digest.key)
            continue
        slot = now if at_once else route.slot(chosen, recap)
        for each in plan.deliveries(digest, chosen, senders=facts, recipients=members, now=now, not_before=slot):
            planned.setdefault(each.id, each)
    return list(planned.values())


class _Mailing:
    """What the subscribers of lists get of a recap."""

    def __init__(
        self,
        recap: Recap,
        digests: Sequence[Digest],
        routes: Sequence[Route],
        *,
        store: Store,
        sender: SenderFacts,
        audiences: Collection[AudienceId],
    ) -> None:
        self._recap = recap
        self._own = {digest.route_id: digest for digest in digests}
        self._routes = [each for each in routes if each.id in self._own]
        self._store = store
        self._sender = sender
        self._audiences = frozenset(audiences)
        self._states = store.load_digest_states(recap.id)

    def to_subscribers(self, mailing_list: MailingList, *, now: datetime, at_once: bool) -> Iterator[Delivery]:
        """Yield a delivery to each active subscriber of a list whose digest is ready."""
        ways = wanted_segments.routes_of(mailing_list, self._routes)
        if not ways:
            return
        shut_out = self._shut_out(mailing_list)
        for subscriber, subscription in self._store.load_list(mailing_list.id):
            address = (subscriber.address or "").strip()
            is_reader = subscription.state is SubscriptionState.ACTIVE and address_hash(address) not in shut_out
            if not address or not is_reader:
                continue
            chosen = segments.route_for(subscription, ways)
            if key := self._digest_for(subscription, chosen):
                due = now if at_once else _hour_of(subscription, self._recap)
                since = subscription.consented_at or subscription.created_at
                reader = Reader(address, mailing_list.id, due, since)
                yield plan.subscriber_mail(key, chosen, self._recap, reader=reader, sender=self._sender, now=now)

    def to_people(self, *, now: datetime, at_once: bool) -> Iterator[Delivery]:
        """Yield a delivery to each person in Slack who subscribed and whose digest is ready."""
        for subscriber, subscription in self._store.load_list(SLACK_LIST) if self._routes else ():
            person = subscriber.slack_user or ""
            is_here = subscriber.workspace == self._sender.workspace
            if not person or not is_here or subscription.state is not SubscriptionState.ACTIVE:
                continue
            beside = segments.route_for(subscription, wanted_segments.for_people(self._routes))
            chosen = wanted_segments.personal_route(beside)
            segment = segments.of(subscription, chosen, known=self._audiences)
            key = wanted_segments.key_of(self._recap, chosen, segment)
            if self._states.get(key) is DigestState.READY:
                due = now if at_once else _hour_of(subscription, self._recap)
                yield plan.personal_message(
                    key, person, self._recap, route=SLACK_LIST, sender=self._sender, now=now, not_before=due
                )

    def _digest_for(self, subscription: Subscription, chosen: Route) -> str:
        """Return the key of the digest of a subscriber's segment; empty where nothing is to be sent."""
        segment = segments.of(subscription, chosen, known=self._audiences)
        own = self._own[chosen.id]
        if segment.is_own(chosen):
            return own.key if own.state is DigestState.READY and own.email is not None else ""
        key = wanted_segments.key_of(self._recap, chosen, segment)
        return key if self._states.get(key) is DigestState.READY else ""

    def _shut_out(self, mailing_list: MailingList) -> frozenset[str]:
        """Return the hashes of addresses that get no mail of their own: suppressed, or a member's."""
        suppressed = self._store.load_suppressions()
        hashes = {each.address_hash for each in suppressed if each.list_id in (mailing_list.id, "*")}
        return frozenset(hashes | {address_hash(each) for each in mailing_list.members})


def usable(senders: Mapping[Medium, Sender]) -> dict[Medium, SenderFacts]:
    """Return the media whose sender can tell its workspace by now."""
    facts: dict[Medium, SenderFacts] = {}
    for medium, sender in senders.items():
        try:
            facts[medium] = SenderFacts(sender.name, sender.workspace())
        except DeliveryError as exc:
            log.error("delivery.sender_is_unusable", sender=sender.name, reason=str(exc))
    return facts


def _members(mailing_list: MailingList, store: Store) -> list[str]:
    return [each for each in mailing_list.members if not store.is_suppressed(each, list_id=mailing_list.id)]


def _hour_of(subscription: Subscription, recap: Recap) -> datetime:
    at = time_of_day(subscription.hour)
    return route.next_local(recap.built_at, day=subscription.day, at=at, zone=subscription.timezone)


def _batches(deliveries: Iterable[Delivery]) -> Iterator[list[Delivery]]:
    waiting = iter(deliveries)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


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
