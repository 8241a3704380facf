"""The schema: from nothing to what the tables say, once, and never back from a later release."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text
from sqlmodel import SQLModel

from bot.adapters.storage.store import SqlStore
from bot.model.errors import StorageTooNew, StorageUnavailable
from tests.databases import postgresql_database

REPOSITORY = Path(__file__).parents[2]
HEAD = ScriptDirectory(str(REPOSITORY / "bot/adapters/storage/migrations")).get_current_head()
UPGRADE = "import sys; from bot.adapters.storage.store import SqlStore; SqlStore(sys.argv[1]).upgrade()"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'recap.db'}"
    else:
        with postgresql_database() as url:
            yield url


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    store = SqlStore(url)
    yield store
    store.close()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    yield engine
    engine.dispose()


def is_ours(_object: object, name: str | None, _kind: str, _reflected: bool, _other: object) -> bool:  # noqa: FBT001  # Alembic's signature
    """Leave out the words of the search index, which each database keeps in tables of its own kind."""
    return not (name or "").startswith("search_words") and name != "ix_articles_dated"


# SQLite cannot tell what an index on an expression is over; its own test follows.
unseen_index = pytest.mark.filterwarnings("ignore:.*ix_articles_dated")


@unseen_index
def test_new_schema_equals_the_tables(store: SqlStore, engine: Engine) -> None:
    store.upgrade()

    with engine.connect() as connection:
        options = {"include_object": is_ours, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, SQLModel.metadata)
    assert differences == []


@unseen_index
def test_comparison_sees_a_missing_column(store: SqlStore, engine: Engine) -> None:
    store.upgrade()

    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE events DROP COLUMN hook"))
        differences = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)

    assert any(difference[:2] == ("add_column", None) for difference in differences)


def test_articles_are_indexed_by_date(store: SqlStore, engine: Engine) -> None:
    store.upgrade()
    catalogue = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE name = 'ix_articles_dated'",
        "postgresql": "SELECT count(*) FROM pg_indexes WHERE indexname = 'ix_articles_dated'",
    }

    with engine.connect() as connection:
        assert connection.execute(text(catalogue[engine.dialect.name])).scalar() == 1


def test_upgrade_may_be_repeated(store: SqlStore) -> None:
    store.upgrade()
    store.upgrade()

    store.check()
    assert store.load_articles() == []


def test_processes_that_start_at_once_upgrade_once(url: str, engine: Engine) -> None:
    command = [sys.executable, "-c", UPGRADE, url]
    processes = [subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) for _ in range(3)]

    errors = [process.communicate(timeout=60)[1] for process in processes]

    assert [process.returncode for process in processes] == [0, 0, 0], errors
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [HEAD]


def test_upgrade_that_fails_leaves_nothing(store: SqlStore, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("CREATE TABLE routes (id INTEGER)"))  # the last that is created

    with pytest.raises(Exception, match="routes"):
        store.upgrade()

    assert sorted(inspect(engine).get_table_names()) == ["alembic_version", "routes"]


def test_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE invoices (id INTEGER)")

    with (
        closing(SqlStore(f"sqlite:///{path}")) as store,
        pytest.raises(StorageUnavailable, match=r"other\.db holds another program's tables; name another file"),
    ):
        store.upgrade()

    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("invoices",)]


def test_upgrade_of_a_current_schema_waits_for_nobody(tmp_path: Path) -> None:
    path = tmp_path / "recap.db"
    with closing(SqlStore(f"sqlite:///{path}?timeout=0.1")) as store, closing(sqlite3.connect(path)) as other:
        store.upgrade()
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")

        store.upgrade()


def test_schema_of_a_later_release_is_refused(store: SqlStore, engine: Engine) -> None:
    store.upgrade()
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(StorageTooNew, match="It is at revision 9999; install the release that wrote it"):
        store.upgrade()
    with pytest.raises(StorageTooNew, match="or restore a backup"):
        store.check()


def test_schema_that_is_behind_is_refused(store: SqlStore, engine: Engine) -> None:
    store.upgrade()
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))

    with pytest.raises(StorageUnavailable, match="run `recap db upgrade`"):
        store.check()


def test_store_without_schema_says_what_to_do(store: SqlStore) -> None:
    with pytest.raises(StorageUnavailable, match="run `recap db upgrade`"):
        store.check()
    with pytest.raises(StorageUnavailable, match="run `recap db upgrade`"):
        store.load_articles()


def test_looking_makes_no_file(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path / 'recap.db'}")

    with pytest.raises(StorageUnavailable, match="run `recap db upgrade`"):
        store.check()

    assert list(tmp_path.iterdir()) == []
