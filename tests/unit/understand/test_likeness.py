from datetime import timedelta

import numpy as np
import pytest

from bot.model.article import Article
from bot.ports import Vector
from bot.understand import likeness
from tests.builders import MONDAY, an_article


def chance(one: Article, other: Article, vectors: dict[str, Vector] | None = None) -> float:
    compared = likeness.prepare([one, other], vectors or {})
    return float(likeness.chances(compared, np.array([0]), np.array([1]))[0])


def test_amounts_that_contradict_speak_against_one_event() -> None:
    told = an_article("Velloway raises $40 million for its chip plant", source="halden")
    same = an_article("Velloway raises 40m dollars to build a chip plant", source="pipelark")
    other = an_article("Velloway raises $90 million to build a chip plant", source="pipelark")

    assert chance(told, same) > chance(told, other)


def test_an_amount_in_one_title_alone_contradicts_nothing() -> None:
    told = an_article("Velloway raises $40 million for its chip plant", source="halden")
    plain = an_article("Velloway raises money for its chip plant", source="pipelark")
    other = an_article("Velloway raises $90 million for its chip plant", source="pipelark")

    assert chance(told, plain) > chance(told, other)


def test_one_publisher_seldom_tells_an_event_twice() -> None:
    first = an_article("Velloway opens a chip plant in Tarnmouth", source="halden", publisher="Halden")
    again = an_article("Chip plant of Velloway in Tarnmouth opens", source="halden-markets", publisher="Halden")
    elsewhere = again.model_copy(update={"publisher": "Pipelark"})

    assert chance(first, again) < chance(first, elsewhere)


def test_a_day_apart_is_no_reason_for_doubt_and_three_days_are() -> None:
    first = an_article("Velloway opens a chip plant in Tarnmouth", source="halden")
    later = an_article("Chip plant of Velloway in Tarnmouth opens", source="pipelark")
    next_day = later.model_copy(update={"published_at": MONDAY + timedelta(hours=24)})
    third_day = later.model_copy(update={"published_at": MONDAY + timedelta(hours=72)})

    assert chance(first, later) == chance(first, next_day)
    assert chance(first, third_day) < chance(first, next_day)


def test_a_title_of_unknown_language_counts_as_the_commonest_one_of_its_script() -> None:
    articles = [
        an_article("Velloway opens a chip plant", language="en"),
        an_article("Velloway eröffnet ein Werk", language="de"),
        an_article("Velloway's plant, opened", language="en"),
        an_article("沃洛威芯片厂投产", language="zh"),
        an_article("Plant. Velloway.", language="und"),
        an_article("芯片厂", language="und"),
    ]

    assert likeness.languages(articles).tolist() == ["en", "de", "en", "zh", "en", "zh"]


def test_meaning_counts_less_where_there_is_text() -> None:
    vector = np.array([1, 0], dtype=np.float32)
    told, other = an_article("Plant opened", source="halden"), an_article("Works now run", source="pipelark")
    text = "The machines in the new halls began to hum on Monday, and the first wafers are due in the spring. " * 4
    background = "Nobody in the town had believed the promises of the founders, whose earlier venture had failed. " * 4
    longer = told.model_copy(update={"text": text}), other.model_copy(update={"text": background})
    vectors = {told.id: vector, other.id: vector}

    assert chance(*longer, vectors) - chance(*longer) < chance(told, other, vectors) - chance(told, other)


def test_one_whole_lead_is_enough_for_words_to_decide() -> None:
    vector = np.eye(8, dtype=np.float32)[0]
    told = an_article("Plant opened", source="halden", text="Velloway opened a plant for its chips. " * 10)
    other = an_article("Velloway runs its works", source="pipelark")

    assert chance(told, other, {told.id: vector, other.id: vector}) == chance(told, other)


def test_a_crowd_is_the_mean_of_the_four_likest_of_other_languages() -> None:
    vectors = np.array([[1, 0], [1, 0], [0.8, 0.6], [0.6, 0.8], [0, 1], [-1, 0], [1, 0]], dtype=np.float32)
    languages = np.array(["en", "zh", "zh", "zh", "zh", "zh", "en"])

    crowd = likeness.crowd(vectors, languages)

    assert crowd[0] == pytest.approx((1 + 0.8 + 0.6 + 0) / 4)
    assert crowd[1] == pytest.approx((1 + 1) / 4)


def test_one_language_has_no_crowd() -> None:
    vectors = np.eye(3, dtype=np.float32)

    assert likeness.crowd(vectors, np.array(["en", "en", "en"])).tolist() == [0, 0, 0]
