from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.model.event import Dossier
from bot.model.policy import RankPolicy
from bot.model.recap import ScorePart
from bot.rank import signals
from bot.rank.feedback import Moved, Opinion
from bot.rank.signals import Known
from bot.rank.told import Told
from tests.builders import MONDAY, a_dossier, a_source, an_article

SOURCES = {slug: a_source(slug, weight=weight) for slug, weight in (("halden", 1.5), ("lark", 0.5))}
END = MONDAY + timedelta(hours=72)


def measured(dossier: Dossier, name: str, *others: Dossier, **given: Any) -> ScorePart:  # Any: of Known's fields
    known = Known(
        SOURCES,
        RankPolicy(),
        END,
        peers=signals.peers(article for each in (dossier, *others) for article in each.articles),
    )
    return next(part for part in signals.measure(dossier, replace(known, **given)) if part.name == name)


def told_by(*publishers: str, text: str = "", hours: int = 0) -> Dossier:
    return a_dossier(
        *(
            an_article(
                f"Corvid {number}",
                source=publisher.lower(),
                publisher=publisher,
                text=text,
                published_at=MONDAY + timedelta(hours=hours * number),
            )
            for number, publisher in enumerate(publishers)
        )
    )


def test_event_told_by_as_many_publishers_as_count_has_full_coverage() -> None:
    part = measured(told_by("A", "B", "C", "D", "E", "F"), "coverage")

    assert (part.value, part.reason) == (1.0, "6 publishers")


def test_two_sources_of_one_publisher_count_once() -> None:
    assert measured(told_by("A", "A"), "coverage").reason == "1 publisher"


def test_copied_text_counts_once_and_says_so() -> None:
    text = "The agency tells it in exactly these words and nobody adds anything. " * 5

    assert measured(told_by("A", "B", "C", text=text), "coverage").reason == "1 publisher, 2 copies not counted"


def test_best_source_counts() -> None:
    dossier = a_dossier(an_article("One", source="lark"), an_article("Two", source="halden"))

    assert measured(dossier, "source").value == 0.75


def test_event_one_half_life_old_is_half_as_fresh() -> None:
    part = measured(a_dossier(), "recency")

    assert part.value == pytest.approx(0.5)
    assert part.reason == "3 days before the week's end"


def test_engagement_is_measured_against_the_same_source() -> None:
    low = a_dossier(an_article("Low", engagement={"points": 3}))
    high = a_dossier(an_article("High", engagement={"points": 300}))

    assert measured(high, "engagement", low).value == 0.75
    assert measured(low, "engagement", high).value == 0.25


def test_engagement_that_no_source_gives_has_no_weight() -> None:
    assert measured(a_dossier(), "engagement").weight == 0


def test_new_event_is_novel() -> None:
    assert measured(a_dossier(), "novelty").value == 1


def test_event_of_a_told_thread_is_half_novel() -> None:
    dossier = a_dossier()

    assert measured(dossier, "novelty", earlier_threads=frozenset({dossier.event.thread_id})).value == 0.5


def test_recapped_event_is_not_novel() -> None:
    dossier = a_dossier()

    assert measured(dossier, "novelty", recapped=frozenset({dossier.event.id})).value == 0


def test_momentum_counts_publishers_of_the_first_six_hours() -> None:
    part = measured(told_by("A", "B", "C", hours=4), "momentum")

    assert part.value == pytest.approx(2 / 6)
    assert part.reason == "2 publishers within 6 hours"


def test_two_publishers_of_one_owner_count_once_and_say_so() -> None:
    sources = {slug: a_source(slug, owner="Halden Group") for slug in ("a", "b")}

    part = measured(told_by("A", "B"), "coverage", sources=sources)

    assert part.reason == "1 publisher, 1 of the same owners not counted"
    assert part.inputs == {"publishers": 1, "copies": 0, "siblings": 1, "full": 6, "alone": "Halden Group"}


def test_event_like_one_that_a_recap_showed_is_less_novel() -> None:
    dossier = a_dossier(an_article("Corvid ships its seventh model"))

    part = measured(dossier, "novelty", told=Told(["Corvid ships its sixth model", "Rain in Tarnmouth"]))

    assert part.value == pytest.approx(1 - 4 / 6)
    assert part.inputs["title"] == "Corvid ships its sixth model"


def test_feedback_counts_for_nothing_until_votes_exist() -> None:
    part = measured(a_dossier(), "feedback")

    assert (part.value, part.weight, part.reason) == (0, 0, "no votes yet")


def test_votes_move_the_part_around_the_middle_and_say_what_they_moved() -> None:
    opinion = Opinion({("source", "halden"): Moved(0.1, 4, 3)})

    part = measured(a_dossier(), "feedback", opinion=opinion)

    assert (part.value, part.weight, part.reason) == (0.6, 0.1, "votes moved source halden +10%")


def test_event_that_no_vote_concerns_stays_in_the_middle() -> None:
    part = measured(a_dossier(), "feedback", opinion=Opinion({("source", "lark"): Moved(-0.1, 4, 3)}))

    assert (part.value, part.reason) == (0.5, "no votes on its sources and audiences")


def test_every_part_of_any_event_is_between_0_and_1() -> None:
    dossier = told_by("A", "B", "C", "D", "E", "F", "G", "H")

    assert all(0 <= part.value <= 1 for part in signals.measure(dossier, Known(SOURCES, RankPolicy(), END)))
