"""Events are permanent: what the order of arrival, a second run, a merge and a re-check may change."""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from itertools import pairwise
from random import Random

import pytest

from bot.model.article import Article
from bot.model.event import event_id
from bot.model.values import ArticleId, EventId
from bot.understand import edit
from tests.builders import MONDAY, NOW, an_article
from tests.unit.understand import sample_week
from tests.unit.understand.newsroom import Newsroom, b_cubed

AS_PUBLISHED, IN_ANY_ORDER = 0.95, 0.9
"""B-cubed F1 between arrival at once and in batches, before the nightly re-check; after it they are the same."""

DAY = timedelta(days=1)
SEEDS = range(3)

LAUNCH = "Orrery Labs launches the Tidewell 4 chip for 900 dollars"
LAUNCHED = "Tidewell 4 chip launched by Orrery Labs at 900 dollars"
BREACH = "Hackers stole 40,000 records from the Quill hospital group"
BREACHED = "Quill hospital group: 40,000 records stolen by hackers"


def shuffled(articles: Sequence[Article], *, seed: int) -> list[Article]:
    return Random(seed).sample(articles, len(articles))


def in_batches(articles: Sequence[Article], *, seed: int) -> list[Sequence[Article]]:
    """Return *articles* cut into two to twelve batches."""
    random = Random(seed)
    cuts = sorted(random.sample(range(1, len(articles)), random.randint(1, 11)))
    return [articles[start:end] for start, end in pairwise([0, *cuts, len(articles)])]


@cache
def at_once() -> dict[ArticleId, EventId]:
    return Newsroom().arrive_in([sample_week.articles()]).partition()


def told(title: str, source: str, *, after: timedelta = timedelta(0)) -> Article:
    return an_article(title, source=source, published_at=MONDAY + after, collected_at=MONDAY + after)


@pytest.mark.parametrize("seed", SEEDS)
def test_number_of_polls_hardly_matters(seed: int) -> None:
    newsroom = Newsroom().arrive_in(in_batches(sample_week.articles(), seed=seed))

    assert b_cubed(at_once(), newsroom.partition()) >= AS_PUBLISHED


@pytest.mark.parametrize("seed", SEEDS)
def test_order_of_arrival_hardly_matters_and_not_at_all_after_a_re_check(seed: int) -> None:
    articles = shuffled(sample_week.articles(), seed=seed)
    newsroom = Newsroom().arrive_in(in_batches(articles, seed=seed))
    before = newsroom.partition()

    newsroom.recheck()

    assert b_cubed(at_once(), before) >= IN_ANY_ORDER
    assert b_cubed(at_once(), newsroom.partition()) == 1.0


def test_every_address_ever_given_leads_to_an_event() -> None:
    newsroom = Newsroom()
    ever: set[str] = set()
    for batch in in_batches(shuffled(sample_week.articles(), seed=4), seed=4):
        newsroom.arrive(batch)
        ever |= {dossier.event.id for dossier in newsroom.dossiers()}
        newsroom.recheck()
        ever |= {dossier.event.id for dossier in newsroom.dossiers()}

    living = {dossier.event.id for dossier in newsroom.dossiers()}
    assert newsroom.redirects
    assert {newsroom.resolve(event) for event in ever} <= living
    assert not living & newsroom.redirects.keys()


def test_second_re_check_changes_nothing() -> None:
    newsroom = Newsroom().arrive_in(in_batches(shuffled(sample_week.articles(), seed=1), seed=1))
    first = newsroom.recheck()

    second = newsroom.recheck()

    assert first.memberships
    assert (second.events, second.memberships, second.redirects) == ((), (), {})


def test_event_keeps_its_id_as_articles_join() -> None:
    first, second = told(LAUNCH, "halden"), told(LAUNCHED, "quay", after=DAY)
    newsroom = Newsroom()
    newsroom.arrive([first])
    before = newsroom.dossier(first).event.id

    newsroom.arrive([second])

    assert before == event_id(first.id)
    assert newsroom.dossier(second).event.id == before


def test_earlier_article_that_comes_late_does_not_found_the_event_anew() -> None:
    late, early = told(LAUNCH, "halden", after=DAY), told(LAUNCHED, "quay")
    newsroom = Newsroom()
    newsroom.arrive([late])

    newsroom.arrive([early])

    assert newsroom.dossier(early).event.id == event_id(late.id)
    assert newsroom.dossier(early).event.first_published_at == early.dated_at


@pytest.mark.parametrize(("days", "joins"), [(6, True), (8, False)])
def test_articles_join_within_seven_days_of_the_last_one(days: int, joins: bool) -> None:  # noqa: FBT001
    first, later = told(LAUNCH, "halden"), told(LAUNCH, "quay", after=days * DAY)
    newsroom = Newsroom()
    newsroom.arrive([first])

    newsroom.arrive([later])

    assert (newsroom.dossier(later).event.id == newsroom.dossier(first).event.id) is joins


def apart() -> tuple[Newsroom, Article, Article]:
    """Return two articles about one launch that two separate newsrooms made events of."""
    older, newer = told(LAUNCH, "halden"), told(LAUNCHED, "quay", after=timedelta(hours=3))
    newsroom = Newsroom()
    newsroom.arrive([older])
    elsewhere = Newsroom()
    elsewhere.arrive([newer])
    newsroom.articles |= elsewhere.articles
    newsroom.events |= elsewhere.events
    newsroom.memberships |= elsewhere.memberships
    return newsroom, older, newer


def test_re_check_merges_into_the_older_event_and_redirects_the_other() -> None:
    newsroom, older, newer = apart()

    changes = newsroom.recheck()

    assert changes.redirects == {event_id(newer.id): event_id(older.id)}
    assert newsroom.dossier(newer).event.id == event_id(older.id)
    [membership] = changes.memberships
    assert membership.reason.startswith(f"merged from {event_id(newer.id)} at the re-check: same words as halden")


def lumped() -> tuple[Newsroom, Article, Article]:
    """Return a newsroom that put a launch and a breach into one event."""
    launch, breach = told(LAUNCH, "halden"), told(BREACH, "quay", after=timedelta(hours=3))
    newsroom = Newsroom()
    newsroom.arrive([launch])
    newsroom.arrive([breach])
    wrong = newsroom.memberships[breach.id].model_copy(update={"event_id": event_id(launch.id), "reason": "lumped"})
    newsroom.memberships[breach.id] = wrong
    return newsroom, launch, breach


def test_re_check_splits_and_says_so() -> None:
    newsroom, launch, breach = lumped()

    changes = newsroom.recheck()

    assert newsroom.dossier(breach).event.id == event_id(breach.id)
    assert newsroom.dossier(launch).event.title == LAUNCH
    assert [membership.reason for membership in changes.memberships] == [
        f"split from {event_id(launch.id)} at the re-check: first report"
    ]


def test_machine_neither_merges_nor_splits_what_was_sent() -> None:
    newsroom, older, newer = apart()
    assert newsroom.recheck(fixed=[event_id(older.id)]).memberships == ()
    assert newsroom.recheck(fixed=[event_id(newer.id)]).memberships == ()

    newsroom, launch, _ = lumped()
    assert newsroom.recheck(fixed=[event_id(launch.id)]).memberships == ()


def test_machine_does_not_undo_an_editors_merge() -> None:
    launch, breach = told(LAUNCH, "halden"), told(BREACH, "quay", after=timedelta(hours=3))
    newsroom = Newsroom()
    newsroom.arrive([launch, breach])
    newsroom.take(edit.merge(newsroom.dossier(launch), newsroom.dossier(breach), vectors={}, now=NOW))

    newsroom.recheck()

    assert newsroom.partition() == {launch.id: event_id(launch.id), breach.id: event_id(launch.id)}


def test_machine_does_not_undo_an_editors_split() -> None:
    older, newer = told(LAUNCH, "halden"), told(LAUNCHED, "quay", after=timedelta(hours=3))
    newsroom = Newsroom()
    newsroom.arrive([older, newer])
    whole = newsroom.dossier(older)
    newsroom.take(edit.split(whole, {newer.id}, new_id=event_id(newer.id), vectors={}, now=NOW))

    newsroom.recheck()

    assert newsroom.partition() == {older.id: event_id(older.id), newer.id: event_id(newer.id)}
