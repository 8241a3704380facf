"""Many people at once, and the mails that came back from them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.adapters.storage.people_tables import BOUNCES, SUBSCRIBERS, SUBSCRIPTIONS
from bot.adapters.storage.rows import Room, chunks, keep, models_of, rows_of
from bot.adapters.storage.tables import DELIVERIES
from bot.model.delivery import NOTICE, Delivery, DeliveryState
from bot.model.returned import ListCounts, MailTotals
from bot.model.route import Medium
from bot.model.subscriber import Bounce, BounceKind, Subscriber, Subscription

_FIELDS = {
    BounceKind.HARD: "hard",
    BounceKind.SOFT: "soft",
    BounceKind.COMPLAINT: "complaints",
    BounceKind.POLICY: "policy",
}


class Returns(Room):
    """What an operator counts, and what a mail that came back is about."""

    def load_delivery(self, delivery: str) -> Delivery | None:
        """Return one row of the ledger, or null."""
        with self._database.reading() as connection:
            found = models_of(connection, select(DELIVERIES).where(DELIVERIES.c.id == delivery), Delivery)
        return found[0] if found else None

    def load_of_list(self, list_id: str, people: Sequence[str]) -> dict[str, Subscription]:
        """Return what those of *people* (ids of subscribers) who ever had anything to do with a list get of it."""
        row = SUBSCRIPTIONS.c
        of_list = select(SUBSCRIPTIONS).where(row.list_id == list_id)
        with self._database.reading() as connection:
            found = [
                each
                for part in chunks(people)
                for each in models_of(connection, of_list.where(row.subscriber_id.in_(part)), Subscription)
            ]
        return {each.subscriber_id: each for each in found}

    def save_newcomers(self, pairs: Sequence[tuple[Subscriber, Subscription]]) -> None:
        """Insert subscriptions, and those people who are not known yet, all or nothing; what is there stays."""
        with self._database.writing() as connection:
            keep(connection, SUBSCRIBERS, rows_of([person for person, _ in pairs], SUBSCRIBERS))
            keep(connection, SUBSCRIPTIONS, rows_of([subscription for _, subscription in pairs], SUBSCRIPTIONS))

    def count_subscriptions(self) -> list[ListCounts]:
        """Return how many people each list has, by list."""
        row = SUBSCRIPTIONS.c
        counted = select(row.list_id, row.state, func.count()).group_by(row.list_id, row.state)
        by_list: dict[str, dict[str, int]] = {}
        with self._database.reading() as connection:
            for list_id, state, count in connection.execute(counted):
                by_list.setdefault(list_id, {})[state.value] = count
        return [ListCounts(list_id=list_id, **counts) for list_id, counts in sorted(by_list.items())]

    def count_mails(self, *, since: datetime) -> list[MailTotals]:
        """Return what was sent to each list *since*, and what came back, by list."""
        with self._database.reading() as connection:
            by_list = _sent(connection, since)
            row = BOUNCES.c
            counted = select(row.list_id, row.kind, func.count()).where(row.bounced_at >= since)
            for list_id, kind, count in connection.execute(counted.group_by(row.list_id, row.kind)):
                by_list.setdefault(list_id, {})[_FIELDS[kind]] = count
        return [MailTotals(list_id=list_id, **counts) for list_id, counts in sorted(by_list.items())]

    def load_bounces_of(self, kind: BounceKind, *, since: datetime, limit: int) -> list[Bounce]:
        """Return the bounces of a *kind* since, newest first, at most *limit*."""
        row = BOUNCES.c
        theirs = select(BOUNCES).where(row.kind == kind, row.bounced_at >= since)
        with self._database.reading() as connection:
            return models_of(connection, theirs.order_by(row.bounced_at.desc(), row.id).limit(limit), Bounce)


def _sent(connection: Connection, since: datetime) -> dict[str, dict[str, int]]:
    row = DELIVERIES.c
    is_sent = (row.medium == Medium.EMAIL) & (row.state == DeliveryState.SENT) & (row.settled_at >= since)
    counted = select(row.destination, func.count()).where(is_sent, row.purpose != NOTICE).group_by(row.destination)
    return {list_id: {"sent": count} for list_id, count in connection.execute(counted)}
