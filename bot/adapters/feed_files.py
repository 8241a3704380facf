"""Reads articles from feed files that lie in a folder, as they were fetched once: for measuring."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.collect import normalize, parse
from bot.model.article import Article
from bot.model.errors import NotFound, SourceError
from bot.model.source import FetchedDocument, Source
from bot.understand import language

_ENDINGS = (".xml", ".rss", ".atom", ".rdf")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")


def read(path: Path) -> list[Article]:
    """
    Return the articles of a feed file, or of all feed files below a folder, each once, as last published.

    Each folder that holds files is a publisher. A file named after a moment (`2025-03-05T083802Z.xml`) was
    fetched then, another when it was written to disk. Files that are no feeds are passed over.
    Raises: NotFound where no article is found.
    """
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    found = {article.id: article for file in files if file.name.endswith(_ENDINGS) for article in _articles(file)}
    if not found:
        raise NotFound(f"'{path}' holds no feed file with articles ({', '.join(_ENDINGS)}).")
    return list(found.values())


def _articles(file: Path) -> Iterator[Article]:
    slug = re.sub(r"[^a-z0-9]+", "-", file.parent.name.casefold()).strip("-") or "feed"
    source = Source(slug=slug, name=slug, url=f"https://{slug}.example/feed", publisher=slug)
    fetched_at = _fetched_at(file)
    try:
        feed = parse.document(FetchedDocument(slug, source.url, file.read_bytes()))
    except (OSError, SourceError):
        return
    for entry in feed.entries:
        if normalize.is_empty(entry):
            continue
        article = normalize.article(entry, source, feed=feed, collected_at=fetched_at, is_backlog=False)
        article.language = language.detect(f"{article.title}\n{article.text}", hint=article.language)
        yield article


def _fetched_at(file: Path) -> datetime:
    if _MOMENT.fullmatch(file.stem):
        return datetime.strptime(file.stem, "%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)
    return datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
