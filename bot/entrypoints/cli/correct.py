"""`recap correct`: say what was wrong where readers were told it."""

import getpass
from typing import Annotated

import typer

from bot.entrypoints.cli import reports
from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, Now, moment, opened
from bot.entrypoints.cli.output import say
from bot.entrypoints.cli.run import WeekId
from bot.workflows import correct_recap
from bot.workflows.correct_recap import Corrected
from bot.workflows.review_recap import Editor


def register(app: typer.Typer) -> None:
    """Add the command to *app*."""
    app.command()(correct)


def correct(
    event_id: Annotated[str, typer.Argument(metavar="EVENT", help="An event's id, as `recap events` shows it.")],
    note: Annotated[str, typer.Option("--note", help="What was wrong, and what is right.")],
    config: ConfigDir = DEFAULT_CONFIG,
    route: Annotated[str, typer.Option("--route", help="Only in this route's digest.")] = "",
    week: WeekId = None,
    by: Annotated[str | None, typer.Option("--by", help="Who corrects; default: you.")] = None,
    now: Now = None,
) -> None:
    """Correct an event that was sent: what was posted is changed in place, and a reply says what was wrong."""
    at = moment(now)
    with opened(config) as bot:
        recap = bot.desk.week(week).id if week else ""
        editor = Editor(by or getpass.getuser(), at)
        found = correct_recap.correct(event_id, note, editor, desk=bot.desk, route=route, recap=recap)
        sent = bot.send(now=bot.clock_from(at), recap=found[0].digest.recap_id)
    for each in found:
        say(_said(each))
    reports.warn_of_failures(None, sent)
    if status := reports.status_of(None, sent):
        raise typer.Exit(status)


def _said(corrected: Corrected) -> str:
    known = "corrected" if corrected.is_new else "said so already"
    posted = f"changed where it was posted ({corrected.places})" if corrected.places else "not posted anywhere yet"
    beside = f" and {_counted(corrected.segments, 'segment')}" if corrected.segments else ""
    line = f"{corrected.digest.route_id}{beside}: {known}; {posted}, and the web says so."
    if corrected.mails:
        line += f" {_counted(corrected.mails, 'mail')} had gone: the next one says what was wrong."
    if corrected.unknown:
        line += " Of some parts nobody knows whether they arrived (`recap deliveries --state unknown`); they stay."
    return line


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
