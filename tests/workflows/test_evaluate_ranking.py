from datetime import timedelta

from bot.adapters import labelled_ranking
from bot.entrypoints.demo import gold
from bot.model.policy import RankPolicy
from bot.model.ranked import RankedEvent, RankedSet
from bot.settings import shipped_directory
from bot.workflows import evaluate_ranking
from bot.workflows.evaluate_ranking import RankingEvaluation
from tests.builders import MONDAY, an_article


def measured(ranked: RankedSet) -> dict[tuple[str, str], float]:
    (found,) = evaluate_ranking.ranking([ranked], policy=RankPolicy(), on_progress=lambda _: None)
    return {(row.years, row.order): row.ndcg for row in found.figures}


def a_week(nth: int, *hosts: str, loved: str) -> list[RankedEvent]:
    articles = [
        an_article(f"Nothing {nth} {host}", source=host, published_at=MONDAY + timedelta(weeks=nth)) for host in hosts
    ]
    return [
        RankedEvent(labelled_ranking.dossier([article]), float(article.source == loved), int(article.source == loved))
        for article in articles
    ]


def test_ours_beats_every_single_signal_on_the_sample_week() -> None:
    found = measured(gold.ranked(shipped_directory() / "demo"))

    assert found["all", "ours"] == max(found.values()) > 0.95


def test_earlier_weeks_teach_later_ones_but_not_their_own() -> None:
    hosts = [f"host-{number}" for number in range(20)]
    first, second = a_week(0, *hosts, loved="host-7"), a_week(1, *hosts, loved="host-7")

    alone, both = measured(RankedSet("one", tuple(first))), measured(RankedSet("two", (*first, *second)))

    # A week without earlier ones has equal sources: their order says nothing, so it is not reported.
    assert ("all", "source") not in alone
    assert both["all", "ours"] > alone["all", "ours"]


def test_set_without_anything_relevant_has_no_figures() -> None:
    (found,) = evaluate_ranking.ranking(
        [RankedSet("quiet", tuple(a_week(0, "a", "b", loved="")))], policy=RankPolicy(), on_progress=lambda _: None
    )

    assert found == RankingEvaluation("quiet", events=2, articles=2, figures=())
