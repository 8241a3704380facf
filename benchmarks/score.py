"""Score the events of an invented week."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random

from benchmarks import cluster
from benchmarks.figures import Figure, peak_mb, stopwatch
from benchmarks.invented import NOW, Newsroom
from bot.model.article import Article, Engaged
from bot.model.policy import RankPolicy
from bot.rank import learn, score

ARTICLES, TOLD, LEARNED = 20_000, 500, 20_000


def figures() -> Iterator[Figure]:
    """Yield the figures of learning from a year and scoring the events of a week of 20,000 articles."""
    newsroom = Newsroom(seed=47)
    articles = list(newsroom.articles(ARTICLES))
    dossiers = cluster.dossiers(cluster.clustered(articles), articles)
    year = _year(articles[:LEARNED])
    with stopwatch() as learning:
        learned = learn.taught(learn.lessons(year))
    told = [newsroom.phrase(8) for _ in range(TOLD)]
    with stopwatch() as scoring:
        score.events(dossiers, sources={}, policy=RankPolicy(), at=NOW - timedelta(hours=9), told=told, learned=learned)
    yield Figure.of(f"learn from {len(year):,} articles of a year", learning)
    yield Figure.of(f"score {len(dossiers):,} events", scoring, goal_s=1)
    yield Figure("most memory", peak_mb(), "MB")


def _year(articles: Sequence[Article]) -> list[Engaged]:
    """Return *articles* as if they had been spread over a year and drawn readers."""
    random = Random(47)
    return [
        Engaged(
            source="aggregator",
            canonical_url=article.canonical_url,
            title=article.title,
            categories=article.categories,
            topics=article.topics,
            engagement={"points": int(random.paretovariate(1.2))},
            dated_at=NOW - timedelta(weeks=1 + random.randrange(52)),
        )
        for article in articles
    ]
