"""Reads labelled weeks: events with how relevant people found them, and what other collections call that."""

import csv
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from bot.collect import links
from bot.model.article import Article, DateKind
from bot.model.errors import NotFound
from bot.model.event import Dossier, Event, event_id, thread_id
from bot.model.ranked import RankedEvent, RankedSet
from bot.model.values import digest_of

Row = Mapping[str, object]

_ENDINGS = (".tsv", ".tsv.gz", ".jsonl", ".jsonl.gz")
_RELEVANCE = ("relevance", "score", "n_sites")
_DATE = ("time", "published", "created", "date", "week")
"""Columns by what they hold, ours first: other collections call them otherwise."""
_PICK_DAYS = 21
"""A weekly picks what is at most so old on its day, and may be found up to a week after."""


def read(path: Path) -> list[RankedSet]:
    """
    Return the ranked sets of a file, or of all files of a directory, by name.

    A file of picks (date, section, title, url) labels the others of its directory: of each that holds
    any of its links, one set of the events with the word of the picks as topic, and one of all.
    Raises: NotFound where nothing is labelled.
    """
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    rows = {file.name.split(".")[0]: _read(file) for file in files if file.name.endswith(_ENDINGS)}
    ranked = {name: given for name, given in rows.items() if _labels(given)}
    picks = {name: given for name, given in rows.items() if given and {"date", "section", "url"} <= set(given[0])}
    sets = [_set(name, given) for name, given in ranked.items()]
    for weekly, given in picks.items():
        sets += [found for each in sets[: len(ranked)] for found in _picked(each, weekly, given)]
    if not sets:
        raise NotFound(
            f"'{path}' holds no labelled weeks ({', '.join(_ENDINGS)}); docs/evaluation.md shows the format."
        )
    return sets


def _labels(rows: Sequence[Row]) -> bool:
    columns = set(rows[0]) if rows else set()
    return "title" in columns and not columns.isdisjoint(_RELEVANCE) and not columns.isdisjoint(_DATE)


def _read(file: Path) -> list[Row]:
    try:
        return list(_rows(file))
    except (OSError, UnicodeDecodeError, ValueError) as exc:
        raise NotFound(f"'{file}' cannot be read as {'JSON lines' if '.jsonl' in file.name else 'TSV'}: {exc}") from exc


def _rows(file: Path) -> Iterator[Row]:
    opened = gzip.open if file.name.endswith(".gz") else open
    with opened(file, "rt", encoding="utf-8") as lines:
        told = (line for line in lines if line.strip() and not line.startswith("# "))
        if ".jsonl" in file.name:
            yield from (json.loads(line) for line in told)
        else:
            yield from csv.DictReader(told, delimiter="\t", quoting=csv.QUOTE_NONE)


def _set(name: str, rows: Iterable[Row]) -> RankedSet:
    told: dict[str, list[tuple[Article, float, int]]] = {}
    for place, row in enumerate(rows):
        relevance = float(_first(row, _RELEVANCE) or 0)
        votes = int(float(str(row.get("votes") or relevance)))
        label = str(row.get("event") or f"{name} {place}")
        told.setdefault(label, []).append(
            (_article(row, f"{name} {place}", name=name, line=place + 1), relevance, votes)
        )
    events = tuple(
        RankedEvent(
            dossier([article for article, _, _ in articles]),
            max(relevance for _, relevance, _ in articles),
            max(votes for _, _, votes in articles),
        )
        for articles in told.values()
    )
    return RankedSet(name, events)


def _picked(ranked: RankedSet, weekly: str, picks: Sequence[Row]) -> list[RankedSet]:
    days: dict[str, list[date]] = {}
    for pick in picks:
        days.setdefault(_address(str(pick["url"])), []).append(date.fromisoformat(str(pick["date"])[:10]))
    topic = weekly.rsplit("-", 1)[-1]
    events = [(event, float(_is_picked(event, days))) for event in ranked.events]
    if not any(relevance for _, relevance in events):
        return []
    of_topic = [(event, relevance) for event, relevance in events if topic in event.dossier.articles[0].categories]
    pools = {f"{topic} stories": of_topic, "all": events}
    return [
        RankedSet(
            f"{weekly}, {pool}, taught by {teacher}",
            tuple(
                RankedEvent(event.dossier, relevance, event.votes if teacher == "votes" else int(relevance))
                for event, relevance in given
            ),
        )
        for pool, given in pools.items()
        for teacher in ("votes", "earlier picks")
        if given
    ]


def _is_picked(event: RankedEvent, days: Mapping[str, list[date]]) -> bool:
    published = event.dossier.event.first_published_at.date()
    return any(
        -7 <= (day - published).days <= _PICK_DAYS
        for day in days.get(_address(event.dossier.articles[0].canonical_url), ())
    )


def _address(url: str) -> str:
    parts = urlsplit(links.canonical_url(url))
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}?{parts.query}"


def dossier(articles: Sequence[Article]) -> Dossier:
    """Return an event of *articles*, the first of them being the first published."""
    told = tuple(sorted(articles, key=lambda article: (article.dated_at, article.id)))
    first = told[0]
    event = Event(
        id=event_id(first.id),
        thread_id=thread_id(first.id),
        founding_article_id=first.id,
        title=first.title,
        language=first.language,
        first_published_at=first.dated_at,
        first_collected_at=first.collected_at,
        last_published_at=told[-1].dated_at,
    )
    return Dossier(event, told)


def _article(row: Row, key: str, *, name: str, line: int) -> Article:
    at = _date(_first(row, _DATE), name=name, line=line)
    url = links.canonical_url(str(row.get("url") or f"https://{name}.invalid/{digest_of(key)}"))
    publisher = str(row.get("source") or row.get("publisher") or _host(url))
    title = str(row.get("title") or "")
    return Article(
        id=digest_of(key),
        source=publisher,
        publisher=publisher,
        url=url,
        canonical_url=url,
        title=title,
        text="",
        published_at=at,
        date_kind=DateKind.GIVEN,
        collected_at=at,
        categories=_tags(row.get("tags")),
        content_hash=digest_of(key, title),
    )


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "unknown").removeprefix("www.")


def _tags(given: object) -> list[str]:
    if isinstance(given, list):
        return [str(tag) for tag in given]
    return [tag.strip() for tag in str(given or "").split(",") if tag.strip()]


def _first(row: Row, columns: Iterable[str]) -> str:
    return next((str(row[column]) for column in columns if row.get(column) not in (None, "")), "")


def _date(text: str, *, name: str, line: int) -> datetime:
    """Return the moment that *text* names (ISO 8601 or Unix seconds); of a day or an ISO week (2026-W47) its noon."""
    if text.isdecimal() and len(text) > len("20260101"):
        return datetime.fromtimestamp(int(text), tz=UTC)
    try:
        at = datetime.fromisoformat(f"{text}-1" if "W" in text and len(text) <= 8 else text)
    except ValueError as exc:
        raise NotFound(
            f"{name}, row {line}: '{text}' is no time; write it like 2026-11-23T09:00Z or 2026-W47."
        ) from exc
    if at.time() == time() and at.tzinfo is None:
        at += timedelta(hours=12)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
