"""Notices: mails to one person about their subscription."""

from datetime import datetime

from sqlalchemy import delete, func, or_, select

from bot.adapters.storage.people_tables import NOTICES, SUBSCRIBERS, SUBSCRIPTIONS, USED_ONCE
from bot.adapters.storage.rows import Room, keep, models_of, rows_of, upsert
from bot.adapters.storage.tables import DELIVERIES
from bot.model.delivery import NOTICE, Delivery, DeliveryState
from bot.model.route import Medium
from bot.model.subscriber import Notice, Subscriber, Subscription

_KINDS = ("confirm", "notice")
"""What counts once only while a notice's link is good."""


class Notices(Room):
    """Notices, and their rows in the ledger."""

    def save_notice(
        self, notice: Notice, delivery: Delivery, *, pending: tuple[Subscriber, Subscription] | None = None
    ) -> None:
        """Store a notice and enter it into the ledger, with the sign-up that it is about, all or nothing."""
        with self._database.writing() as connection:
            if pending is not None:
                upsert(connection, SUBSCRIBERS, rows_of([pending[0]], SUBSCRIBERS))
                upsert(connection, SUBSCRIPTIONS, rows_of([pending[1]], SUBSCRIPTIONS))
            keep(connection, NOTICES, rows_of([notice], NOTICES))
            keep(connection, DELIVERIES, rows_of([delivery], DELIVERIES))

    def load_notice(self, notice: str) -> Notice | None:
        """Return one notice, or null."""
        with self._database.reading() as connection:
            found = models_of(connection, select(NOTICES).where(NOTICES.c.id == notice), Notice)
        return found[0] if found else None

    def load_due_notices(self, *, now: datetime) -> list[tuple[Delivery, Notice | None]]:
        """Return the notices that must go out by *now*, oldest first; null where one was deleted meanwhile."""
        row = DELIVERIES.c
        is_open = or_(
            row.state == DeliveryState.PLANNED,
            (row.state == DeliveryState.CLAIMED) & (row.lease_until < now),
        )
        due = select(DELIVERIES).where(row.purpose == NOTICE, row.not_before <= now, is_open)
        with self._database.reading() as connection:
            deliveries = models_of(connection, due.order_by(row.planned_at, row.id), Delivery)
            ids = [each.subject for each in deliveries]
            notices = {
                each.id: each for each in models_of(connection, select(NOTICES).where(NOTICES.c.id.in_(ids)), Notice)
            }
        return [(each, notices.get(each.subject)) for each in deliveries]

    def has_notice(self, address: str, *, since: datetime) -> bool:
        """Return whether a notice to *address* was made after *since*."""
        row = NOTICES.c
        with self._database.reading() as connection:
            found = connection.execute(
                select(row.id).where(func.lower(row.address) == address.lower(), row.made_at > since).limit(1)
            )
            return found.first() is not None

    def load_mails(self, address: str) -> list[Delivery]:
        """Return the ledger's rows of mails to *address*, oldest first."""
        row = DELIVERIES.c
        is_theirs = (row.medium == Medium.EMAIL) & (func.lower(row.recipient) == address.lower())
        with self._database.reading() as connection:
            return models_of(connection, select(DELIVERIES).where(is_theirs).order_by(row.planned_at, row.id), Delivery)

    def delete_notices(self, *, before: datetime) -> int:
        """Forget the notices made before *before*, and the tokens used by then; return how many."""
        row = USED_ONCE.c
        with self._database.writing() as connection:
            connection.execute(delete(USED_ONCE).where(row.kind.in_(_KINDS), row.used_at < before))
            return connection.execute(delete(NOTICES).where(NOTICES.c.made_at < before)).rowcount
