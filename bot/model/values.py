"""The base of all stored values, and the small values that many of them share."""

import hashlib
from typing import TypeAlias

from pydantic import ConfigDict, JsonValue
from sqlmodel import SQLModel

ArticleId: TypeAlias = str
EventId: TypeAlias = str
ThreadId: TypeAlias = str
AudienceId: TypeAlias = str
RouteId: TypeAlias = str
SourceSlug: TypeAlias = str
WeekId: TypeAlias = str
"""ISO week of a recap, such as `2026-W47`."""
RecapId: TypeAlias = str
"""The week's id; a partial recap adds the day it was built on: `2026-W47-partial-2026-11-18`."""
Language: TypeAlias = str
"""ISO 639-1 code in lower case, such as `en` or `zh`; `und` where it cannot be told."""
Json: TypeAlias = dict[str, JsonValue]
"""JSON of an outside system (Slack blocks), passed on as it is."""


class Model(SQLModel):
    """A value that may be stored: plain, mutable, validated, without unknown fields."""

    model_config = ConfigDict(extra="forbid")  # type: ignore[assignment]  # SQLModel narrows ConfigDict


def digest_of(*parts: str, chars: int = 32) -> str:
    """
    Return the first *chars* hexadecimal digits of the SHA-256 of *parts*.

    Parts are joined by NUL, so that ("ab", "c") and ("a", "bc") differ.
    """
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:chars]
