"""What commands print: tables for people, JSON for programs, progress on a terminal."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPED_COLUMNS = 200
"""Of a table that goes into a file or a pipe, where nobody says how wide it is: rows stay on one line."""

out = Console(soft_wrap=True, highlight=False)
if not out.is_terminal:
    out.width = PIPED_COLUMNS
err = Console(stderr=True, soft_wrap=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def say(text: str = "", *, style: str = "") -> None:
    """Print a line for a person; nothing in it is markup."""
    out.print(Text(text, style=style))


def fail(text: str) -> None:
    """Print a line about what went wrong, on standard error."""
    err.print(Text(text, style="bold red" if err.is_terminal else ""))


def warn(text: str) -> None:
    """Print a line about what an operator should know, on standard error."""
    err.print(Text(text, style="yellow" if err.is_terminal else ""))


def as_json(value: Any) -> None:  # any model, dataclass or list of them
    """Print *value* as JSON."""
    plain = TypeAdapter(Any).dump_python(value, mode="json")
    typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Print *rows* under *columns*, or the line *empty* where there are none."""
    grid = Table(*columns, box=None, pad_edge=False, header_style="bold")
    count = 0
    for row in rows:
        grid.add_row(*[Text("" if cell is None else str(cell)) for cell in row])
        count += 1
    out.print(grid if count else Text(empty))


def when(at: datetime | None) -> str:
    """Return a moment as people read it in a table, in UTC to the minute."""
    return at.strftime("%Y-%m-%d %H:%M") if at else "never"


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show the latest step on a terminal; print nothing elsewhere."""
    if not err.is_terminal:
        yield lambda _: None
        return
    with err.status("starting") as status:
        yield status.update
