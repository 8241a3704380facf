"""Rolls: rows of people that come from a file or go into one."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file of people."""

    number: int
    """As a spreadsheet counts: the header is row 1."""
    cells: dict[str, str] = field(default_factory=dict)
    """By column name in lower case; surrounding space is gone."""
    fault: str = ""
    """Why it could not be read; then it has no cells."""
