"""Say what 2,000 events mean, and describe them."""

from collections.abc import Iterator

from benchmarks import cluster
from benchmarks.figures import Figure, median, peak_mb, stopwatch
from benchmarks.invented import NOW, Newsroom, audiences, playbook
from bot.analyze import extract, kinds
from bot.understand import interest

EVENTS = 2_000


def figures() -> Iterator[Figure]:
    """Yield the figures of 2,000 events of one to six articles."""
    articles = list(Newsroom(seed=47).articles(EVENTS * 3))
    told = cluster.dossiers(cluster.clustered(articles), articles)[:EVENTS]
    listened, advice = audiences(), playbook()
    with stopwatch() as watch:
        for dossier in told:
            extract.hook(dossier)
    yield Figure.of(f"find the hooks of {len(told):,} events (once)", watch)
    with stopwatch() as watch:
        claims = sum(
            len(
                extract.insight(dossier, audiences=listened, playbook=advice, language="en", earlier=[], now=NOW).claims
            )
            for dossier in told
        )
    yield Figure.of(f"their insights, {claims:,} claims (once)", watch)
    matching = median(lambda: interest.match_all(told, listened, sources={}))
    yield Figure.of("match the audiences that we ship (median of 3)", matching)
    yield Figure.of("tell their kinds (median of 3)", median(lambda: kinds.of_each(told, advice)))
    yield Figure("most memory", peak_mb(), "MB")
