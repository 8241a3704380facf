"""`recap eval --clustering`: how well articles about one event are joined."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import typer

from bot import settings as settings_room
from bot import wiring
from bot.adapters import labelled
from bot.entrypoints.cli.evaluate.asked import Answer, Asked
from bot.entrypoints.cli.output import say, table
from bot.entrypoints.demo import gold
from bot.model.labelled import LabelledSet, RatedSet
from bot.understand.measure import Score
from bot.workflows.evaluate import Evaluation, Mistake

Sets = list[LabelledSet | RatedSet]


def measure(asked: Asked, on_progress: Callable[[str], None]) -> Answer:
    """Measure how well articles about one event are joined. Raises: NotFound."""
    sets = _sets(asked.data, limit=asked.limit, same=_labels(asked.same))
    found, note = wiring.evaluate_clustering(sets, asked.settings, mistakes=asked.mistakes, on_progress=on_progress)
    return Answer(found, partial(_say, found), notes=(note,) if note else ())


def _sets(paths: Sequence[Path], *, limit: int, same: dict[str, str]) -> Sets:
    if not paths:
        return [gold.load(settings_room.shipped_directory() / "demo")]
    found = [each for path in paths for each in labelled.read(path, limit=limit)]
    return [each.merged(same) if isinstance(each, LabelledSet) else each for each in found]


def _labels(same: Sequence[str]) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in same]
    for label, _, other in pairs:
        if not (label and other):
            raise typer.BadParameter("write two labels as A=B.", param_hint="--same")
    return {label: other for label, _, other in pairs}


def _say(found: list[Evaluation]) -> None:
    for data in dict.fromkeys(each.data for each in found):
        of_data = [each for each in found if each.data == data]
        say(f"{data}: {of_data[0].articles} articles", style="bold")
        if of_data[0].b_cubed:
            columns = ("embedder", "events", "found", "B³ P R F1", "pairs P R F1", "recall@1")
            table(columns, [_row(each) for each in of_data], empty="")
        else:
            rated = [(each.embedder, _figure(each.correlation), _figure(each.ranked_right)) for each in of_data]
            table(("embedder", "rank correlation", "same event (AUC)"), rated, empty="")
        for each in of_data:
            _say_details(each)
        say()


def _row(each: Evaluation) -> tuple[object, ...]:
    scores = " ".join(_figures(each.b_cubed)), " ".join(_figures(each.pairwise))
    return each.embedder, each.events, each.found, *scores, _figure(each.recall_at_1)


def _say_details(each: Evaluation) -> None:
    if len(each.by_languages) > 1:
        say(f"\npairs by language, {each.embedder}", style="italic")
        rows = [(languages, *_figures(score)) for languages, score in each.by_languages]
        table(("languages", "P", "R", "F1"), rows, empty="")
    for title, mistakes in (("wrongly joined", each.wrongly_joined), ("missed", each.missed)):
        if mistakes:
            say(f"\n{title}, {each.embedder}", style="italic")
            _say_mistakes(mistakes)


def _say_mistakes(mistakes: tuple[Mistake, ...]) -> None:
    for mistake in mistakes:
        say(f"  {mistake.chance:.2f}  {mistake.one}")
        say(f"        {mistake.other}")


def _figures(score: Score | None) -> tuple[str, str, str]:
    return (_figure(score.precision), _figure(score.recall), _figure(score.f1)) if score else ("", "", "")


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
