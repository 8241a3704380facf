"""Reads labelled files: articles sorted into events by people, and pairs that people rated."""

import csv
import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.model.article import Article, DateKind
from bot.model.errors import NotFound
from bot.model.labelled import LabelledSet, RatedPair, RatedSet
from bot.model.values import Language, digest_of
from bot.understand import language

Row = Mapping[str, object]

_ENDINGS = (".tsv", ".tsv.gz", ".jsonl", ".jsonl.gz")
_EVENT = ("event", "story", "cluster_id", "cluster")
_PUBLISHER = ("publisher", "outlet", "source")
_LANGUAGE = ("language", "lang")
_TEXT = ("text", "sents")
_DATE = ("published", "published_at", "created", "day")
"""Columns by what they hold, ours first: other collections call them otherwise."""
_SENTENCES = 3
"""Of a list of sentences: about what a feed's summary holds."""
_TITLE_IN = re.compile(r"title_([a-z]{2})(?:_|$)")
_RATED = re.compile(r"(?:slug_)?(?:headline|title)_?([12])")
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
"""When articles without a date are dated: all at once, so that time tells nothing."""


def read(path: Path, *, limit: int) -> list[LabelledSet | RatedSet]:
    """
    Return the sets of a file, or of each file of a directory, by name; at most *limit* rows of each (0: all).

    A file in which nothing is labelled is left out. Raises: NotFound where nothing is left.
    """
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    sets = [found for file in files if file.name.endswith(_ENDINGS) and (found := _set(file, limit=limit))]
    if not sets:
        raise NotFound(f"'{path}' holds no labelled file ({', '.join(_ENDINGS)}); docs/evaluation.md shows the format.")
    return sets


def _set(file: Path, *, limit: int) -> LabelledSet | RatedSet | None:
    try:
        rows = list(_rows(file))[: limit or None]
    except (OSError, UnicodeDecodeError, ValueError) as exc:
        raise NotFound(f"'{file}' cannot be read as {'JSON lines' if '.jsonl' in file.name else 'TSV'}: {exc}") from exc
    name = file.name.split(".")[0]
    columns = rows[0].keys() if rows else ()
    if sum(1 for column in columns if _TITLE_IN.match(column)) == 2:
        return _labelled(name, _translations(rows))
    if any(column.startswith("overall") for column in columns):
        return _rated(name, rows)
    if any(column in columns for column in _EVENT):
        return _labelled(name, rows)
    return _labelled(name, _summarized(rows)) if {"title", "summary"} <= set(columns) else None


def _rows(file: Path) -> Iterator[Row]:
    opened = gzip.open if file.name.endswith(".gz") else open
    with opened(file, "rt", encoding="utf-8") as lines:
        told = (line for line in lines if line.strip() and not line.startswith("# "))
        if ".jsonl" in file.name:
            yield from (json.loads(line) for line in told)
        else:
            yield from csv.DictReader(told, delimiter="\t", quoting=csv.QUOTE_NONE)


def _translations(rows: Sequence[Row]) -> Iterator[Row]:
    """Yield titles and their translations; of every second row only one of the two, in turn."""
    columns = {found[1]: column for column in rows[0] if (found := _TITLE_IN.match(column))}
    for place, row in enumerate(rows):
        kept = list(columns)[place // 2 % 2 :][:1] if place % 2 else columns
        yield from (
            {"title": row[columns[code]], "event": str(row[next(iter(columns.values()))]).casefold(), "language": code}
            for code in kept
        )


def _summarized(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield each row's title and its summary as two articles; a text without a title is its own title."""
    for place, row in enumerate(rows):
        event = str(row.get("id", place))
        yield {**row, "event": event, "source": f"title {place}"}
        yield {**row, "event": event, "source": f"summary {place}", "title": row["summary"]}


def _labelled(name: str, rows: Iterable[Row]) -> LabelledSet:
    told = [(_article(row, f"{name} {place}"), _first(row, _EVENT)) for place, row in enumerate(rows)]
    return LabelledSet(name, tuple(article for article, _ in told), tuple(event for _, event in told))


def _rated(name: str, rows: Sequence[Row]) -> RatedSet:
    columns = {found[1]: column for column in rows[0] if (found := _RATED.match(column))}
    rating = next(column for column in rows[0] if column.startswith("overall"))
    articles = tuple(
        _article({"title": row[columns[side]], "language": row.get(f"lang{side}")}, f"{name} {place}.{side}")
        for place, row in enumerate(rows)
        for side in "12"
    )
    # People gave 1 for the same news and 4 for different news.
    pairs = [RatedPair(2 * at, 2 * at + 1, (4 - float(str(row[rating]))) / 3) for at, row in enumerate(rows)]
    return RatedSet(name, articles, tuple(pairs))


def _article(row: Row, key: str) -> Article:
    title, text = str(row.get("title") or ""), _text(row)
    publisher = _first(row, _PUBLISHER) or key
    at = _date(_first(row, _DATE))
    url = str(row.get("url") or f"https://labelled.invalid/{digest_of(key)}")
    return Article(
        id=digest_of(key),
        source=publisher,
        publisher=publisher,
        url=url,
        canonical_url=url,
        title=title,
        text=text,
        language=_language(row, f"{title} {text}"),
        published_at=at,
        date_kind=DateKind.GIVEN if at else DateKind.MISSING,
        collected_at=(at or _SOME_DAY) + timedelta(hours=1),
        content_hash=digest_of(title, text),
    )


def _first(row: Row, columns: Iterable[str]) -> str:
    return next((str(row[column]) for column in columns if row.get(column) not in (None, "")), "")


def _text(row: Row) -> str:
    found = next((row[column] for column in _TEXT if row.get(column)), "")
    return " ".join(map(str, found[:_SENTENCES])) if isinstance(found, list) else str(found)


def _language(row: Row, text: str) -> Language:
    return _first(row, _LANGUAGE).lower() or language.detect(text, hint=None)


def _date(text: str) -> datetime | None:
    if not text:
        return None
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
