"""`recap correct`: say what was wrong where readers were told it."""

import getpass
from typing import Annotated

import typer

from bot.compose.revise import CardPart
from bot.entrypoints.cli import reports
from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, Now, moment, opened
from bot.entrypoints.cli.output import say
from bot.entrypoints.cli.run import WeekId
from bot.workflows import correct_recap
from bot.workflows.correct_recap import Corrected, Correction
from bot.workflows.review_recap import Editor

_LINE = "How this line reads now, in an editor's words; empty takes it away."


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(correct)


def correct(
    event_id: Annotated[str, typer.Argument(metavar="EVENT", help="An event's id, as `recap events` shows it.")],
    config: ConfigDir = DEFAULT_CONFIG,
    note: Annotated[str, typer.Option("--note", help="What was wrong; default: how the lines read now.")] = "",
    hook: Annotated[str | None, typer.Option("--hook", help=_LINE)] = None,
    what_changed: Annotated[str | None, typer.Option("--what-changed", help=_LINE)] = None,
    why_it_matters: Annotated[str | None, typer.Option("--why-it-matters", help=_LINE)] = None,
    language: Annotated[str, typer.Option("--language", help="Of the lines; default: recap.yaml's first.")] = "",
    route: Annotated[str, typer.Option("--route", help="Only in this route's digest.")] = "",
    week: WeekId = None,
    by: Annotated[str | None, typer.Option("--by", help="Who corrects; default: you.")] = None,
    now: Now = None,
) -> None:
    """Correct an event that was sent: what was posted is changed in place, and a reply says what was wrong."""
    at = moment(now)
    lines = {
        CardPart.HOOK: hook,
        CardPart.WHAT_CHANGED: what_changed,
        CardPart.WHY_IT_MATTERS: why_it_matters,
    }
    with opened(config) as bot:
        recap = bot.desk.week(week).id if week else ""
        editor = Editor(by or getpass.getuser(), at)
        said = Correction(note, {part: text for part, text in lines.items() if text is not None}, language)
        found = correct_recap.correct(event_id, said, editor, desk=bot.desk, route=route, recap=recap)
        sent = bot.send(now=bot.clock_from(at), recap=found[0].digest.recap_id)
    for each in found:
        say(_said(each))
    reports.warn_of_failures(None, sent)
    if status := reports.status_of(None, sent):
        raise typer.Exit(status)


def _said(corrected: Corrected) -> str:
    known = "corrected" if corrected.is_new else "said so already"
    posted = f"changed where it was posted ({corrected.places})" if corrected.places else "not posted anywhere yet"
    beside = f" and {reports.counted(corrected.segments, 'segment')}" if corrected.segments else ""
    line = f"{corrected.digest.route_id}{beside}: {known}; {posted}, and the web says so."
    if corrected.mails:
        line += f" {reports.counted(corrected.mails, 'mail')} had gone: the next one says what was wrong."
    if corrected.unknown:
        line += " Of some parts nobody knows whether they arrived (`recap deliveries --state unknown`); they stay."
    return line
