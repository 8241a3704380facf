"""Marks of mails that are about to leave: two short statements each, and one commit for all that wait for it."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any, TypeAlias

from sqlalchemy import Dialect, Update, and_, bindparam, or_, update
from sqlalchemy.engine.interfaces import DBAPICursor

from bot.adapters.storage.engine import Database
from bot.adapters.storage.tables import DELIVERIES
from bot.model.delivery import DeliveryState, Ended
from bot.model.errors import StorageError

_ROW = DELIVERIES.c
_START = (
    update(DELIVERIES)
    .where(
        _ROW.id == bindparam("b_id"),
        or_(
            and_(_ROW.state == DeliveryState.PLANNED, _ROW.not_before <= bindparam("b_now")),
            and_(_ROW.state == DeliveryState.CLAIMED, _ROW.lease_until < bindparam("b_now")),
        ),
    )
    .values(state=DeliveryState.SENDING, lease_until=bindparam("b_until"), attempts=_ROW.attempts + 1)
)
_SENT = (
    update(DELIVERIES)
    .where(_ROW.id == bindparam("b_id"), _ROW.state != DeliveryState.SENT)
    .values(
        state=DeliveryState.SENT,
        settled_at=bindparam("b_now"),
        lease_until=None,
        error=None,
        receipt=bindparam("b_receipt"),
        channel=bindparam("b_channel"),
    )
)

_Values: TypeAlias = Sequence[object] | dict[str, object]
"""As the driver takes them: by place (SQLite) or by name (PostgreSQL)."""


@dataclass(slots=True)
class _Mark:
    delivery: str
    start: _Values
    sent: _Values | None
    """Of the mail that left before it."""
    is_ended: bool = False
    is_ours: bool = False
    error: StorageError | None = None


class Marks:
    """
    Takes deliveries from planned straight to sending.

    A thread that comes while another one commits shares the next commit: one by one they would only queue for the disk.
    """

    def __init__(self, database: Database) -> None:
        """Mark in the ledger of *database*."""
        self._database = database
        self._start = _Prepared(_START, database.dialect)
        self._sent = _Prepared(_SENT, database.dialect)
        self._waiting: deque[_Mark] = deque()
        self._turn = Lock()

    def start(self, delivery: str, *, now: datetime, until: datetime, after: Ended | None) -> bool:
        """Commit the mark of *delivery*, and that what went *after* it is sent; return whether it is ours."""
        mark = _Mark(delivery, self._start.values(b_id=delivery, b_now=now, b_until=until), self._ended(after))
        self._waiting.append(mark)
        with self._turn:
            if not mark.is_ended:
                self._commit([self._waiting.popleft() for _ in range(len(self._waiting))])
        if mark.error is not None:
            raise mark.error
        return mark.is_ours

    def _ended(self, before: Ended | None) -> _Values | None:
        if before is None:
            return None
        took = before.receipt
        return self._sent.values(b_id=before.delivery_id, b_now=before.at, b_receipt=took.id, b_channel=took.channel)

    def _commit(self, marks: Sequence[_Mark]) -> None:
        try:
            with self._database.marking() as cursor:
                # In one order everywhere, so that two processes never wait for each other's rows.
                ours = [each for each in sorted(marks, key=_delivery_of) if self._write(cursor, each)]
            for each in ours:
                each.is_ours = True
        except StorageError as exc:
            for each in marks:
                each.error = exc
        finally:
            for each in marks:
                each.is_ended = True

    def _write(self, cursor: DBAPICursor, mark: _Mark) -> bool:
        """Return whether it is ours."""
        if mark.sent is not None:
            cursor.execute(self._sent.text, mark.sent)
        cursor.execute(self._start.text, mark.start)
        return cursor.rowcount == 1


class _Prepared:
    """A statement in its driver's words: SQLAlchemy takes several times as long to execute it as SQLite does."""

    def __init__(self, statement: Update, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._is_by_place = compiled.positiontup is not None
        types = {name: bind.type for bind, name in compiled.bind_names.items()}
        converters = {name: _converter(kind, dialect) for name, kind in types.items()}
        names = compiled.positiontup or list(types)
        self._binds = [(name, converters[name], converters[name](compiled.params[name])) for name in names]

    def values(self, **given: object) -> _Values:
        """Return what the driver takes for the values of this time; what is not given is the statement's own."""
        if self._is_by_place:
            return [convert(given[name]) if name in given else own for name, convert, own in self._binds]
        return {name: convert(given[name]) if name in given else own for name, convert, own in self._binds}


def _delivery_of(mark: _Mark) -> str:
    return mark.delivery


def _converter(kind: Any, dialect: Dialect) -> Callable[[Any], Any]:
    """Return what turns a value into the driver's; Any: SQLAlchemy's types hold anything."""
    return kind.dialect_impl(dialect).bind_processor(dialect) or (lambda value: value)
