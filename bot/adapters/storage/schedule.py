"""Who acts: periods of schedules that are taken once, and the leadership of the scheduler."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from bot.adapters.storage.engine import Database
from bot.adapters.storage.rows import Room, keep
from bot.adapters.storage.tables import PERIODS
from bot.model.errors import StorageUnavailable

_LEADER_LOCK = 7_283_001
"""PostgreSQL's advisory locks have numbers; this one is ours, chosen freely."""


class Schedule(Room):
    """Periods and leadership."""

    def claim_period(self, schedule: str, period: str, *, now: datetime) -> bool:
        """Take one due period of a schedule: true for one caller only, ever."""
        row = {"schedule": schedule, "period": period, "claimed_at": now}
        with self._database.writing() as connection:
            return keep(connection, PERIODS, [row]) == 1

    @contextmanager
    def lead(self) -> Iterator[bool]:
        """
        Hold the leadership of the scheduler while the context lasts; false at once where another process has it.

        A database in memory belongs to one process, which always leads.
        """
        path = self._database.path
        if not self._database.is_sqlite:
            with _session_lock(self._database) as is_ours:
                yield is_ours
        elif path is None:
            yield True
        else:
            with _file_lock(path.with_name(path.name + ".leader")) as is_ours:
                yield is_ours


@contextmanager
def _session_lock(database: Database) -> Iterator[bool]:
    """Hold a lock of the session; it ends with the connection, so also with a process that dies."""
    with database.outside_transactions() as connection:
        is_ours = bool(connection.execute(select(func.pg_try_advisory_lock(_LEADER_LOCK))).scalar())
        try:
            yield is_ours
        finally:
            if is_ours:
                connection.execute(select(func.pg_advisory_unlock(_LEADER_LOCK)))


@contextmanager
def _file_lock(path: Path) -> Iterator[bool]:
    """Hold a lock of the open file; it ends with the process. The file stays: removing it would let two lead."""
    try:
        file = path.open("a")
    except OSError as exc:
        raise StorageUnavailable(f"{path} cannot be opened ({exc.strerror}).") from exc
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
