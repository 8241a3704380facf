"""Subscribers, their subscriptions, and whom we must not write to."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select, true, update

from bot.adapters.storage.people_tables import (
    BOUNCES,
    FEEDBACK,
    FOLLOWS,
    NOTICES,
    SUBSCRIBERS,
    SUBSCRIPTIONS,
    SUPPRESSIONS,
    USED_ONCE,
)
from bot.adapters.storage.rows import Room, chunks, keep, models_of, rows_of, upsert
from bot.adapters.storage.tables import DELIVERIES
from bot.model.delivery import DeliveryState
from bot.model.route import Medium
from bot.model.subscriber import Bounce, Subscriber, Subscription, SubscriptionState, Suppression, address_hash

_EVERY_LIST = "*"
_BATCH = 1000


class Subscribers(Room):
    """People and what they get."""

    def load_subscribers(self, list_id: str) -> list[tuple[Subscriber, Subscription]]:
        """Return the active subscriptions of a list with their people, suppressed addresses left out."""
        is_active = (SUBSCRIPTIONS.c.list_id == list_id) & (SUBSCRIPTIONS.c.state == SubscriptionState.ACTIVE)
        people = select(SUBSCRIBERS).join(SUBSCRIPTIONS).where(is_active)
        hashes = select(SUPPRESSIONS.c.address_hash).where(SUPPRESSIONS.c.list_id.in_([list_id, _EVERY_LIST]))
        with self._database.reading() as connection:
            person_of = {person.id: person for person in models_of(connection, people, Subscriber)}
            active = select(SUBSCRIPTIONS).where(is_active).order_by(SUBSCRIPTIONS.c.id)
            subscriptions = models_of(connection, active, Subscription)
            suppressed = frozenset(connection.execute(hashes).scalars())
        pairs = [(person_of[subscription.subscriber_id], subscription) for subscription in subscriptions]
        return [pair for pair in pairs if not _is_suppressed(pair[0], suppressed)]

    def load_subscriber_mark(self) -> str:
        """Return a mark that is another one after any change in who gets which list."""
        people = select(
            SUBSCRIPTIONS.c.state, func.count(), func.max(SUBSCRIPTIONS.c.changed_at), func.max(SUBSCRIPTIONS.c.id)
        )
        shut_out = select(func.count(), func.max(SUPPRESSIONS.c.created_at))
        with self._database.reading() as connection:
            states = connection.execute(people.group_by(SUBSCRIPTIONS.c.state).order_by(SUBSCRIPTIONS.c.state))
            return repr([tuple(row) for row in (*states, *connection.execute(shut_out))])

    def save_subscriber(self, subscriber: Subscriber, subscription: Subscription) -> None:
        """Insert or replace a person and one subscription."""
        with self._database.writing() as connection:
            upsert(connection, SUBSCRIBERS, rows_of([subscriber], SUBSCRIBERS))
            upsert(connection, SUBSCRIPTIONS, rows_of([subscription], SUBSCRIPTIONS))

    def load_subscriber(self, subscriber: str) -> Subscriber | None:
        """Return the person with this id, or null."""
        return self._person(SUBSCRIBERS.c.id == subscriber)

    def load_subscriber_at(self, address: str) -> Subscriber | None:
        """Return the person with this address, whatever its case, or null."""
        return self._person(func.lower(SUBSCRIBERS.c.address) == address.strip().lower())

    def load_slack_subscriber(self, workspace: str, slack_user: str) -> Subscriber | None:
        """Return the person of a Slack workspace, or null."""
        return self._person((SUBSCRIBERS.c.workspace == workspace) & (SUBSCRIBERS.c.slack_user == slack_user))

    def load_subscriptions(self, subscriber: str) -> list[Subscription]:
        """Return what a person gets or got, by list."""
        row = SUBSCRIPTIONS.c
        theirs = select(SUBSCRIPTIONS).where(row.subscriber_id == subscriber).order_by(row.list_id)
        with self._database.reading() as connection:
            return models_of(connection, theirs, Subscription)

    def load_list(self, list_id: str) -> Iterator[tuple[Subscriber, Subscription]]:
        """Yield every subscription of a list with its person, whatever its state, in batches: memory stays flat."""
        last = ""
        while batch := self._batch(list_id, after=last):
            yield from batch
            last = batch[-1][1].id

    def erase_subscriber(self, subscriber: str) -> None:
        """
        Forget a person: name, subscriptions, notices, votes and follows; suppressions stay, as hashes.

        In the ledger a hash stands for their address, and what was still to go to them is cancelled.
        """
        row = SUBSCRIBERS.c
        with self._database.writing() as connection:
            own = select(row.workspace, row.slack_user, row.address).where(row.id == subscriber)
            for workspace, slack_user, address in connection.execute(own).all():
                if address:
                    _forget_mails(connection, address)
                for table in (FEEDBACK, FOLLOWS):
                    is_theirs = (table.c.workspace == workspace) & (table.c.person == slack_user)
                    connection.execute(delete(table).where(is_theirs | (table.c.person == subscriber)))
            connection.execute(delete(SUBSCRIPTIONS).where(SUBSCRIPTIONS.c.subscriber_id == subscriber))
            connection.execute(delete(SUBSCRIBERS).where(SUBSCRIBERS.c.id == subscriber))

    def end_pauses(self, *, now: datetime) -> int:
        """Make active again what was paused until *now* or earlier; return how many."""
        row = SUBSCRIPTIONS.c
        is_over = (row.state == SubscriptionState.PAUSED) & (row.paused_until <= now)
        again = {"state": SubscriptionState.ACTIVE, "paused_until": None, "changed_at": now}
        with self._database.writing() as connection:
            return connection.execute(update(SUBSCRIPTIONS).where(is_over).values(**again)).rowcount

    def delete_unconfirmed(self, *, before: datetime) -> int:
        """Forget what waits for its confirmation since *before*, and who gets nothing else; return how many."""
        row = SUBSCRIPTIONS.c
        is_old = (row.state == SubscriptionState.PENDING) & (row.changed_at < before)
        with self._database.writing() as connection:
            people = connection.execute(select(row.subscriber_id).where(is_old)).scalars().all()
            count = connection.execute(delete(SUBSCRIPTIONS).where(is_old)).rowcount
            for part in chunks(people):
                _forget_nobodies(connection, part)
        return count

    def is_suppressed(self, address: str, *, list_id: str) -> bool:
        """Return whether we must not write to *address*."""
        row = SUPPRESSIONS.c
        found = select(row.list_id).where(row.address_hash == address_hash(address))
        with self._database.reading() as connection:
            return connection.execute(found.where(row.list_id.in_([list_id, _EVERY_LIST]))).first() is not None

    def load_suppressed(self, addresses: Sequence[str], *, list_id: str) -> frozenset[str]:
        """Return those of *addresses* that we must not write to."""
        row, hashes, found = SUPPRESSIONS.c, {each: address_hash(each) for each in addresses}, set[str]()
        with self._database.reading() as connection:
            for part in chunks(hashes.values()):
                query = select(row.address_hash).where(
                    row.list_id.in_([list_id, _EVERY_LIST]), row.address_hash.in_(part)
                )
                found.update(connection.execute(query).scalars())
        return frozenset(each for each, hashed in hashes.items() if hashed in found)

    def load_reached(self, addresses: Sequence[str], *, list_id: str) -> frozenset[str]:
        """Return those of *addresses*, whatever their case, that an active subscription brings the list to."""
        row = SUBSCRIBERS.c
        with self._database.reading() as connection:
            people = _people_at(connection, row.address, addresses)
            if missed := {each.lower() for each in addresses} - {each.lower() for each in people.values()}:
                # Reads everybody, but few are missed: the ledger has addresses as they were subscribed.
                people |= _people_at(connection, func.lower(row.address), missed)
            active = {people[each].lower() for each in _active(connection, people, list_id)}
        return frozenset(each for each in addresses if each.lower() in active)

    def save_suppression(self, suppression: Suppression) -> None:
        """Never write there again."""
        with self._database.writing() as connection:
            upsert(connection, SUPPRESSIONS, rows_of([suppression], SUPPRESSIONS))

    def load_suppressions(self, *, of: str | None = None) -> list[Suppression]:
        """Return whom we must not write to, newest first: all of them, or those *of* one address's hash."""
        row = SUPPRESSIONS.c
        asked = true() if of is None else row.address_hash == of
        newest = select(SUPPRESSIONS).where(asked).order_by(row.created_at.desc(), row.address_hash, row.list_id)
        with self._database.reading() as connection:
            return models_of(connection, newest, Suppression)

    def delete_suppression(self, address_hash: str, *, list_id: str) -> bool:
        """Let a reader who confirmed anew be written to again; return whether there was anything to lift."""
        row = SUPPRESSIONS.c
        theirs = delete(SUPPRESSIONS).where(row.address_hash == address_hash, row.list_id == list_id)
        with self._database.writing() as connection:
            return connection.execute(theirs).rowcount > 0

    def save_bounce(self, bounce: Bounce) -> bool:
        """Keep a mail that came back; false where it is known already."""
        with self._database.writing() as connection:
            return keep(connection, BOUNCES, rows_of([bounce], BOUNCES)) > 0

    def load_bounces(self, address_hash: str, *, since: datetime) -> list[Bounce]:
        """Return the bounces of an address *since*, oldest first."""
        row = BOUNCES.c
        theirs = select(BOUNCES).where(row.address_hash == address_hash, row.bounced_at >= since)
        with self._database.reading() as connection:
            return models_of(connection, theirs.order_by(row.bounced_at, row.id), Bounce)

    def use_once(self, kind: str, key: str, *, now: datetime) -> bool:
        """Take *key* (a token's hash, a request's id) of its *kind*: true for one caller only, ever."""
        with self._database.writing() as connection:
            return keep(connection, USED_ONCE, [{"kind": kind, "key": key, "used_at": now}]) > 0

    def is_used(self, kind: str, key: str) -> bool:
        """Return whether somebody took *key*; take nothing."""
        row = USED_ONCE.c
        with self._database.reading() as connection:
            taken = select(row.key).where(row.kind == kind, row.key == key)
            return connection.execute(taken).first() is not None

    def _person(self, where: ColumnElement[bool]) -> Subscriber | None:
        with self._database.reading() as connection:
            return next(iter(models_of(connection, select(SUBSCRIBERS).where(where), Subscriber)), None)

    def _batch(self, list_id: str, *, after: str) -> list[tuple[Subscriber, Subscription]]:
        row = SUBSCRIPTIONS.c
        of_list = select(SUBSCRIPTIONS).where(row.list_id == list_id, row.id > after).order_by(row.id).limit(_BATCH)
        with self._database.reading() as connection:
            found = models_of(connection, of_list, Subscription)
            ids = [subscription.subscriber_id for subscription in found]
            people = models_of(connection, select(SUBSCRIBERS).where(SUBSCRIBERS.c.id.in_(ids)), Subscriber)
        person_of = {person.id: person for person in people}
        return [(person_of[subscription.subscriber_id], subscription) for subscription in found]


def _people_at(connection: Connection, column: ColumnElement[Any], addresses: Iterable[str]) -> dict[str, str]:
    """Return addresses by the ids of their people."""
    found: dict[str, str] = {}
    for part in chunks(addresses):
        people = select(SUBSCRIBERS.c.id, SUBSCRIBERS.c.address).where(column.in_(part))
        found.update((person, address) for person, address in connection.execute(people))
    return found


def _active(connection: Connection, people: Iterable[str], list_id: str) -> Iterator[str]:
    row = SUBSCRIPTIONS.c
    for part in chunks(people):
        # The list is compared here: the database might look it up by the list, which may be long.
        theirs = select(row.subscriber_id, row.list_id, row.state).where(row.subscriber_id.in_(part))
        for person, of_list, state in connection.execute(theirs):
            if of_list == list_id and state == SubscriptionState.ACTIVE:
                yield person


def _forget_nobodies(connection: Connection, people: Sequence[str]) -> None:
    """Delete those of *people* who get nothing, nor have a name in Slack."""
    row = SUBSCRIBERS.c
    has_something = select(SUBSCRIPTIONS.c.id).where(SUBSCRIPTIONS.c.subscriber_id == row.id).exists()
    is_nobody = row.id.in_(people) & row.slack_user.is_(None) & ~has_something
    for address in connection.execute(select(row.address).where(is_nobody)).scalars().all():
        _forget_mails(connection, address or "")
    connection.execute(delete(SUBSCRIBERS).where(is_nobody))


def _forget_mails(connection: Connection, address: str) -> None:
    """Delete the notices to *address*; in the ledger its hash stands for it from now on."""
    connection.execute(delete(NOTICES).where(func.lower(NOTICES.c.address) == address.lower()))
    row = DELIVERIES.c
    is_theirs = (row.medium == Medium.EMAIL) & (func.lower(row.recipient) == address.lower())
    is_open = is_theirs & row.state.in_([DeliveryState.PLANNED, DeliveryState.CLAIMED])
    cancelled = {"state": DeliveryState.CANCELLED, "error": "the reader's data was erased", "lease_until": None}
    connection.execute(update(DELIVERIES).where(is_open).values(**cancelled))
    connection.execute(update(DELIVERIES).where(is_theirs).values(recipient=f"erased-{address_hash(address)[:16]}"))


def _is_suppressed(person: Subscriber, suppressed: frozenset[str]) -> bool:
    return bool(person.address) and address_hash(person.address or "") in suppressed
