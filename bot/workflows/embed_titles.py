"""Embed titles: vectors for articles that have none yet, the newest first, at most so many per run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.model.article import Article
from bot.model.errors import EmbeddingError
from bot.model.values import ArticleId
from bot.ports import Embedder, Store, Vector

log = structlog.get_logger(__name__)

MAX_TITLES = 2000
"""Per run: about a minute on one core (28 ms a title). A count, not a time, so that a run is repeatable."""
_TOGETHER = 256
"""Titles whose vectors are stored at once: what was made before a failure stays."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """How many titles got their vectors."""

    made: int = 0
    left: int = 0
    """Of the asked ones, these have no vector yet; a later run makes it."""
    note: str = ""
    """What an operator should know, in one line."""


def of_articles(articles: Sequence[Article], *, store: Store, embedder: Embedder, limit: int = MAX_TITLES) -> Embedded:
    """Give the newest *limit* of *articles* without a vector theirs; where the embedder fails, say so and go on."""
    if not embedder.name:
        return Embedded()
    titled = [article for article in articles if article.title.strip()]
    stored = store.load_vectors([article.id for article in titled], embedder=embedder.name)
    missing = [article for article in titled if article.id not in stored]
    newest = sorted(missing, key=lambda article: (article.dated_at, article.id), reverse=True)[:limit]
    made, error = _embed(newest, store=store, embedder=embedder)
    left = len(missing) - made
    log.debug("titles.embedded", made=made, left=left)
    if error:
        return Embedded(made, left, f"{error} {left} titles are compared by words alone for now.")
    return Embedded(made, left, f"{left} older titles are compared by words alone for now." if left else "")


def left_over(*, store: Store, embedder: Embedder, since: datetime, limit: int) -> Embedded:
    """Give articles dated *since* that earlier runs left without a vector theirs, the newest *limit* of them."""
    if not embedder.name or limit < 1:
        return Embedded()
    articles = store.load_unembedded_articles(embedder=embedder.name, since=since, limit=limit)
    made, error = _embed(articles, store=store, embedder=embedder)
    return Embedded(made, len(articles) - made, error)


def load(articles: Iterable[Article], *, store: Store, embedder: Embedder) -> dict[ArticleId, Vector]:
    """Return the stored vectors of *articles*."""
    if not embedder.name:
        return {}
    return store.load_vectors([article.id for article in articles], embedder=embedder.name)


def _embed(articles: Sequence[Article], *, store: Store, embedder: Embedder) -> tuple[int, str]:
    """Store the vectors of *articles*; return how many were made, and why not more."""
    made = 0
    for start in range(0, len(articles), _TOGETHER):
        part = articles[start : start + _TOGETHER]
        try:
            vectors = embedder.embed([article.title for article in part])
        except EmbeddingError as exc:
            log.warning("titles.not_embedded", embedder=embedder.name, left=len(articles) - made, reason=str(exc))
            return made, str(exc)
        ids = (article.id for article in part)
        store.save_vectors(dict(zip(ids, vectors, strict=True)), embedder=embedder.name)
        made += len(part)
    return made, ""
