"""Give 10,000 subscribers of one list, in 400 segments, their digests: build, render, store, plan."""

import os
from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random

from benchmarks import office
from benchmarks.figures import Figure, peak_mb, stopwatch
from benchmarks.invented import NOW, Newsroom, audiences
from bot.model.article import Decision
from bot.model.digest import CardLink, Digest
from bot.model.recap import Recap
from bot.model.source import SourceState
from bot.model.subscriber import DENSITIES, Subscriber, Subscription, SubscriptionState
from bot.wiring import Bot
from bot.workflows import wanted_segments
from bot.workflows.build_recap import Edition
from bot.workflows.wanted_segments import Wanted

URL = "https://invented.example/feed.xml"
ARTICLES, SUBSCRIBERS, SEGMENTS = 5_000, 10_000, 400
SHOWN, SHOWN_FROM = 20, 200
"""Events that a segment's digest of an earlier week showed, of how many."""


def figures() -> Iterator[Figure]:
    """
    Yield the figures of 10,000 subscribers in 400 segments, on a week of 5,000 articles.

    RECAP_BENCH_MEMORY=8 gives each segment a digest in each of the eight weeks before.
    """
    with office.opened([]) as bot:
        _collect(bot)
        week = bot.desk.week("2026-W47")
        with stopwatch() as alone:
            edition = bot.build(week, now=NOW)
        _subscribe(bot)
        remembered = int(os.environ.get("RECAP_BENCH_MEMORY", "0"))
        _remember(bot, edition, weeks=remembered)
        before = peak_mb()
        with stopwatch() as planning:
            bot.plan(edition, now=NOW, at_once=True)
        built = sum(1 for _ in bot.store.load_digest_states(edition.recap.id)) - len(edition.digests)
        with stopwatch() as again:
            bot.plan(edition, now=NOW, at_once=True)
        yield Figure("events of the week", len(edition.recap.events), "")
        yield Figure("weeks of which each segment has a memory", remembered, "")
        yield Figure("segments built", built, "")
        yield Figure.of("build the edition without segments", alone)
        yield Figure.of(f"build and store {built} segments, plan {SUBSCRIBERS:,} mails", planning)
        yield Figure.of("plan again: nothing new", again)
        yield Figure("most memory before the segments", before, "MB")
        yield Figure("most memory", peak_mb(), "MB")


def _remember(bot: Bot, edition: Edition, *, weeks: int) -> None:
    """Let each segment's digests of earlier weeks show twenty of this week's best events: they all go on."""
    random, best = Random(46), [each.event_id for each in edition.recap.events[:SHOWN_FROM]]
    week = bot.desk.week(edition.recap.week)
    wanted = list(wanted_segments.missing(edition.recap, edition.digests, desk=bot.desk))
    for _ in range(weeks):
        week = week.previous
        recap = edition.recap.model_copy(
            update={"id": week.id, "week": week.id, "starts_at": week.starts_at, "ends_at": week.ends_at, "events": []}
            | {"built_at": week.ends_at}
        )
        bot.store.save_edition(recap, [_shown(each, recap, random.sample(best, SHOWN)) for each in wanted], [])


def _shown(wanted: Wanted, recap: Recap, events: Sequence[str]) -> Digest:
    also = [CardLink(title="An invented event", url="https://invented.example", event_id=event) for event in events]
    changes = {"key": wanted_segments.key_of(recap, wanted.route, wanted.segment), "recap_id": recap.id, "cards": []}
    return wanted.own.model_copy(
        update=changes | {"also": also, "slack": [], "email": None, "segment": wanted.identity[1]}
    )


def _collect(bot: Bot) -> None:
    decisions = [Decision(article, "add", reason="first seen") for article in Newsroom(seed=47).articles(ARTICLES)]
    bot.store.save_collected(SourceState(slug="invented", configured_url=URL, url=URL), decisions)
    bot.understand(now=NOW)


def _subscribe(bot: Bot) -> None:
    random = Random(47)
    ids = [audience.id for audience in audiences()]
    choices = [
        {
            "audiences": sorted(random.sample(ids, k=1 + number % 4)),
            "density": DENSITIES[number % 3],
            "mutes": [f"word{number}"] if number % 2 else [],
        }
        for number in range(SEGMENTS)
    ]
    for number in range(SUBSCRIBERS):
        person = Subscriber(id=f"p{number}", address=f"reader{number}@readers.example", created_at=NOW)
        given: dict[str, object] = {
            "id": f"s{number:06}",
            "subscriber_id": person.id,
            "list_id": "team",
            "state": SubscriptionState.ACTIVE,
            "consented_at": NOW - timedelta(days=30),
            "created_at": NOW,
            "changed_at": NOW,
        }
        bot.store.save_subscriber(person, Subscription.model_validate(given | choices[number % SEGMENTS]))
