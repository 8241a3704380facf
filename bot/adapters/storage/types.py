"""Column types: nested values as JSON text, enums as their words."""

from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Dialect, String, Text
from sqlalchemy.types import TypeDecorator


class Json(TypeDecorator[Any]):
    """
    A value of type *kind*, kept as JSON text.

    Text and not JSONB: both databases then give back the very same characters, in the same order of keys.
    """

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        """Keep *kind*: any type that pydantic can read, such as `list[Card]`."""
        super().__init__()
        self.kind = kind
        self._adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Return *value* as JSON."""
        return None if value is None else self._adapter.dump_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002  # SQLAlchemy's signature
        """Return the validated value."""
        return None if value is None else self._adapter.validate_json(value)


class Word(TypeDecorator[StrEnum]):
    """A member of the enum *kind*, kept by its value (SQLModel would make a database enum of the names)."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        """Keep the enum."""
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # as above
        """Return the plain word."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002  # as above
        """Return the member."""
        return None if value is None else self.kind(value)
