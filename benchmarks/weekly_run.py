"""The whole weekly run: collect, understand, build, send."""

from collections.abc import Iterator

from benchmarks import collect, feeds, office
from benchmarks.figures import Figure, Stopwatch, peak_mb, stopwatch
from benchmarks.invented import NOW
from bot.model.week import Week

FEEDS, ENTRIES, ROUTES = 500, 40, 50


def figures() -> Iterator[Figure]:
    """Yield the figures of 500 feeds, 20,000 articles and 50 routes to the outbox, without embeddings."""
    with feeds.serving(feeds=FEEDS, entries=ENTRIES) as urls, office.opened(urls, routes=ROUTES) as bot:
        with stopwatch() as collecting:
            collected = collect.collected(bot)
        with stopwatch() as understanding:
            understood = bot.understand(now=NOW)
        with stopwatch() as building:
            edition = bot.build(Week.parse("2026-W47"), now=NOW)
        with stopwatch() as sending:
            bot.plan(edition, now=NOW, at_once=True)
            sent = bot.send(now=lambda: NOW, recap=edition.recap.id)
    watches = (collecting, understanding, building, sending)
    total = Stopwatch(sum(watch.seconds for watch in watches), sum(watch.cpu_s for watch in watches))
    yield Figure.of(f"collect {FEEDS} feeds, {collected.added:,} articles", collecting)
    yield Figure.of(f"understand them, {understood.started:,} events", understanding)
    yield Figure.of(f"build {len(edition.digests)} digests", building)
    yield Figure.of(f"send {sent.sent:,} messages to the outbox", sending)
    yield Figure.of("the whole weekly run", total, goal_s=60)
    yield Figure("most memory", peak_mb(), "MB", 800)
