"""One store per test, over SQLite in a file and over a real PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from bot.adapters.storage.store import SqlStore
from tests.databases import postgresql_database


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database file with the schema."""
    path = tmp_path_factory.mktemp("template") / "recap.db"
    _upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_schema() -> Iterator[str]:
    """The URL of a PostgreSQL database with the schema."""
    with postgresql_database() as url:
        _upgrade(url)
        yield url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A new database file with the schema."""
    path = tmp_path / "recap.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_schema: str) -> str:
    """A PostgreSQL database with the schema, emptied: ten times as fast as a new one."""
    engine = create_engine(postgresql_schema.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        for table in reversed(SQLModel.metadata.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()
    return postgresql_schema


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of a new database with the schema, once of each kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgresql_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """A store over a new database."""
    store = SqlStore(url)
    yield store
    store.close()


@pytest.fixture
def other_store(url: str) -> Iterator[SqlStore]:
    """A second store over the same database, as another process would have it."""
    store = SqlStore(url)
    yield store
    store.close()


def _upgrade(url: str) -> None:
    store = SqlStore(url)
    store.upgrade()
    store.close()
