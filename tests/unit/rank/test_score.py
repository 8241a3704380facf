import pytest

from bot.model.policy import RankPolicy
from bot.model.recap import ScorePart
from bot.rank import score
from tests.builders import NOW, a_dossier, a_source, an_article


def test_score_is_the_weighted_mean_of_the_parts() -> None:
    parts = [ScorePart(name="a", value=1.0, weight=3.0), ScorePart(name="b", value=0.5, weight=1.0)]

    assert score.mean(parts) == pytest.approx(0.875)


def test_part_without_weight_does_not_count() -> None:
    assert score.mean([ScorePart(name="a", value=0.6, weight=0.2), ScorePart(name="b", value=0, weight=0)]) == 0.6


def test_score_without_any_weight_is_nothing() -> None:
    assert score.mean([ScorePart(name="a", value=1.0, weight=0.0)]) == 0


def test_event_that_more_publishers_carry_comes_first() -> None:
    single = a_dossier(an_article("Bakers count flour", source="a"))
    double = a_dossier(an_article("Crow sits", source="b"), an_article("Crow flies", source="c"))
    sources = {slug: a_source(slug) for slug in "abc"}

    scored = score.events(
        [single, double],
        sources=sources,
        policy=RankPolicy(),
        at=NOW,
        recapped=frozenset(),
    )

    assert [event.event_id for event in scored] == [double.event.id, single.event.id]
    assert all(0 <= event.score <= 1 for event in scored)


def test_pin_counts_with_its_weight_and_goes_without_a_trace() -> None:
    parts = [
        ScorePart(name="source", value=0.5, weight=1.0),
        ScorePart(name="pin", value=0.0, weight=0.0, reason="not pinned", inputs={"weight": 1.0}),
    ]

    pinned = score.pinned(parts)

    assert (score.mean(parts), score.mean(pinned)) == (0.5, 0.75)
    assert pinned[1].reason == "pinned by an editor"
    assert score.unpinned(pinned) == parts
