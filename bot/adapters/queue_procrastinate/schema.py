"""The tables of the queue in PostgreSQL: procrastinate's own, and which of its migrations were applied."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from procrastinate.schema import SchemaManager, migrations_path

from bot.model.errors import StorageUnavailable

_LOCK = 7_283_003
"""Beside the advisory locks of the store."""


class QueueSchema:
    """Brings procrastinate's tables to its installed release."""

    def __init__(self, conninfo: str, place: str) -> None:
        """Connect by *conninfo* when asked; *place* stands for it in messages."""
        self._conninfo = conninfo
        self._place = place

    def upgrade(self) -> None:
        """Make the tables, or apply the migrations that are missing. Raises: StorageUnavailable."""
        with self._connected() as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])  # until we hang up
            applied = _applied(connection)
            if applied is None:
                self._refuse_foreign(connection)
                with connection.transaction():
                    connection.execute(SchemaManager.get_schema())
                    connection.execute("CREATE TABLE recap_queue_migrations (name text PRIMARY KEY)")
                    for name in _migrations():
                        _note(connection, name)
            else:
                for name in _migrations():
                    if name not in applied:
                        # Their text may hold statements that no transaction takes.
                        connection.execute(_read(name))
                        _note(connection, name)

    def check(self) -> None:
        """Do nothing, if all migrations were applied. Raises: StorageUnavailable."""
        with self._connected() as connection:
            applied = _applied(connection)
        if applied is None or not applied.issuperset(_migrations()):
            raise StorageUnavailable(f"{self._place}: the queue's tables are behind: run `recap db upgrade`.")

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        try:
            with psycopg.connect(self._conninfo, autocommit=True, connect_timeout=10) as connection:
                yield connection
        except psycopg.Error as exc:
            raise StorageUnavailable(f"{self._place}: the queue cannot be used ({type(exc).__name__}).") from exc

    def _refuse_foreign(self, connection: psycopg.Connection) -> None:
        if _exists(connection, "procrastinate_jobs"):
            raise StorageUnavailable(
                f"{self._place} holds another program's procrastinate; name another database in RECAP_DATABASE_URL."
            )


def _applied(connection: psycopg.Connection) -> set[str] | None:
    if not _exists(connection, "recap_queue_migrations"):
        return None
    return {str(name) for (name,) in connection.execute("SELECT name FROM recap_queue_migrations")}


def _exists(connection: psycopg.Connection, table: str) -> bool:
    found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()
    return bool(found and found[0])


def _note(connection: psycopg.Connection, name: str) -> None:
    connection.execute("INSERT INTO recap_queue_migrations VALUES (%s)", [name])


def _migrations() -> list[str]:
    """Return the names in the order in which they apply: they begin with the release."""
    return sorted(path.name for path in Path(migrations_path).glob("*.sql"))


def _read(name: str) -> bytes:
    return (Path(migrations_path) / name).read_bytes()
