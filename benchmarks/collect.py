"""Collect 500 feeds, 20 ms away: cold, then all unchanged."""

from collections.abc import Iterator

from benchmarks import feeds, office
from benchmarks.figures import Figure, peak_mb, stopwatch, workers
from benchmarks.invented import NOW
from bot.wiring import Bot
from bot.workflows import collect_sources
from bot.workflows.collect_sources import CollectReport

FEEDS, ENTRIES = 500, 40


def figures() -> Iterator[Figure]:
    """Yield the figures: 500 feeds of about 75 KB on 250 loopback addresses."""
    with feeds.serving(feeds=FEEDS, entries=ENTRIES) as urls, office.opened(urls) as bot:
        with stopwatch() as cold:
            first = collected(bot)
        with stopwatch() as unchanged:
            second = collected(bot)
        parsing_s, parser_mb = workers()
    assert (first.added, second.not_modified) == (FEEDS * ENTRIES, FEEDS), (first, second)
    yield Figure.of(f"collect {FEEDS} feeds, {first.added:,} articles, cold", cold, goal_s=10)
    yield Figure.of(f"collect {FEEDS} feeds, all unchanged", unchanged, goal_s=1)
    yield Figure("CPU of the processes that parse", parsing_s, "s")
    yield Figure("most memory, the process that collects", peak_mb(), "MB", 400)
    yield Figure("most memory, the largest of those that parse", parser_mb, "MB")


def collected(bot: Bot) -> CollectReport:
    """Poll every source of *bot*."""
    return collect_sources.collect(
        bot.settings.sources,
        store=bot.store,
        readers=bot.readers,
        parser=bot.parser,
        policy=bot.settings.collect,
        now=NOW,
        everything=True,
        jitter=bot.random.random,
        on_progress=lambda _: None,
    )
