"""Fields that are columns: how the tables redeclare what SQLModel cannot guess."""

from enum import StrEnum
from typing import Any, cast

from sqlalchemy import Column, ForeignKey, String, Table
from sqlmodel import Field, SQLModel

from bot.adapters.storage.types import Json, Word


def primary(target: str | None = None, *, cascade: str | None = None) -> Any:
    """Return a text field that is (part of) the primary key, and refers to *target* where given."""
    refers_to = [ForeignKey(target, ondelete=cascade)] if target else []
    return Field(sa_column=Column(String, *refers_to, primary_key=True))


def refers(target: str) -> Any:
    """Return a text field that refers to *target*, such as `events.id`, and is found fast."""
    return Field(sa_column=Column(String, ForeignKey(target), nullable=False, index=True))


def indexed() -> Any:
    """Return a text field that is found fast."""
    return Field(sa_column=Column(String, nullable=False, index=True))


def json_of(kind: Any, *, nullable: bool = False) -> Any:
    """Return a field of nested values of the type *kind*."""
    return Field(sa_column=Column(Json(kind), nullable=nullable))


def word_of(kind: type[StrEnum]) -> Any:
    """Return a field of a member of the enum *kind*."""
    return Field(sa_column=Column(Word(kind), nullable=False))


def table_of(row: type[SQLModel]) -> Table:
    """Return the table that SQLModel made of the class *row*."""
    return cast(Table, row.__table__)  # type: ignore[attr-defined]  # SQLModel adds it where table=True
