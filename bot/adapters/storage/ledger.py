"""
The ledger: what goes to whom, once.

Each step is one conditional UPDATE, so that of two processes only one takes it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, and_, delete, func, or_, select, true, tuple_, update

from bot.adapters.storage.engine import Database
from bot.adapters.storage.marks import Marks
from bot.adapters.storage.rows import Room, chunks, keep, models_of, rows_of
from bot.adapters.storage.tables import DELIVERIES, SHUT_DESTINATIONS
from bot.model.delivery import NOTICE, Delivery, DeliveryState, Ended, PutOff, Receipt, ShutDestination
from bot.model.route import Medium
from bot.model.values import RecapId

_ROW = DELIVERIES.c
_IS_UNTRIED = and_(_ROW.state == DeliveryState.PLANNED, _ROW.attempts == 0)
_CRASHED = "the process ended while sending"


_OPEN = (DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.SENDING)


class Ledger(Room):
    """Deliveries and their states."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._marks = Marks(database)

    def save_deliveries(self, deliveries: Sequence[Delivery]) -> int:
        """Plan those that the ledger does not know yet; return how many were new."""
        with self._database.writing() as connection:
            return keep(connection, DELIVERIES, rows_of(deliveries, DELIVERIES))

    def move_deliveries(self, deliveries: Sequence[Delivery]) -> int:
        """Give those that nobody tried yet the digest and time that *deliveries* have; return how many moved."""
        row, moved = DELIVERIES.c, 0
        with self._database.writing() as connection:
            for part in chunks(each.id for each in deliveries):
                known = select(row.id, row.subject, row.not_before).where(row.id.in_(part), _IS_UNTRIED)
                stored = {found.id: (found.subject, found.not_before) for found in connection.execute(known)}
                for each in deliveries:
                    if stored.get(each.id, (each.subject, each.not_before)) != (each.subject, each.not_before):
                        change = update(DELIVERIES).where(row.id == each.id, _IS_UNTRIED)
                        values = {"subject": each.subject, "route_id": each.route_id, "not_before": each.not_before}
                        moved += connection.execute(change.values(**values)).rowcount
        return moved

    def load_deliveries(
        self,
        *,
        recap: RecapId | None = None,
        state: DeliveryState | None = None,
        subject: str | None = None,
        medium: Medium | None = None,
        purpose: str | None = None,
    ) -> list[Delivery]:
        """
        Return ledger rows in the order in which they must go out (parents before replies).

        Messages to one recipient stay together even where the parent was put off and its replies were not.
        """
        wanted = {_ROW.recap_id: recap, _ROW.state: state, _ROW.subject: subject, _ROW.medium: medium}
        wanted[_ROW.purpose] = purpose
        conditions = [column == value for column, value in wanted.items() if value is not None]
        with self._database.reading() as connection:
            return _in_order(models_of(connection, select(DELIVERIES).where(*conditions), Delivery))

    def load_chosen(self, deliveries: Sequence[str]) -> list[Delivery]:
        """Return the rows of these ids, in the order in which they must go out; an unknown id is left out."""
        found: list[Delivery] = []
        with self._database.reading() as connection:
            for part in chunks(deliveries):
                found += models_of(connection, select(DELIVERIES).where(_ROW.id.in_(part)), Delivery)
        return _in_order(found)

    def load_due_mails(self, *, now: datetime, recap: RecapId | None = None, page: int) -> Iterator[list[Delivery]]:
        """Yield the mails that are due, digest by digest, in pages that are read when asked for: memory stays flat."""
        for state in (DeliveryState.CLAIMED, DeliveryState.PLANNED):
            is_due = and_(_ROW.state == state, _ROW.not_before <= now, _ROW.medium == Medium.EMAIL)
            is_free = or_(_ROW.lease_until.is_(None), _ROW.lease_until <= now)
            query = select(DELIVERIES).where(is_due, is_free, _ROW.purpose != NOTICE, *_of(recap))
            place = tuple_(_ROW.not_before, _ROW.subject, _ROW.id)
            last: ColumnElement[bool] = true()
            while found := self._page(query.where(last).order_by(*place).limit(page)):
                yield found
                last = place > (found[-1].not_before, found[-1].subject, found[-1].id)

    def _page(self, query: Select[Any]) -> list[Delivery]:
        with self._database.reading() as connection:
            return models_of(connection, query, Delivery)

    def count_open(self, *, recap: RecapId | None = None) -> int:
        """Return how many deliveries have not ended."""
        with self._database.reading() as connection:
            counted = select(func.count()).select_from(DELIVERIES).where(_ROW.state.in_(_OPEN), *_of(recap))
            return int(connection.execute(counted).scalar_one())

    def load_put_off(self, *, now: datetime, recap: RecapId | None = None) -> list[PutOff]:
        """Return what waits for another try after a failure, a row for each place and reason."""
        place = (_ROW.sender, _ROW.destination, _ROW.error)
        is_put_off = and_(_ROW.state.in_(_OPEN), _ROW.not_before > now, _ROW.error != "")
        first = select(*place, func.min(_ROW.not_before)).where(is_put_off, *_of(recap)).group_by(*place)
        with self._database.reading() as connection:
            return [PutOff(*row) for row in connection.execute(first.order_by(*place))]

    def start_sending(self, delivery: str, *, now: datetime, lease_s: float, after: Ended | None = None) -> bool:
        """
        Claim a delivery and commit that its first byte is about to leave, all in one; false where it is not ours.

        What went out before it (*after*) is settled as sent in the same transaction, whatever becomes of this one.
        """
        return self._marks.start(delivery, now=now, until=now + timedelta(seconds=lease_s), after=after)

    def claim(self, delivery: str, *, now: datetime, lease_s: float) -> bool:
        """Lease a planned delivery (or one with an expired lease) that is due; return whether it is ours."""
        is_due = and_(_ROW.state == DeliveryState.PLANNED, _ROW.not_before <= now)
        is_free_again = and_(_ROW.state == DeliveryState.CLAIMED, _ROW.lease_until < now)
        return self._changed(
            update(DELIVERIES).where(_ROW.id == delivery, or_(is_due, is_free_again)),
            state=DeliveryState.CLAIMED,
            lease_until=now + timedelta(seconds=lease_s),
            attempts=_ROW.attempts + 1,
        )

    def save_sending(self, delivery: str, *, now: datetime, lease_s: float) -> bool:
        """Commit that the first byte is about to leave; false where the lease was lost."""
        is_ours = and_(_ROW.state == DeliveryState.CLAIMED, _ROW.lease_until >= now)
        return self._changed(
            update(DELIVERIES).where(_ROW.id == delivery, is_ours),
            state=DeliveryState.SENDING,
            lease_until=now + timedelta(seconds=lease_s),
        )

    def settle(
        self,
        delivery: str,
        state: DeliveryState,
        *,
        now: datetime,
        receipt: Receipt | None = None,
        error: str | None = None,
    ) -> None:
        """End a delivery: sent, failed, cancelled or unknown. What was sent stays sent."""
        took = {"receipt": receipt.id, "channel": receipt.channel} if receipt else {}
        self._changed(
            update(DELIVERIES).where(_ROW.id == delivery, _ROW.state != DeliveryState.SENT),
            **{"state": state, "settled_at": now, "lease_until": None, "error": error, **took},
        )

    def release(self, delivery: str, *, not_before: datetime, error: str) -> None:
        """Give a delivery that was surely not taken back to planned, for a later try."""
        is_over = _ROW.state.in_([DeliveryState.SENT, DeliveryState.CANCELLED])
        self._changed(
            update(DELIVERIES).where(_ROW.id == delivery, ~is_over),
            state=DeliveryState.PLANNED,
            not_before=not_before,
            error=error,
            lease_until=None,
            settled_at=None,
        )

    def release_crashed(self, *, now: datetime, alone: bool = False) -> int:
        """Settle as unknown what was left *sending* with an expired lease, or any where *alone*; return how many."""
        is_over: ColumnElement[bool] = true() if alone else _ROW.lease_until < now
        settled = {"state": DeliveryState.UNKNOWN, "settled_at": now, "lease_until": None, "error": _CRASHED}
        again = {"state": DeliveryState.PLANNED, "lease_until": None}
        crashed = update(DELIVERIES).where(_ROW.state == DeliveryState.SENDING, is_over).values(**settled)
        claimed = update(DELIVERIES).where(_ROW.state == DeliveryState.CLAIMED, is_over).values(**again)
        with self._database.writing() as connection:
            connection.execute(claimed)
            return connection.execute(crashed).rowcount

    def save_shut(self, shut: ShutDestination) -> None:
        """Mark a destination that takes nothing any more; the first mark stays."""
        with self._database.writing() as connection:
            keep(connection, SHUT_DESTINATIONS, rows_of([shut], SHUT_DESTINATIONS))

    def load_shut(self) -> list[ShutDestination]:
        """Return the destinations that take nothing any more, by name."""
        row = SHUT_DESTINATIONS.c
        with self._database.reading() as connection:
            by_name = select(SHUT_DESTINATIONS).order_by(row.destination, row.workspace)
            return models_of(connection, by_name, ShutDestination)

    def release_shut(self, *, of: tuple[str, str] | None = None) -> int:
        """
        Forget the marks of destinations, or that *of* one (workspace, destination): somebody has mended them.

        Return how many there were.
        """
        row = SHUT_DESTINATIONS.c
        marked = [] if of is None else [row.workspace == of[0], row.destination == of[1]]
        with self._database.writing() as connection:
            return connection.execute(delete(SHUT_DESTINATIONS).where(*marked)).rowcount

    def _changed(self, change: Update, **values: Any) -> bool:
        """Return whether the one row that *change* names was in the state for it."""
        with self._database.writing() as connection:
            return connection.execute(change.values(**values)).rowcount == 1


def _of(recap: RecapId | None) -> list[ColumnElement[bool]]:
    return [] if recap is None else [_ROW.recap_id == recap]


def _in_order(deliveries: list[Delivery]) -> list[Delivery]:
    starts: dict[tuple[str, ...], datetime] = {}
    for each in deliveries:
        starts[_messages(each)] = min(each.not_before, starts.get(_messages(each), each.not_before))
    return sorted(
        deliveries,
        key=lambda each: (starts[_messages(each)], *_messages(each), each.part),  # "parent" sorts before "reply-01"
    )


def _messages(delivery: Delivery) -> tuple[str, ...]:
    """Return what the messages that go to one recipient together have in common."""
    whole = (delivery.route_id, delivery.destination, delivery.recipient, delivery.workspace)
    return (*whole, delivery.subject, delivery.purpose, f"{delivery.revision:06}")
