"""Cluster a week of articles; join new ones to it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from benchmarks.figures import Figure, median, peak_mb, stopwatch
from benchmarks.invented import NOW, Newsroom
from bot.model.article import Article
from bot.model.event import Clustering, Dossier
from bot.model.policy import ClusterPolicy
from bot.understand import cluster

NEW = 500


def week() -> Iterator[Figure]:
    """Yield the figures of a week of 20,000 articles, and of 500 that join it."""
    articles = list(Newsroom(seed=47).articles(20_000 + NEW))
    stored, new = articles[:-NEW], articles[-NEW:]
    yield Figure.of("cluster 20,000 articles (median of 3)", median(lambda: clustered(stored)), goal_s=10)
    known = dossiers(clustered(stored), stored)
    yield Figure("events that they tell", len(known), "")
    yield Figure.of("join 500 new articles to them (median of 3)", median(lambda: clustered(new, known)), goal_s=2)
    yield Figure("most memory", peak_mb(), "MB", 1200)


def large_week() -> Iterator[Figure]:
    """Yield the figures of a week of 100,000 articles."""
    articles = list(Newsroom(seed=47).articles(100_000))
    yield Figure("memory of the articles alone", peak_mb(), "MB")
    with stopwatch() as watch:
        clustered(articles)
    yield Figure.of("cluster 100,000 articles (once)", watch, goal_s=60)
    yield Figure("most memory", peak_mb(), "MB", 1200)


def curve() -> Iterator[Figure]:
    """Yield the figures of weeks of 25,000 to 200,000 articles: how the work grows."""
    for count in (25_000, 50_000, 100_000, 200_000):
        articles = list(Newsroom(seed=47).articles(count))
        with stopwatch() as watch:
            clustered(articles)
        yield Figure.of(f"cluster {count:,} articles (once)", watch)
        yield Figure("most memory until now", peak_mb(), "MB")


def clustered(articles: Sequence[Article], known: Sequence[Dossier] = ()) -> Clustering:
    """Cluster by words and names alone."""
    return cluster.into_events(articles, known, vectors={}, policy=ClusterPolicy(), now=NOW)


def dossiers(clustering: Clustering, articles: Sequence[Article]) -> list[Dossier]:
    """Return the events of *clustering* with their articles, oldest first."""
    event_of = {membership.article_id: membership.event_id for membership in clustering.memberships}
    told: dict[str, list[Article]] = defaultdict(list)
    for article in sorted(articles, key=lambda article: (article.dated_at, article.id)):
        told[event_of[article.id]].append(article)
    return [Dossier(event, tuple(told[event.id])) for event in clustering.events]
