"""`recap eval --ranking`: how well the order of labelled weeks is found."""

from collections.abc import Callable
from functools import partial

from bot import settings as settings_room
from bot.adapters import labelled_ranking
from bot.entrypoints.cli.evaluate.asked import Answer, Asked
from bot.entrypoints.cli.output import say, table
from bot.entrypoints.demo import gold
from bot.workflows import evaluate_ranking
from bot.workflows.evaluate_ranking import RankingEvaluation


def measure(asked: Asked, on_progress: Callable[[str], None]) -> Answer:
    """Measure how well the order of labelled weeks is found. Raises: NotFound."""
    if asked.data:
        sets = [found for path in asked.data for found in labelled_ranking.read(path)]
    else:
        sets = [gold.ranked(settings_room.shipped_directory() / "demo")]
    found = evaluate_ranking.ranking(sets, policy=asked.settings.ranking, on_progress=on_progress)
    return Answer(found, partial(_say, found))


def _say(found: list[RankingEvaluation]) -> None:
    for each in found:
        say(f"{each.data}: {each.events} events of {each.articles} articles", style="bold")
        rows = [
            (figures.years, figures.order, figures.weeks, f"{figures.ndcg:.3f}", f"{figures.precision:.3f}")
            for figures in each.figures
        ]
        table(("years", "order", "weeks", "nDCG@10", "P@10"), rows, empty="Nothing in it is relevant.")
        say()
