import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rank import measure


def test_best_order_has_full_marks() -> None:
    assert measure.ndcg([3, 2, 1, 0]) == 1
    assert measure.precision_at([3, 2, 1, 0]) == 1


def test_the_only_relevant_event_in_second_place() -> None:
    assert measure.ndcg([0, 1]) == pytest.approx(0.6309, abs=0.0001)


def test_relevant_events_beyond_the_top_do_not_count() -> None:
    assert measure.ndcg([0, 0, 5], top=2) == 0
    assert measure.precision_at([0, 0, 5], top=2) == 0


def test_week_in_which_nothing_is_relevant_is_not_measured() -> None:
    assert measure.ndcg([0, -3]) is None
    assert measure.precision_at([0, -3]) is None


def test_precision_counts_events_as_relevant_as_the_last_of_the_top() -> None:
    assert measure.precision_at([5, 1, 5, 5], top=2) == 0.5


@settings(max_examples=40)
@given(st.lists(st.integers(-2, 5), max_size=15))
def test_no_order_is_better_than_the_best(relevance: list[int]) -> None:
    for found in (measure.ndcg(relevance), measure.precision_at(relevance)):
        assert found is None or 0 <= found <= 1
