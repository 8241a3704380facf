"""Feeds of real publishers, read in place from beside the project."""

import csv
import io
import warnings
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import pytest

from bot.collect import normalize, parse
from bot.model.errors import SourceUnreadable
from bot.model.source import FetchedDocument
from tests.builders import a_source

SHARED = Path(__file__).parents[2] / "../shared"
COLLECTED_AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def real_feeds() -> list[Path]:
    table = SHARED / "data/feeds.tsv"
    if not table.exists():
        warnings.warn("../shared/data is missing: no real feed was read.", stacklevel=2)
        return []
    with table.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [SHARED / "data/feeds" / row["file"] for row in rows if row["real_publisher"] == "yes"]


FILES = real_feeds()


@pytest.mark.parametrize("file", FILES or [None], ids=lambda file: file.name if file else "none")
def test_a_real_feed_gives_all_its_articles_or_a_reason(file: Path | None) -> None:
    if file is None:
        assert not FILES
        return
    body = file.read_bytes()
    expected = feedparser.parse(io.BytesIO(body)).entries

    try:
        feed = parse.document(FetchedDocument("real", "https://real.example/feed", body=body))
    except SourceUnreadable:
        assert not expected
        return
    articles = [
        normalize.article(entry, a_source("real"), feed=feed, collected_at=COLLECTED_AT, is_backlog=False)
        for entry in normalize.readable(feed, max_entries=10_000, now=COLLECTED_AT)[0]
    ]

    refused = [entry for entry in feed.entries if normalize.is_empty(entry)]
    assert len(articles) + len(refused) >= len(expected)
    assert all(article.title and "\n" not in article.title for article in articles)
    assert all(article.published_at is None or article.published_at <= COLLECTED_AT for article in articles)
