import pytest

from bot.model.recap import ScorePart
from bot.rank import explain
from bot.rank.explain import Change


def a_part(name: str, value: float, share: float, **inputs: float | str) -> ScorePart:
    return ScorePart(name=name, value=value, weight=share, inputs=inputs)


def test_one_more_publisher_is_worth_what_coverage_says() -> None:
    parts = [a_part("coverage", 0.5, 1.0, publishers=1, full=3), a_part("recency", 1.0, 1.0)]

    (change,) = explain.changes(parts)

    # log(3) / log(4) instead of log(2) / log(4)
    assert change.kind == "publisher"
    assert change.score == pytest.approx((0.7925 + 1) / 2, abs=0.0001)


def test_full_coverage_gains_nothing_from_another_publisher() -> None:
    assert explain.changes([a_part("coverage", 1.0, 1.0, publishers=6, full=6)]) == []


def test_pin_that_nobody_set_says_what_it_would_do() -> None:
    assert explain.changes([a_part("source", 0.5, 1.0), a_part("pin", 0, 0, weight=1.0)]) == [Change("pin", 0.75)]


def test_pinned_event_says_where_it_would_stand_without() -> None:
    assert explain.changes([a_part("source", 0.5, 1.0), a_part("pin", 1, 1, weight=1.0)]) == [Change("unpinned", 0.5)]


def test_told_event_says_where_it_would_stand_untold_and_offer_as_none() -> None:
    parts = [a_part("novelty", 0.0, 1.0), a_part("source", 1.0, 2.0), a_part("offer", 0.0, 1.0)]

    found = explain.changes(parts)

    assert [(change.kind, round(change.score, 3)) for change in found] == [("untold", 0.75), ("no_offer", 0.667)]


def test_event_that_votes_moved_says_where_it_would_stand_without() -> None:
    parts = [a_part("source", 1.0, 1.0), a_part("feedback", 0.3, 1.0)]

    assert explain.changes(parts) == [Change("unvoted", 0.75)]


def test_parts_that_were_stored_without_inputs_change_nothing() -> None:
    parts = [a_part("coverage", 0.5, 1.0), a_part("pin", 0.0, 0.0)]

    assert explain.changes(parts) == []


def test_parts_of_most_points_carried_it() -> None:
    parts = [
        a_part("recency", 1.0, 0.02),
        a_part("coverage", 0.5, 0.4),
        a_part("source", 0.5, 0.2),
        a_part("pin", 0, 0),
    ]

    assert [part.name for part in explain.carried(parts)] == ["coverage", "source", "recency"]
