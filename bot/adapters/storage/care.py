"""Care of the data: backups, and forgetting what is old."""

import os
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, select

from bot.adapters.storage import search
from bot.adapters.storage.engine import Database
from bot.adapters.storage.faults import in_our_words
from bot.adapters.storage.rows import Room, chunks
from bot.adapters.storage.schema import known_revisions
from bot.adapters.storage.tables import (
    ARTICLES,
    DATED_AT,
    DIGEST_EVENTS,
    EVENTS,
    INSIGHTS,
    MEMBERSHIPS,
    MODEL_USAGE,
    REDIRECTS,
    TEXTS,
)
from bot.model.errors import NotAllowed, NotFound, StorageTooNew, StorageUnavailable
from bot.model.values import ArticleId


class Care(Room):
    """Backups and purges."""

    def backup(self, path: Path) -> None:
        """
        Write a copy of the database to the new file *path*, while it is in use.

        Raises: NotAllowed where *path* exists; StorageUnavailable on PostgreSQL, which has pg_dump for it.
        """
        _needs_sqlite(self._database, "pg_dump")
        if path.exists():
            raise NotAllowed(f"{path} exists already; name another file.")
        half_done = path.with_name(path.name + ".part")
        half_done.unlink(missing_ok=True)
        with in_our_words(str(path)), self._database.outside_transactions() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(half_done),))
        os.replace(half_done, path)

    def restore(self, path: Path) -> None:
        """
        Put the backup at *path* in the place of everything stored; call `upgrade` afterwards.

        Raises: NotFound, StorageTooNew, StorageUnavailable (no backup of ours, or PostgreSQL, which has pg_restore).
        """
        _needs_sqlite(self._database, "pg_restore")
        if not path.is_file():
            raise NotFound(f"No backup at {path}.")
        with in_our_words(str(path)):
            source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        try:
            _check_backup(source, path)
            with self._database.outside_transactions() as connection:
                source.backup(_driver_of(connection))
        finally:
            source.close()

    def purge(self, *, before: datetime) -> int:
        """
        Forget articles dated before *before*, with events and insights that only they told; return how many.

        What asking language models took before then is forgotten with them.

        Events that a digest showed stay, and so do recaps, digests, the ledger and the texts of edited articles,
        which stored quotes may stand on.
        """
        with self._database.writing() as connection:
            articles = _forgettable(connection, before)
            _forget_articles(connection, articles)
            _forget_events(connection, before)
            connection.execute(delete(MODEL_USAGE).where(MODEL_USAGE.c.asked_at < before))
            if articles:
                search.rebuild(connection)
        if articles and self._database.is_sqlite:
            with self._database.outside_transactions() as connection:
                connection.exec_driver_sql("VACUUM")  # gives the room back to the disk
        return len(articles)


def _needs_sqlite(database: Database, tool: str) -> None:
    if not database.is_sqlite:
        raise StorageUnavailable(f"{database.place} is PostgreSQL: use {tool}.")


def _driver_of(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _check_backup(source: sqlite3.Connection, path: Path) -> None:
    try:
        stored = {revision for (revision,) in source.execute("SELECT version_num FROM alembic_version")}
    except sqlite3.DatabaseError as exc:
        raise StorageUnavailable(f"{path} is no backup of Recap ({exc}).") from exc
    if unknown := stored - known_revisions():
        raise StorageTooNew(f"{path} is at revision {', '.join(sorted(unknown))}; install the release that wrote it.")


def _forgettable(connection: Connection, before: datetime) -> Sequence[ArticleId]:
    shown = select(MEMBERSHIPS.c.article_id).join(DIGEST_EVENTS, DIGEST_EVENTS.c.event_id == MEMBERSHIPS.c.event_id)
    old = select(ARTICLES.c.id).where(DATED_AT < before, ARTICLES.c.id.not_in(shown))  # noqa: SIM300  # a column
    return connection.execute(old).scalars().all()


def _forget_articles(connection: Connection, articles: Sequence[ArticleId]) -> None:
    for part in chunks(articles):
        hashes = set(connection.execute(select(ARTICLES.c.content_hash).where(ARTICLES.c.id.in_(part))).scalars())
        connection.execute(delete(ARTICLES).where(ARTICLES.c.id.in_(part)))  # what refers to them goes with them
        for texts in chunks(hashes):
            is_read = select(ARTICLES.c.id).where(ARTICLES.c.content_hash == TEXTS.c.content_hash).exists()
            connection.execute(delete(TEXTS).where(TEXTS.c.content_hash.in_(texts), ~is_read))


def _forget_events(connection: Connection, before: datetime) -> None:
    is_told = select(MEMBERSHIPS.c.article_id).where(MEMBERSHIPS.c.event_id == EVENTS.c.id).exists()
    is_shown = select(DIGEST_EVENTS.c.event_id).where(DIGEST_EVENTS.c.event_id == EVENTS.c.id).exists()
    is_merged = select(REDIRECTS.c.event_id).where(REDIRECTS.c.event_id == EVENTS.c.id).exists()
    untold = select(EVENTS.c.id).where(EVENTS.c.last_published_at < before, ~is_told, ~is_shown, ~is_merged)
    for part in chunks(connection.execute(untold).scalars().all()):
        connection.execute(delete(INSIGHTS).where(INSIGHTS.c.event_id.in_(part)))
        connection.execute(delete(EVENTS).where(EVENTS.c.id.in_(part)))
