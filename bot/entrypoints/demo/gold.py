"""The sample weeks as a labelled set: which of its articles tell the same event."""

import csv
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

from ruamel.yaml import YAML

from bot.adapters import labelled_ranking
from bot.collect import normalize
from bot.entrypoints.demo import week
from bot.entrypoints.demo.week import SampleEntry, SampleSource
from bot.model.article import Article
from bot.model.labelled import LabelledSet
from bot.model.ranked import RankedEvent, RankedSet
from bot.model.source import FeedDocument, FeedEntry, Source
from bot.understand import language

AFTER = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
"""When the weeks are over."""


def load(directory: Path) -> LabelledSet:
    """Return the articles of the sample weeks in *directory* that its `gold.tsv` sorts into events."""
    with (directory / "gold.tsv").open(encoding="utf-8") as lines:
        rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        labels = {(row["source"], row["guid"]): row["event"] for row in rows}
    told = [
        (article, labels[article.source, article.guid])
        for source in week.load_all(directory)
        for article in _articles(source)
        if article.guid and (article.source, article.guid) in labels
    ]
    return LabelledSet("sample-week", tuple(article for article, _ in told), tuple(label for _, label in told))


def ranked(directory: Path) -> RankedSet:
    """Return the events of the sample week as `gold.tsv` sorts them, with what `ranking.tsv` says of each."""
    labelled = load(directory)
    with (directory / "ranking.tsv").open(encoding="utf-8") as lines:
        rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        relevance = {row["event"]: float(row["relevance"]) for row in rows}
    articles: dict[str, list[Article]] = defaultdict(list)
    for article, event in zip(labelled.articles, labelled.labels, strict=True):
        articles[event].append(article)
    events = [RankedEvent(labelled_ranking.dossier(articles[event]), relevance[event]) for event in relevance]
    rows_of_sources = YAML(typ="safe").load(directory / "sources.yaml")["sources"]
    sources = {row["slug"]: Source.model_validate(row) for row in rows_of_sources}
    return RankedSet("sample-week", tuple(events), sources)


def _articles(sample: SampleSource) -> list[Article]:
    source = Source(slug=sample.slug, name=sample.title, url=sample.link, publisher=sample.title)
    feed = FeedDocument(format=sample.format, url=sample.link, language=sample.language)
    return [_article(entry, source, feed) for entry in sample.entries(AFTER)]


def _article(shown: SampleEntry, source: Source, feed: FeedDocument) -> Article:
    published = shown.published_at.isoformat() if shown.published_at else None
    entry = FeedEntry(guid=shown.guid, url=shown.url, title=shown.title, html=shown.html, published=published)
    article = normalize.article(entry, source, feed=feed, collected_at=AFTER, is_backlog=False)
    article.language = language.detect(f"{article.title}\n{article.text}", hint=article.language)
    return article
