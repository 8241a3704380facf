"""`recap eval --grounding`: whether what is shown stands on its quotes."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from bot import settings as settings_room
from bot.adapters import feed_files, labelled
from bot.entrypoints.cli.evaluate.asked import Answer, Asked
from bot.entrypoints.cli.output import say, table
from bot.entrypoints.demo import gold
from bot.model.article import Article
from bot.model.errors import NotFound
from bot.model.labelled import LabelledSet
from bot.workflows import evaluate_grounding
from bot.workflows.evaluate_grounding import Analyst, Grounding, Missed, PlantedKind


def measure(asked: Asked, on_progress: Callable[[str], None]) -> Answer:
    """Measure whether claims stand on their quotes, and whether falsehoods fall. Raises: NotFound."""
    found = [
        evaluate_grounding.grounding(
            name, articles, policy=asked.settings.cluster, mistakes=asked.mistakes, on_progress=on_progress
        )
        for name, articles in _sets(asked)
    ]
    return Answer(found, partial(_say, found))


def _sets(asked: Asked) -> Sequence[tuple[str, Sequence[Article]]]:
    if not asked.data:
        sample = gold.load(settings_room.shipped_directory() / "demo")
        return [(sample.name, sample.articles)]
    return [found for path in asked.data for found in _read(path, limit=asked.limit)]


def _read(path: Path, *, limit: int) -> Sequence[tuple[str, Sequence[Article]]]:
    try:
        return [(path.name, feed_files.read(path))]
    except NotFound:
        sets = labelled.read(path, limit=limit)
    if found := [(each.name, each.articles) for each in sets if isinstance(each, LabelledSet)]:
        return found
    raise NotFound(f"'{path}' holds no articles to take claims from.")


def _say(found: list[Grounding]) -> None:
    for each in found:
        say(f"{each.data}: {each.articles} articles, {each.events} events", style="bold")
        columns = ("sentences of", "drafted", "kept", "mended", "dropped", "shown that stand")
        table(columns, [_row(analyst) for analyst in each.analysts], empty="")
        _say_planted("falsehoods planted", each.falsehoods, shown="dropped")
        _say_planted("true paraphrases", each.paraphrases, shown="dropped")
        _say_missed("falsehoods shown or mended", each.falsehoods_shown)
        _say_missed("paraphrases dropped", each.paraphrases_dropped)
        say()


def _row(analyst: Analyst) -> tuple[object, ...]:
    shown = analyst.kept + analyst.repaired
    share = f"{analyst.grounded} of {shown}"
    return analyst.name, analyst.drafted, analyst.kept, analyst.repaired, analyst.dropped, share


def _say_planted(title: str, kinds: Sequence[PlantedKind], *, shown: str) -> None:
    say(f"\n{title}", style="italic")
    sums = PlantedKind(
        "all",
        sum(kind.planted for kind in kinds),
        sum(kind.kept for kind in kinds),
        sum(kind.repaired for kind in kinds),
        sum(kind.dropped for kind in kinds),
    )
    rows = [
        (kind.kind, kind.planted, kind.kept, kind.repaired, kind.dropped, f"{kind.dropped / max(kind.planted, 1):.1%}")
        for kind in (*kinds, sums)
    ]
    table(("kind", "planted", "kept", "mended", shown, "share dropped"), rows, empty="")


def _say_missed(title: str, missed: Sequence[Missed]) -> None:
    if missed:
        say(f"\n{title}", style="italic")
    for each in missed:
        say(f"  {each.kind}: {each.text}")
        say(f"    quote: {each.quote}")
        if each.reason:
            say(f"    {each.reason}")
