"""Give 10,000 subscribers of one list, in 400 segments, their digests: build, render, store, plan."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from benchmarks import office
from benchmarks.figures import Figure, peak_mb, stopwatch
from benchmarks.invented import NOW, Newsroom, audiences
from bot.model.article import Decision
from bot.model.source import SourceState
from bot.model.subscriber import DENSITIES, Subscriber, Subscription, SubscriptionState
from bot.wiring import Bot

URL = "https://invented.example/feed.xml"
ARTICLES, SUBSCRIBERS, SEGMENTS = 5_000, 10_000, 400


def figures() -> Iterator[Figure]:
    """Yield the figures of 10,000 subscribers in 400 segments, on a week of 5,000 articles."""
    with office.opened([]) as bot:
        _collect(bot)
        week = bot.desk.week("2026-W47")
        with stopwatch() as alone:
            edition = bot.build(week, now=NOW)
        _subscribe(bot)
        with stopwatch() as planning:
            bot.plan(edition, now=NOW, at_once=True)
        built = sum(1 for _ in bot.store.load_digest_states(edition.recap.id)) - len(edition.digests)
        with stopwatch() as again:
            bot.plan(edition, now=NOW, at_once=True)
        yield Figure("events of the week", len(edition.recap.events), "")
        yield Figure("segments built", built, "")
        yield Figure.of("build the edition without segments", alone)
        yield Figure.of(f"build and store {built} segments, plan {SUBSCRIBERS:,} mails", planning)
        yield Figure.of("plan again: nothing new", again)
        yield Figure("most memory", peak_mb(), "MB")


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
