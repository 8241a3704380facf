"""Look events up by words among many articles."""

import os
import tempfile
from collections.abc import Iterator
from itertools import islice
from random import Random

from benchmarks.figures import Figure, Stopwatch, peak_mb, percentile, stopwatch
from benchmarks.invented import Newsroom
from bot.adapters.storage.store import SqlStore
from bot.model.article import Article, Decision
from bot.model.event import Clustering, Event, Membership, event_id, thread_id
from bot.model.source import SourceState

QUERIES = 1_000
_PER_SOURCE = 1_000
FILLED = "RECAP_BENCH_DATABASE"
"""Of the environment: a file that an earlier run filled with just these articles; here, any database's address too."""


def figures() -> Iterator[Figure]:
    """Yield the figures of 100,000 articles."""
    yield from _figures(100_000)


def million() -> Iterator[Figure]:
    """Yield the figures of 1,000,000 articles."""
    yield from _figures(1_000_000)


def _figures(count: int) -> Iterator[Figure]:
    newsroom = Newsroom(seed=47)
    with tempfile.TemporaryDirectory(prefix="recap-bench-") as folder:
        filled = os.environ.get(FILLED, "")
        store = SqlStore(filled if "://" in filled else f"sqlite:///{filled or f'{folder}/recap.db'}")
        if not filled:
            store.upgrade()
            with stopwatch() as filling:
                fill(store, newsroom, count)
            yield Figure.of(f"invent, store and index {count:,} articles", filling)
        asked = [_asked(store, query) for query in queries(Newsroom(seed=47))]
        store.close()
    taken_ms = [watch.seconds * 1000 for watch in asked]
    cpu_ms = [watch.cpu_s * 1000 for watch in asked]
    yield Figure(f"search for 1 to 3 words, {QUERIES:,} times: p50", percentile(taken_ms, 0.5), "ms")
    yield Figure("p99", percentile(taken_ms, 0.99), "ms", 50)
    yield Figure("the same in CPU of this process alone: p50", percentile(cpu_ms, 0.5), "ms")
    yield Figure("p99", percentile(cpu_ms, 0.99), "ms")
    yield Figure("most memory", peak_mb(), "MB")


def fill(store: SqlStore, newsroom: Newsroom, count: int) -> None:
    """Store *count* articles, each an event of its own, in chunks of a source each."""
    articles = newsroom.articles(count)
    number = 0
    while part := list(islice(articles, _PER_SOURCE)):
        slug = f"source-{number}"
        url = f"https://{slug}.example/feed.xml"
        state = SourceState(slug=slug, configured_url=url, url=url)
        store.save_collected(state, [Decision(article, "add", reason="first seen") for article in part])
        store.save_clustering(_one_event_each(part))
        number += 1


def _one_event_each(articles: list[Article]) -> Clustering:
    events = tuple(
        Event(
            id=event_id(article.id),
            thread_id=thread_id(article.id),
            founding_article_id=article.id,
            title=article.title,
            language=article.language,
            first_published_at=article.dated_at,
            first_collected_at=article.collected_at,
            last_published_at=article.dated_at,
        )
        for article in articles
    )
    memberships = tuple(
        Membership(article_id=article.id, event_id=event.id, reason="first", joined_at=article.collected_at)
        for article, event in zip(articles, events, strict=True)
    )
    return Clustering(events=events, memberships=memberships)


def queries(newsroom: Newsroom) -> list[str]:
    """Return queries of frequent and rare words, as they come in texts."""
    random = Random(48)
    return [newsroom.phrase(random.randint(1, 3)) for _ in range(QUERIES)]


def _asked(store: SqlStore, query: str) -> Stopwatch:
    with stopwatch() as watch:
        store.search_events(query, limit=20)
    return watch
