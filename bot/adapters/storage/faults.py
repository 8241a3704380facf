"""Database errors in our words: which one it is, and what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.model.errors import StorageBusy, StorageError, StorageFull, StorageUnavailable

BEHIND = "The schema is behind: run `recap db upgrade`."

_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY}
_SQLITE_UNWRITTEN = {
    *(sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC),
    *(sqlite3.SQLITE_IOERR_TRUNCATE, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN),
}
"""A disk without room does not always say so."""
_SQLITE_SHUT = {
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT),
    *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH),
}
# Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES_BUSY = {"55P03", "40P01", "40001", "57014"}
_POSTGRES_FULL = {"53100", "25006", "42501"}
_POSTGRES_BEHIND = {"42P01", "42703"}


@contextmanager
def in_our_words(place: str, *drivers: type[Exception]) -> Iterator[None]:
    """
    Turn every database error into a `StorageError` that names *place* (a path, or a URL without its password).

    *drivers* are the errors of a driver that is spoken to without SQLAlchemy.

    Raises: StorageBusy, StorageFull, StorageUnavailable, StorageError.
    """
    known: tuple[type[Exception], ...] = (DBAPIError, PoolTimeout, sqlite3.Error, *drivers)
    try:
        yield
    except known as exc:  # SQLAlchemy's other errors are faults of ours
        raise _told(exc, place) from exc


def _told(exc: Exception, place: str) -> StorageError:
    cause = exc.orig if isinstance(exc, DBAPIError) and exc.orig is not None else exc
    if isinstance(exc, PoolTimeout):
        return StorageBusy(f"No connection to {place} came free; try again.")
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, place)
    return _of_postgres(cause, place)


def _of_sqlite(cause: sqlite3.Error, place: str) -> StorageError:
    whole = getattr(cause, "sqlite_errorcode", 0)
    code = whole & 0xFF  # the upper bits only say more about the same
    if code in _SQLITE_BUSY:
        return StorageBusy(f"{place} is locked; stop the other recap process, or try again.")
    if code in _SQLITE_FULL or whole in _SQLITE_UNWRITTEN:
        return StorageFull(f"Free some room at {place}, and see that it may be written ({cause}).")
    if code in _SQLITE_SHUT:
        return StorageUnavailable(f"{place}: {cause}; see that the folder exists and that this is a recap database.")
    return _other(cause, place)


def _of_postgres(cause: BaseException, place: str) -> StorageError:
    state = getattr(cause, "sqlstate", None) or ""
    if state in _POSTGRES_BUSY:
        return StorageBusy(f"{place} is locked; stop the other recap process, or try again.")
    if state in _POSTGRES_FULL:
        return StorageFull(f"Free some room at {place}, and see that it may be written ({_line(cause)}).")
    if state in _POSTGRES_BEHIND:
        return StorageUnavailable(BEHIND)
    if type(cause).__name__ == "OperationalError" or state.startswith(("08", "28", "3D", "53", "57")):
        return StorageUnavailable(f"{place} does not answer ({_line(cause)}); see that it runs and that we may log in.")
    return _other(cause, place)


def _other(cause: BaseException, place: str) -> StorageError:
    line = _line(cause)
    if line.startswith(("no such table", "no such column")):
        return StorageUnavailable(BEHIND)
    return StorageError(f"{place}: {line}")


def _line(cause: BaseException) -> str:
    """Return the first line only: PostgreSQL's further lines quote what the row held."""
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]
