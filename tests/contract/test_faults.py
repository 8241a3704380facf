"""What goes wrong with a database says what to do, and never shows a password."""

import sqlite3
from pathlib import Path

import pytest

from bot.adapters.storage.faults import in_our_words
from bot.adapters.storage.store import SqlStore
from bot.model.delivery import DeliveryState
from bot.model.errors import StorageBusy, StorageError, StorageFull, StorageUnavailable
from tests.builders import NOW, an_article
from tests.contract.builders import a_delivery, a_state, store_articles


def line_of(excinfo: pytest.ExceptionInfo[StorageError]) -> str:
    """Return the message, after making sure that it is one line and that no cause shows the password."""
    told: list[str] = []
    cause: BaseException | None = excinfo.value
    while cause:
        told.append(str(cause))
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    assert "\n" not in told[0]
    assert "secret" not in " ".join(told)
    return told[0]


def test_locked_database_is_busy(sqlite_url: str, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "recap.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageBusy) as excinfo:
        SqlStore(sqlite_url + "?timeout=0.01").save_source_states([a_state()])

    assert line_of(excinfo).endswith("recap.db is locked; stop the other recap process, or try again.")
    other.close()


def test_mark_that_met_a_lock_is_none_and_can_be_made_later(sqlite_url: str, tmp_path: Path) -> None:
    store = SqlStore(sqlite_url + "?timeout=0.01")
    store.save_deliveries([a_delivery("mail")])
    [delivery] = store.load_deliveries()
    other = sqlite3.connect(tmp_path / "recap.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageBusy):
        store.start_sending(delivery.id, now=NOW, lease_s=60)

    other.close()
    assert store.load_deliveries(state=DeliveryState.SENDING) == []
    assert store.start_sending(delivery.id, now=NOW, lease_s=60)


def test_locked_database_can_still_be_read(sqlite_url: str, tmp_path: Path) -> None:
    store = SqlStore(sqlite_url + "?timeout=0.01")
    store_articles(store, an_article())
    other = sqlite3.connect(tmp_path / "recap.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    assert store.load_articles() == [an_article()]
    other.close()


def test_read_only_database_cannot_be_written(sqlite_url: str, tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///file:{tmp_path / 'recap.db'}?mode=ro&uri=true")

    with pytest.raises(StorageFull) as excinfo:
        store.claim_period("build", "2026-W47", now=NOW)

    assert "recap.db, and see that it may be written" in line_of(excinfo)


def test_full_disk_is_told() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE notes (words BLOB)")
    connection.execute("PRAGMA max_page_count = 2")

    with pytest.raises(StorageFull) as excinfo, in_our_words("recap.db"):
        connection.execute("INSERT INTO notes VALUES (zeroblob(100000))")

    assert line_of(excinfo) == (
        "The database cannot be written. "
        "Free some room at recap.db, and see that it may be written (database or disk is full)."
    )


def test_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable) as excinfo:
        SqlStore(f"sqlite:///{tmp_path}/nowhere/recap.db").upgrade()

    assert "nowhere/recap.db: unable to open database file; see that the folder exists" in line_of(excinfo)


def test_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ann, " * 200)

    with pytest.raises(StorageUnavailable) as excinfo:
        SqlStore(f"sqlite:///{tmp_path}/letter.txt").upgrade()

    assert "letter.txt: file is not a database" in line_of(excinfo)
    assert (tmp_path / "letter.txt").read_text().startswith("Dear Ann")


def test_server_that_does_not_answer_is_told_without_the_password() -> None:
    store = SqlStore("postgresql://ann:secret@127.0.0.1:1/recap")

    with pytest.raises(StorageUnavailable) as excinfo:
        store.load_articles()

    assert line_of(excinfo).startswith("The database cannot be opened. 127.0.0.1/recap does not answer (")


def test_database_that_the_server_lacks_is_told(postgresql_url: str) -> None:
    name = postgresql_url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]

    with pytest.raises(StorageUnavailable) as excinfo:
        SqlStore(postgresql_url.replace(name, "nowhere")).check()

    assert 'database "nowhere" does not exist' in line_of(excinfo)


@pytest.mark.parametrize(
    "url", ["", "recap.db", "mysql://ann:secret@host/recap", "postgresql://ann:secret@host:port/x"]
)
def test_url_that_we_do_not_speak_is_refused(url: str) -> None:
    with pytest.raises(StorageUnavailable, match=r"write it like sqlite:///recap\.db") as excinfo:
        SqlStore(url)

    line_of(excinfo)


def test_what_a_row_held_is_not_in_the_message(store: SqlStore) -> None:
    broken = an_article("private").model_copy(update={"url": None})

    with pytest.raises(StorageError) as excinfo:
        store_articles(store, broken)

    assert "private" not in line_of(excinfo)


def test_store_works_again_after_an_error(store: SqlStore) -> None:
    for _ in range(70):  # more than there are connections
        with pytest.raises(StorageError):
            store_articles(store, an_article().model_copy(update={"url": None}))

    store_articles(store, an_article())
    assert store.load_articles() == [an_article()]
