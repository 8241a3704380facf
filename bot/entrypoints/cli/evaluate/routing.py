"""`recap eval --routing`: how well events reach the audiences that people sorted them to."""

from collections.abc import Callable, Sequence
from functools import partial

import typer

from bot.adapters import sorted_items
from bot.entrypoints.cli.evaluate.asked import Answer, Asked
from bot.entrypoints.cli.output import say, table
from bot.model.errors import NotFound
from bot.workflows import evaluate_routing
from bot.workflows.evaluate_routing import RoutingEvaluation


def measure(asked: Asked, on_progress: Callable[[str], None]) -> Answer:
    """Measure the audiences as configured, and taught on the earlier part. Raises: NotFound."""
    if not asked.data:
        raise NotFound("Routing is measured on items that people sorted; name a file with --data.")
    read = [sorted_items.read(path) for path in asked.data]
    items = [item for each in read for item in each.items]
    given = evaluate_routing.shipped(
        items,
        asked.settings.audiences,
        playbook=asked.settings.playbook,
        same=_labels(asked.map),
        on_progress=on_progress,
    )
    found = [given, evaluate_routing.taught_on_earlier(items, on_progress=on_progress)]
    return Answer(found, partial(_say, found), notes=tuple(line for each in read for line in each.refused[:3]))


def _labels(pairs: Sequence[str]) -> dict[str, str]:
    told = [pair.partition("=") for pair in pairs]
    for label, _, audience in told:
        if not (label and audience):
            raise typer.BadParameter("write a label and an audience's id as LABEL=ID.", param_hint="--map")
    return {label: audience for label, _, audience in told}


def _say(found: Sequence[RoutingEvaluation]) -> None:
    columns = ("matcher", "items", "since", "coverage", "precision", "any match", "macro F1", "F1, likeliest")
    rows = [
        (
            each.matcher,
            each.items,
            each.since,
            *(f"{value:.3f}" for value in (each.coverage, each.precision, each.any_of, each.macro_f1)),
            f"{each.macro_f1_forced:.3f}" if each.taught_on else "",
        )
        for each in found
    ]
    table(columns, rows, empty="")
    for each in found:
        say(f"\n{each.matcher}, by audience", style="italic")
        labels = [
            (one.label, one.items, f"{one.precision:.3f}", f"{one.recall:.3f}", f"{one.f1:.3f}")
            for one in each.by_label
        ]
        table(("audience", "items", "P", "R", "F1"), labels, empty="")
        if each.unjudged:
            say(f"Not judged, since no label stands for them: {', '.join(each.unjudged)}.")
