"""The shipped sample week as articles, and the labels that it comes with."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import UTC
from functools import cache
from pathlib import Path

from bot.entrypoints.demo import week
from bot.model.article import Article
from bot.model.values import ArticleId
from tests.builders import an_article

ROOT = Path(__file__).parents[3]
DEMO = ROOT / "config" / "demo"
THREADS = ROOT / "tests" / "data" / "demo_threads.tsv"


@cache
def articles() -> tuple[Article, ...]:
    """Return the articles of all sources, by date; those of the week after are apart."""
    return _by_date(week.load(DEMO / "week"))


@cache
def articles_after() -> tuple[Article, ...]:
    """Return the articles of the week after, by date."""
    first = {article.id for article in articles()}
    return tuple(article for article in _by_date(week.load_all(DEMO)) if article.id not in first)


@cache
def event_of() -> dict[ArticleId, str]:
    """Return the labelled event of each labelled article of the week."""
    return _labelled(articles())


@cache
def event_after() -> dict[ArticleId, str]:
    """Return the labelled event of each labelled article of the week after."""
    return _labelled(articles_after())


@cache
def thread_of() -> dict[str, str]:
    """Return the labelled thread of each event of either week that has one."""
    return {row["event"]: row["thread"] for row in _rows(THREADS)}


def _by_date(sources: Sequence[week.SampleSource]) -> tuple[Article, ...]:
    found = [_article(source, entry) for source in sources for entry in source.articles]
    return tuple(sorted(found, key=lambda article: (article.dated_at, article.id)))


def _labelled(told: Iterable[Article]) -> dict[ArticleId, str]:
    events = {(row["source"], row["guid"]): row["event"] for row in _rows(DEMO / "gold.tsv")}
    return {article.id: event for article in told if (event := events.get((article.source, article.guid or "")))}


def _rows(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


def _article(source: week.SampleSource, entry: dict[str, object]) -> Article:
    at = entry.get("published") or entry["appears"]
    moment = week._utc(at)  # type: ignore[arg-type]  # a date of a YAML file
    text = re.sub(r"<[^>]+>", " ", str(entry["body"])).strip()
    return an_article(
        str(entry["title"]),
        source=source.slug,
        guid=str(entry["guid"]),
        text=text,
        language=source.language,
        published_at=moment.astimezone(UTC),
        collected_at=moment.astimezone(UTC),
    )
