"""Subscribers, their subscriptions, and whom we must not write to."""

from sqlalchemy import func, select

from bot.adapters.storage.people_tables import SUBSCRIBERS, SUBSCRIPTIONS, SUPPRESSIONS
from bot.adapters.storage.rows import Room, models_of, rows_of, upsert
from bot.model.subscriber import Subscriber, Subscription, SubscriptionState, Suppression, address_hash

_EVERY_LIST = "*"


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

    def is_suppressed(self, address: str, *, list_id: str) -> bool:
        """Return whether we must not write to *address*."""
        row = SUPPRESSIONS.c
        found = select(row.list_id).where(row.address_hash == address_hash(address))
        with self._database.reading() as connection:
            return connection.execute(found.where(row.list_id.in_([list_id, _EVERY_LIST]))).first() is not None

    def save_suppression(self, suppression: Suppression) -> None:
        """Never write there again."""
        with self._database.writing() as connection:
            upsert(connection, SUPPRESSIONS, rows_of([suppression], SUPPRESSIONS))


def _is_suppressed(person: Subscriber, suppressed: frozenset[str]) -> bool:
    return bool(person.address) and address_hash(person.address or "") in suppressed
