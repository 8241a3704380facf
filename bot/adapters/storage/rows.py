"""Models to rows and back."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Select, Table
from sqlalchemy.dialects import postgresql, sqlite

from bot.adapters.storage.engine import Database
from bot.model.values import Model

M = TypeVar("M", bound=Model)
T = TypeVar("T")
Row: TypeAlias = dict[str, Any]

_CHUNK = 5_000
"""Values of one IN list. Source: sqlite.org/limits.html (32,766 variables), PostgreSQL's protocol (65,535)."""


class Room:
    """A part of the store: what it keeps, it keeps in *database*."""

    def __init__(self, database: Database) -> None:
        self._database = database


def rows_of(models: Iterable[Model], table: Table, **also: object) -> list[Row]:
    """Return the values of *models* that *table* has columns for; *also* are columns that the model does not know."""
    names = [column.name for column in table.columns if column.name not in also]
    return [{name: getattr(model, name) for name in names} | also for model in models]


def models_of(connection: Connection, query: Select[Any], kind: type[M], **values: object) -> list[M]:
    """Return the rows of *query* as models; *values* are what it leaves open."""
    return [kind.model_validate(dict(row)) for row in connection.execute(query, values).mappings()]


def columns_of(table: Table, kind: type[Model]) -> list[Any]:
    """Return the columns of *table* that are fields of the model *kind*."""
    return [column for column in table.columns if column.name in kind.model_fields]


def upsert(connection: Connection, table: Table, rows: Sequence[Row], *, where: Any = None) -> None:
    """Insert *rows*, or replace those with the same primary key (only *where* it holds)."""
    if not rows:
        return
    statement = insert_into(connection, table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed, where=where), rows)


def keep(connection: Connection, table: Table, rows: Sequence[Row]) -> int:
    """Insert those of *rows* that break no uniqueness; return how many."""
    if not rows:
        return 0
    statement = insert_into(connection, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return connection.execute(statement, rows).rowcount


def insert_into(connection: Connection, table: Table) -> Any:
    """Return the database's own INSERT, which knows ON CONFLICT (the same words in both)."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """Yield *values*, each once, in lists short enough for one IN."""
    unique = list(dict.fromkeys(values))
    for start in range(0, len(unique), _CHUNK):
        yield unique[start : start + _CHUNK]
