"""The weekly run and its steps: run, collect, build, preview, send."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.entrypoints.cli import reports
from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, Now, moment, opened
from bot.entrypoints.cli.output import AsJson, as_json, progress, say, warn
from bot.model.route import Medium
from bot.model.week import Week
from bot.wiring import Bot
from bot.workflows import look_up, send_test
from bot.workflows.build_recap import Edition

WeekId = Annotated[str | None, typer.Option("--week", help="An ISO week such as 2026-W47; default: the last full one.")]
Late = Annotated[bool, typer.Option("--late", help="Send it also where its time is long past.")]
Partial = Annotated[bool, typer.Option("--partial", help="The open week, as far as it has come.")]


def register(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    for command in (run, collect, build, preview, send):
        app.command()(command)


def chosen_week(bot: Bot, week: str | None) -> Week | None:
    """Return the named week in the edition's zone, or null."""
    return bot.desk.week(week) if week else None


def outbox_index(bot: Bot, *, now: datetime, is_dry: bool = False) -> Path | None:
    """Write the outbox's index page where something goes to the outbox; the messages count, not the page."""
    if not is_dry and bot.outbox not in bot.senders.values():
        return None
    try:
        return bot.write_outbox_index(now=now)
    except OSError as exc:
        warn(f"The outbox {bot.settings.outbox} cannot be written ({exc.strerror}): make room or set RECAP_OUTBOX.")
        return None


def run(
    config: ConfigDir = DEFAULT_CONFIG,
    week: WeekId = None,
    partial: Partial = False,
    now: Now = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Store everything, send nothing.")] = False,
    late: Late = False,
    json: AsJson = False,
) -> None:
    """Collect, understand, rank, analyze, compose and deliver, once."""
    with opened(config) as bot, progress() as on_progress:
        report = bot.run(
            now=moment(now),
            week=chosen_week(bot, week),
            partial=partial,
            dry_run=dry_run,
            late=late,
            on_progress=on_progress,
        )
        index = outbox_index(bot, now=moment(now)) if report.sent else None
        if json:
            as_json(report)
        else:
            reports.say_collected(report.collected, report.understood)
            reports.say_edition(report.edition)
            reports.say_routes(report.edition, bot.desk.load_routes())
            reports.say_sent(report.sent, index=index)
    reports.warn_of_failures(report.collected, report.sent)
    raise typer.Exit(reports.status_of(report.collected, report.sent))


def collect(
    config: ConfigDir = DEFAULT_CONFIG,
    everything: Annotated[bool, typer.Option("--all", help="Every source, due or not.")] = False,
    recheck: Annotated[bool, typer.Option("--recheck", help="Then look at the last days' events again.")] = False,
    now: Now = None,
    json: AsJson = False,
) -> None:
    """Fetch what is due, store articles, join them to events."""
    with opened(config) as bot, progress() as on_progress:
        collected, understood = bot.collect(now=moment(now), everything=everything, on_progress=on_progress)
        rechecked = bot.recheck(now=moment(now), on_progress=on_progress) if recheck else None
    if json:
        as_json({"collected": collected, "understood": understood, "rechecked": rechecked})
    else:
        reports.say_collected(collected, understood)
        reports.say_rechecked(rechecked)
    reports.warn_of_failures(collected, None)
    raise typer.Exit(reports.status_of(collected, None))


def build(
    config: ConfigDir = DEFAULT_CONFIG,
    week: WeekId = None,
    partial: Partial = False,
    now: Now = None,
    json: AsJson = False,
) -> None:
    """Build a week's recap from what is stored, and freeze it; nothing is sent."""
    at = moment(now)
    with opened(config) as bot, progress() as on_progress:
        chosen = chosen_week(bot, week) or bot.week_to_build(now=at, partial=partial)
        edition = bot.build(chosen, now=at, partial=partial, on_progress=on_progress)
        routes = bot.desk.load_routes()
    if json:
        as_json(edition)
    else:
        reports.say_edition(edition)
        reports.say_routes(edition, routes)


def preview(
    to: Annotated[Path, typer.Option("--to", help="The folder to write into.")] = Path("preview"),
    config: ConfigDir = DEFAULT_CONFIG,
    week: WeekId = None,
    partial: Partial = False,
    now: Now = None,
) -> None:
    """Write every digest of a recap as its readers would see it, building the recap if need be; send nothing."""
    at = moment(now)
    with opened(config) as bot, progress() as on_progress:
        chosen = chosen_week(bot, week) or bot.week_to_build(now=at, partial=partial)
        edition = bot.build(chosen, now=at, partial=partial, on_progress=on_progress)
        index = bot.preview(edition, to=to, now=at)
    say(f"Open {index} in a browser.")


def send(
    config: ConfigDir = DEFAULT_CONFIG,
    week: WeekId = None,
    now: Now = None,
    late: Late = False,
    test: Annotated[str | None, typer.Option("--test", help="Only a test mail, to this address.")] = None,
    route: Annotated[str | None, typer.Option("--route", help="Whose mail to test; default: the first.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Send nothing: write what is due, or the test mail, into the outbox.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Send every approved digest of a built recap that was not delivered yet; or try one (`--test ADDRESS`)."""
    at = moment(now)
    if test is None and route:
        raise typer.BadParameter("goes with --test ADDRESS; `recap preview` shows every message.", param_hint="--route")
    with opened(config) as bot:
        chosen = chosen_week(bot, week) or bot.week_to_build(now=at, partial=False)
        if test is not None:
            sender = bot.outbox if dry_run else bot.senders[Medium.EMAIL]
            whose, receipt = send_test.send(chosen.id, test, route=route, desk=bot.desk, sender=sender, now=at)
            say(f"Test mail of route {whose} to {test}: {sender.name} took it as {receipt.id}.")
            return
        edition = look_up.edition(chosen.id, desk=bot.desk)
        if dry_run:
            _rehearse(bot, edition, now=at, late=late, json=json)
            return
        bot.plan(edition, now=at, at_once=True)
        sent = bot.send(now=bot.clock_from(at), recap=edition.recap.id, late=late)
        index = outbox_index(bot, now=at)
        if json:
            as_json(sent)
        else:
            reports.say_sent(sent, index=index)
    reports.warn_of_failures(None, sent)
    raise typer.Exit(reports.status_of(None, sent))


def _rehearse(bot: Bot, edition: Edition, *, now: datetime, late: bool, json: bool) -> None:
    found = bot.rehearse(edition, now=now, late=late)
    index = outbox_index(bot, now=now, is_dry=True)
    if json:
        as_json(found)
    else:
        reports.say_rehearsed(found, index=index)
