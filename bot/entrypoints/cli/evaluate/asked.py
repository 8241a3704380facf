"""What was asked of `recap eval`, and what one measure answers."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command."""

    settings: Settings
    data: tuple[Path, ...] = ()
    """Labelled files or folders of them; empty: the shipped data."""
    limit: int = 0
    """Rows of a file; 0: all."""
    same: tuple[str, ...] = ()
    """Labels that mean the same, as A=B."""
    map: tuple[str, ...] = ()
    """Labels of sorted items and the audiences they stand for, as LABEL=ID."""
    mistakes: int = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What one measure found."""

    figures: object
    """For programs: any model, dataclass or list of them."""
    say: Callable[[], None]
    """Prints it for a person."""
    notes: tuple[str, ...] = ()
    """What an operator should know."""


Measure = Callable[[Asked, Callable[[str], None]], Answer]
"""Measures, telling its progress. Raises: NotFound where the files hold nothing that it can read."""
