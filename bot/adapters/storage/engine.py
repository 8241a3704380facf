"""The connection to SQLite or PostgreSQL: one way to read, one way to write."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Dialect,
    Engine,
    PoolProxiedConnection,
    QueuePool,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from bot.adapters.storage.faults import in_our_words
from bot.model.errors import StorageUnavailable

_BUSY_S = "5"
"""How long SQLite waits for another process's write; `?timeout=` in the URL says otherwise."""
_BEGIN = "recap_begin"
"""Execution option: how SQLite begins the transaction."""


class Database:
    """
    One database: `sqlite:///recap.db`, `sqlite://` (in memory) or `postgresql+psycopg://user@host/name`.

    In memory there is a single connection, which threads take in turn.
    """

    def __init__(self, url: str) -> None:
        """Connect to nothing yet. Raises: StorageUnavailable where *url* cannot be used."""
        self._url = _parsed(url)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        self.path = _path_of(self._url) if self.is_sqlite else None
        self._engine = self._made()
        # SQLite lets one write at a time and its waiters poll; within a process a lock is fairer.
        self._turn = threading.Lock() if self.path else nullcontext()
        self._held: PoolProxiedConnection | None = None
        """For marks: to take one from the pool for each of them would cost more than the mark."""

    @property
    def dialect(self) -> Dialect:
        """How statements are written for it."""
        return self._engine.dialect

    @property
    def place(self) -> str:
        """Where it is, for messages: never with a password."""
        if self.is_sqlite:
            return str(self.path or "the database in memory")
        return f"{self._url.host or 'the local server'}/{self._url.database}"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one state of the database throughout. Raises: StorageError."""
        options: dict[str, Any] = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with in_our_words(self.place), self._engine.connect() as connection:
            connection.execution_options(**options)
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection whose work is kept whole, or not at all. Raises: StorageError."""
        with in_our_words(self.place), self._turn, self._engine.connect() as connection:
            # The write lock at once: a later upgrade of a read lock can fail without waiting.
            connection.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})
            with connection.begin():
                yield connection

    @contextmanager
    def marking(self) -> Iterator[DBAPICursor]:
        """As `writing`, for one thread at a time: the driver's own cursor, on a connection that a file keeps for it."""
        with in_our_words(self.place, self._driver_error), self._turn:
            held = self._held = self._held or self._engine.raw_connection()
            try:
                cursor = held.cursor()
                if self.is_sqlite:
                    cursor.execute("BEGIN IMMEDIATE")
                yield cursor
                held.commit()
            except BaseException:
                self._let_go()
                raise
            if self.path is None:
                self._let_go()

    @contextmanager
    def outside_transactions(self) -> Iterator[Connection]:
        """Yield a connection on which each statement stands by itself. Raises: StorageError."""
        options: dict[str, Any] = {_BEGIN: None} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        with in_our_words(self.place), self._engine.connect() as connection:
            yield connection.execution_options(**options)

    def close(self) -> None:
        """Give all connections back."""
        self._let_go()
        self._engine.dispose()

    @property
    def _driver_error(self) -> type[Exception]:
        return self._engine.dialect.loaded_dbapi.Error

    def _let_go(self) -> None:
        """Give the connection for marks back to the pool, which undoes what it left open."""
        held, self._held = self._held, None
        if held is not None:
            held.close()

    def _made(self) -> Engine:
        try:
            engine = create_engine(self._url, hide_parameters=True, **self._pool())
        except ImportError as exc:
            raise StorageUnavailable("PostgreSQL needs its driver: pip install 'recap-bot[postgres]'.") from exc
        if self.is_sqlite:
            event.listen(engine, "connect", _tune_file if self.path else _tune)
            event.listen(engine, "begin", _begin)
        return engine

    def _pool(self) -> dict[str, Any]:
        if self.path:
            return {"poolclass": QueuePool, "pool_size": 8, "max_overflow": 56}
        if self.is_sqlite:
            threads = {"check_same_thread": False}
            return {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0, "connect_args": threads}
        return {"pool_size": 8, "max_overflow": 24, "pool_pre_ping": True, "connect_args": {"connect_timeout": 10}}


def _parsed(url: str) -> URL:
    wanted = "write it like sqlite:///recap.db or postgresql+psycopg://user:password@host/name."
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        # The cause would show the URL, and with it the password.
        raise StorageUnavailable(f"RECAP_DATABASE_URL is not the address of a database; {wanted}") from None
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return parsed if "timeout" in parsed.query else parsed.update_query_dict({"timeout": _BUSY_S})
    raise StorageUnavailable(f"RECAP_DATABASE_URL names {backend}, which we do not speak; {wanted}")


def _path_of(url: URL) -> Path | None:
    """Return the file, or null for a database in memory. Source: https://sqlite.org/uri.html."""
    database = url.database or ":memory:"
    if ":memory:" in database or url.query.get("mode") == "memory":
        return None
    return Path(database.removeprefix("file:"))


def _tune(connection: sqlite3.Connection, _: object) -> None:
    """
    Let us begin transactions ourselves.

    Source: https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#sqlite-transactions
    """
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def _tune_file(connection: sqlite3.Connection, record: object) -> None:
    _tune(connection, record)
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")
    # FULL: what we committed ("sending") is still there after a loss of power.
    connection.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    if statement := connection.get_execution_options().get(_BEGIN, "BEGIN"):
        connection.exec_driver_sql(statement)
