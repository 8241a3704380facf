"""Reads items that people sorted to audiences: a title, its text, and the audiences' ids or other labels."""

import csv
import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.model.errors import NotFound
from bot.model.labelled import SortedItem

Row = Mapping[str, object]

ENDINGS = (".tsv", ".tsv.gz", ".jsonl", ".jsonl.gz")
_AUDIENCES = ("audiences", "audience", "edition", "label")
_TEXT = ("text", "summary")
_DATE = ("date", "published", "published_at")
"""Columns by what they hold, ours first: other collections call them otherwise."""
_NOBODY = "general"
"""What stands in the column of an item that was sorted to nobody."""


@dataclass(frozen=True, slots=True)
class SortedItems:
    """What a file holds, and what is wrong with the rows that were left out."""

    items: tuple[SortedItem, ...]
    refused: tuple[str, ...]
    """One line each, with file and row."""


def read(path: Path) -> SortedItems:
    """
    Return the items of a file, or of the files of a directory, by name; advertisements are left out.

    Raises: NotFound where there is no such file, or none with a title and an audience.
    """
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    found = [_read(file) for file in files if file.name.endswith(ENDINGS)]
    items = tuple(item for each in found for item in each.items)
    refused = tuple(line for each in found for line in each.refused)
    if not items:
        raise NotFound(
            refused[0] if refused else f"'{path}' holds no sorted items ({', '.join(ENDINGS)}: title, text, audiences)."
        )
    return SortedItems(items, refused)


def _read(file: Path) -> SortedItems:
    items: list[SortedItem] = []
    refused: list[str] = []
    try:
        for number, row in _rows(file):
            item = _item(row)
            if isinstance(item, str):
                refused.append(f"{file}, row {number}: {item}; skipped.")
            elif item is not None:
                items.append(item)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as exc:
        raise NotFound(f"'{file}' cannot be read: {exc}") from exc
    return SortedItems(tuple(items), tuple(refused))


def _rows(file: Path) -> Iterator[tuple[int, Row | None]]:
    """Yield each row with its line; null for one that cannot be read."""
    opened = gzip.open if file.name.endswith(".gz") else open
    with opened(file, "rt", encoding="utf-8-sig") as lines:
        told = ((number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("# "))
        if ".jsonl" in file.name:
            yield from ((number, _parsed(line)) for number, line in told)
            return
        _, head = next(told, (0, ""))
        columns = head.rstrip("\r\n").split("\t")
        for number, line in told:
            cells = line.rstrip("\r\n").split("\t")
            yield number, dict(zip(columns, cells, strict=True)) if len(cells) == len(columns) else None


def _parsed(line: str) -> Row | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def _item(row: Row | None) -> SortedItem | str | None:
    """Return the item of a row, what is wrong with it, or null for an advertisement."""
    if row is None:
        return "not one value for each column, or no JSON object"
    if row.get("sponsor") is True or str(row.get("section")).casefold() == "sponsor":
        return None
    title = str(row.get("title") or "").strip()
    if not title:
        return "no title"
    column = next((name for name in _AUDIENCES if row.get(name)), None)
    if column is None:
        return f"no audience (column '{_AUDIENCES[0]}'; write '{_NOBODY}' for nobody)"
    return SortedItem(
        title=_cased(title),
        text=_first(row, _TEXT),
        audiences=_labels(row[column]),
        url=_first(row, ("url",)),
        sorted_on=_first(row, _DATE)[:10],
    )


def _labels(value: object) -> frozenset[str]:
    told = [str(each) for each in value] if isinstance(value, list) else str(value).split(",")
    return frozenset(label.strip() for label in told if label.strip() and label.strip() != _NOBODY)


def _first(row: Row, columns: tuple[str, ...]) -> str:
    return next((str(row[name]) for name in columns if row.get(name)), "")


def _cased(title: str) -> str:
    """Return a title that is written in capitals alone as a sentence: capitals are its newsletter's, not its own."""
    return title.capitalize() if title.isupper() and len(title.split()) > 1 else title
