import pytest

from bot.understand import measure
from bot.understand.measure import Score


def test_right_groups_score_one_whatever_they_are_called() -> None:
    truth, found = ["a", "a", "b"], [7, 7, 3]

    assert measure.b_cubed(truth, found) == Score(1, 1)
    assert measure.pairwise(truth, found) == Score(1, 1)


def test_b_cubed_is_the_mean_over_the_articles() -> None:
    # The fourth article stands with the first two: three articles are 2/3, 2/3 and 1/3 pure.
    score = measure.b_cubed(["a", "a", "a", "b"], [1, 1, 2, 1])

    assert score.precision == pytest.approx((2 / 3 + 2 / 3 + 1 + 1 / 3) / 4)
    assert score.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)


def test_pairwise_counts_joined_pairs() -> None:
    score = measure.pairwise(["a", "a", "a", "b"], [1, 1, 2, 1])

    assert score == Score(precision=1 / 3, recall=1 / 3)
    assert score.f1 == pytest.approx(1 / 3)


def test_nothing_joined_is_precise_and_finds_nothing() -> None:
    assert measure.pairwise(["a", "a"], [1, 2]) == Score(precision=1, recall=0)


def test_pairs_are_counted_per_language_and_across() -> None:
    scores = measure.pairwise_by_languages(["a", "a", "a", "b"], [1, 1, 2, 2], ["en", "zh", "zh", "zh"])

    assert scores == {("en", "zh"): Score(1, 0.5), ("zh", "zh"): Score(0, 0)}


def test_mistakes_are_pairs_of_places() -> None:
    truth, found = ["a", "a", "b"], [1, 2, 2]

    assert measure.wrongly_joined(truth, found) == [(1, 2)]
    assert measure.missed(truth, found) == [(0, 1)]


def test_recall_at_1_asks_articles_with_a_counterpart_for_their_likest_one() -> None:
    truth, languages = ["a", "a", "b", "c"], ["en", "zh", "zh", "en"]

    # The English article is likest to the wrong Chinese one, the right Chinese one to the English one.
    found = measure.found_first(truth, languages, [(0, 1, 0.4), (0, 2, 0.6)])

    assert found == 0.5


def test_recall_at_1_is_unknown_where_no_event_has_two_languages() -> None:
    assert measure.found_first(["a", "b"], ["en", "zh"], [(0, 1, 0.9)]) is None


def test_likeness_of_one_language_does_not_count_for_recall_at_1() -> None:
    assert measure.found_first(["a", "a", "b"], ["en", "zh", "en"], [(0, 1, 0.2), (0, 2, 0.9)]) == 1


def test_rank_correlation_sees_order_alone() -> None:
    assert measure.correlation([0.1, 0.2, 0.9], [0, 1 / 3, 1]) == pytest.approx(1)
    assert measure.correlation([0.9, 0.2, 0.1], [0, 1 / 3, 1]) == pytest.approx(-1)
    assert measure.correlation([0.5, 0.5], [0, 1]) == 0


def test_ranked_right_is_the_share_of_pairs_in_order() -> None:
    assert measure.ranked_right([0.9, 0.4, 0.6, 0.1], [True, True, False, False]) == 0.75
    assert measure.ranked_right([0.9, 0.4], [True, True]) == 0.5
