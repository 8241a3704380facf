"""Backups and purges."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.article import Decision
from bot.model.errors import NotAllowed, NotFound, StorageTooNew, StorageUnavailable
from bot.model.event import Clustering, Dossier
from tests.builders import MONDAY, a_dossier, an_article
from tests.contract.builders import a_digest, a_recap, a_state, an_insight, store_articles, store_dossiers

OLD = MONDAY - timedelta(days=100)


@pytest.fixture
def file_store(sqlite_url: str) -> SqlStore:
    return SqlStore(sqlite_url)


@pytest.fixture
def server_store(postgresql_url: str) -> SqlStore:
    return SqlStore(postgresql_url)


def old_dossier(title: str) -> Dossier:
    return a_dossier(an_article(title, published_at=OLD, collected_at=OLD, content_hash=title, text="Old words."))


def test_backup_holds_everything_while_the_store_is_in_use(file_store: SqlStore, tmp_path: Path) -> None:
    store_dossiers(file_store, a_dossier())

    file_store.backup(tmp_path / "copy.db")

    copy = SqlStore(f"sqlite:///{tmp_path / 'copy.db'}")
    copy.check()
    assert copy.load_dossiers() == [a_dossier()]
    assert len(copy.search_events("weather", limit=5)) == 1
    assert not (tmp_path / "copy.db.part").exists()


def test_backup_overwrites_nothing(file_store: SqlStore, tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    path.write_text("precious")

    with pytest.raises(NotAllowed, match="exists already"):
        file_store.backup(path)

    assert path.read_text() == "precious"


def test_backup_into_a_missing_folder_names_it(file_store: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match=r"nowhere/copy\.db"):
        file_store.backup(tmp_path / "nowhere" / "copy.db")


def test_restored_backup_takes_the_place_of_everything(file_store: SqlStore, tmp_path: Path) -> None:
    store_dossiers(file_store, a_dossier())
    file_store.backup(tmp_path / "copy.db")
    store_articles(file_store, an_article("Later"))

    file_store.restore(tmp_path / "copy.db")

    file_store.upgrade()
    assert file_store.load_articles() == [an_article()]
    assert file_store.claim_period("build", "2026-W47", now=MONDAY)


def test_only_a_backup_of_ours_is_restored(file_store: SqlStore, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ann, " * 200)
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE birds (id INTEGER)")

    with pytest.raises(NotFound, match=r"missing\.db"):
        file_store.restore(tmp_path / "missing.db")
    for name in ("letter.txt", "other.db"):
        with pytest.raises(StorageUnavailable, match="no backup of Recap"):
            file_store.restore(tmp_path / name)

    file_store.check()


def test_backup_of_a_later_release_is_not_restored(file_store: SqlStore, tmp_path: Path) -> None:
    file_store.backup(tmp_path / "copy.db")
    with sqlite3.connect(tmp_path / "copy.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(StorageTooNew, match="is at revision 9999"):
        file_store.restore(tmp_path / "copy.db")

    file_store.check()


def test_postgresql_is_backed_up_with_its_own_tools(server_store: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="pg_dump"):
        server_store.backup(tmp_path / "copy.db")
    with pytest.raises(StorageUnavailable, match="pg_restore"):
        server_store.restore(tmp_path / "copy.db")


def test_purge_forgets_what_is_old(store: SqlStore) -> None:
    old, new = old_dossier("Comet passes"), a_dossier()
    store_dossiers(store, old, new)
    store.save_insight(an_insight(old))

    assert store.purge(before=MONDAY) == 1

    assert store.load_dossiers() == [new]
    assert store.load_articles() == list(new.articles)
    assert store.load_insights([old.event.id]) == {}
    assert store.load_text("Comet passes") is None
    assert store.purge(before=MONDAY) == 0


def test_search_is_right_after_a_purge(store: SqlStore) -> None:
    old, new = old_dossier("Comet passes"), a_dossier()
    store_dossiers(store, old, new)

    store.purge(before=MONDAY)

    assert store.search_events("comet", limit=5) == []
    assert [hit.event_id for hit in store.search_events("weather model", limit=5)] == [new.event.id]


def test_purge_keeps_the_events_that_digests_showed(store: SqlStore) -> None:
    shown = old_dossier("Comet passes")
    store_dossiers(store, shown)
    store.save_edition(a_recap(shown.event.id), [a_digest(shown.event.id)], [an_insight(shown)])

    assert store.purge(before=MONDAY) == 0

    assert store.load_dossiers() == [shown]
    assert store.load_text("Comet passes") == "Old words."


def test_purge_keeps_a_text_that_a_new_article_shares(store: SqlStore) -> None:
    new = an_article("Reprint", content_hash="Comet passes", text="Old words.")
    store_articles(store, *old_dossier("Comet passes").articles, new)

    store.purge(before=MONDAY)

    assert store.load_articles() == [new]


def test_purge_keeps_the_old_texts_of_edited_articles(store: SqlStore) -> None:
    article = an_article(text="First.", content_hash="first")
    store_articles(store, article)
    edited = article.model_copy(update={"text": "Second.", "content_hash": "second"})
    store.save_collected(a_state(), [Decision(edited, "update", "text changed")])

    store.purge(before=MONDAY)

    assert store.load_text("first") == "First."


def test_purge_keeps_an_event_with_a_newer_article(store: SqlStore) -> None:
    [old], new = old_dossier("Comet passes").articles, an_article("Comet is back")
    told = a_dossier(old, new)
    store_articles(store, old, new)
    store.save_clustering(Clustering((told.event,), told.memberships))

    store.purge(before=MONDAY)

    [left] = store.load_dossiers()
    assert left.event == told.event
    assert left.articles == (new,)
