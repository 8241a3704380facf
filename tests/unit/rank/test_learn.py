from datetime import timedelta

import pytest

from bot.model.article import Article
from bot.rank import learn
from bot.rank.learn import Lesson
from tests.builders import MONDAY, an_article


def an_engaged(title: str, points: int, host: str = "a", weeks: int = 0) -> Article:
    return an_article(
        title,
        source="hn",
        canonical_url=f"https://www.{host}.example/{title}",
        engagement={"points": points},
        published_at=MONDAY + timedelta(weeks=weeks),
    )


def test_one_trait_alone_is_lifted_by_its_shrunken_mean() -> None:
    high, low = [Lesson((("host", "a"),), 1.0)] * 3, [Lesson((("host", "b"),), 0.0)] * 3

    learned = learn.taught([*high, *low])

    # Three articles, 0.5 above the mean each, over three and the constant of three.
    assert learned.lifts["host", "a"] == pytest.approx(1.5 / 6)
    assert learned.lifts["host", "b"] == pytest.approx(-1.5 / 6)
    assert learned.counts["host", "a"] == 3


def test_nothing_read_teaches_nothing() -> None:
    assert learn.lessons([an_article("Quiet")]) == []
    assert learn.taught([]).of_host(an_article()) == (0.0, 0)


def test_engagement_is_held_against_the_same_source_and_week() -> None:
    quiet = [an_engaged("One", 2), an_engaged("Two", 1)]
    loud = [an_engaged("Three", 200, weeks=1), an_engaged("Four", 100, weeks=1)]

    assert [lesson.drew for lesson in learn.lessons([*quiet, *loud])] == [1.0, 0.5, 1.0, 0.5]


def test_traits_are_host_topics_and_words_of_the_title() -> None:
    article = an_engaged("Corvid-7", 1, host="lark").model_copy(update={"categories": ["Rust"], "topics": ["models"]})

    assert learn.traits(article) == (
        ("host", "lark.example"), ("topic", "models"), ("topic", "rust"), ("word", "7"), ("word", "corvid"),
    )  # fmt: skip


def test_order_of_lessons_does_not_matter() -> None:
    lessons = learn.lessons([an_engaged("Rust wins", 9), an_engaged("Go rests", 2, host="b"), an_engaged("Rust", 5)])

    assert learn.taught(lessons) == learn.taught(lessons[::-1])


def test_address_that_is_none_leaves_the_source_as_host() -> None:
    assert learn.host_of(an_article(source="lark", canonical_url="http://[")) == "lark"
