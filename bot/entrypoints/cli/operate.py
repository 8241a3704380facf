"""Operation: init, doctor, db, up, serve, schedule, worker."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot import settings as settings_room
from bot import wiring
from bot.entrypoints import doctor as doctor_room
from bot.entrypoints import logs, scheduler
from bot.entrypoints import worker as worker_room
from bot.entrypoints.cli import reports
from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, Now, load, moment, opened
from bot.entrypoints.cli.output import AsJson, as_json, say
from bot.entrypoints.cli.process import serving
from bot.model.errors import NotAllowed, NotFound

Host = Annotated[str, typer.Option("--host", help="Address to listen on.")]
Port = Annotated[int, typer.Option("--port", envvar="PORT", help="Port to listen on.")]

db_app = typer.Typer(help="The database: upgrade, backup, restore, purge.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to *app*."""
    for command in (init, doctor, up, serve, schedule, worker):
        app.command()(command)
    app.add_typer(db_app, name="db")


def init(directory: Annotated[Path, typer.Argument(help="Where to write.")] = DEFAULT_CONFIG) -> None:
    """Write the commented starter files; a file that is there already stays as it is."""
    written = settings_room.write_starter(directory)
    for path in written:
        say(f"wrote {path}")
    say(f"Next: look at {directory / 'routes.yaml'}, then `recap run --config {directory}`.")


def doctor(config: ConfigDir = DEFAULT_CONFIG, now: Now = None, json: AsJson = False) -> None:
    """Check everything outside, and say how to mend what is wrong."""
    logs.configure({}, default="off")
    settings = load(config)
    with wiring.bot(settings) as bot:
        findings = doctor_room.examine(bot, now=moment(now))
    if json:
        as_json(findings)
    else:
        for finding in findings:
            mark = {"ok": "✓", "note": "·", "fault": "✗"}[finding.level]
            say(f"{mark} {finding.subject}: {finding.text}")
    if any(finding.level == "fault" for finding in findings):
        raise typer.Exit(1)


def up(config: ConfigDir = DEFAULT_CONFIG, host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Web and scheduler in one process."""
    from bot.entrypoints.web import server

    with (
        serving(),
        opened(config, log_level="warning") as bot,
        server.listening(host, port) as listener,
        scheduler.ticking(bot),
    ):
        say(f"Recap is up on {server.address_of(listener)} (Ctrl-C ends)")
        reports.say_who_sends(bot.jobs)
        server.serve(bot, listener)


def serve(config: ConfigDir = DEFAULT_CONFIG, host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Web alone."""
    from bot.entrypoints.web import server

    with serving(), opened(config, log_level="warning") as bot, server.listening(host, port) as listener:
        say(f"Pages on {server.address_of(listener)} (Ctrl-C ends)")
        server.serve(bot, listener)


def schedule(config: ConfigDir = DEFAULT_CONFIG) -> None:
    """The scheduler alone: collect, build and send when due."""
    with serving(), opened(config, log_level="warning") as bot:
        say("The scheduler ticks every 30 seconds (Ctrl-C ends)")
        reports.say_who_sends(bot.jobs)
        scheduler.run_forever(bot)


def worker(config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Send what the scheduler put into the queue (queue: procrastinate); as many as you like, on any machine."""
    with serving(), opened(config, log_level="warning") as bot:
        worker_room.run_forever(bot, on_start=lambda: say("The worker waits for work (Ctrl-C ends)"))


@db_app.command("upgrade")
def db_upgrade(config: ConfigDir = DEFAULT_CONFIG) -> None:
    """Bring the database to this release's schema."""
    with wiring.bot(load(config)) as bot:
        bot.upgrade()
    say("The database has this release's schema.")


@db_app.command("backup")
def db_backup(
    to: Annotated[Path, typer.Argument(help="The file to write.")], config: ConfigDir = DEFAULT_CONFIG
) -> None:
    """Copy an embedded database while it is in use."""
    if to.exists():
        raise NotAllowed(f"{to} exists already; name another file.")
    with opened(config) as bot:
        bot.store.backup(to)
    say(f"Wrote {to}.")


@db_app.command("restore")
def db_restore(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `recap db backup` wrote.")],
    config: ConfigDir = DEFAULT_CONFIG,
    yes: Annotated[bool, typer.Option("--yes", help="Replace what is there without asking.")] = False,
) -> None:
    """Replace an embedded database by a backup."""
    if not source.is_file():
        raise NotFound(f"{source} is no file.")
    if not yes:
        typer.confirm("This replaces everything that is stored now. Go on?", abort=True)
    with wiring.bot(load(config)) as bot:
        bot.store.restore(source)
        bot.store.upgrade()
    say(f"Restored {source}.")


@db_app.command("purge")
def db_purge(
    days: Annotated[int, typer.Option("--days", min=30, help="Keep this many days.")] = 365,
    config: ConfigDir = DEFAULT_CONFIG,
    now: Now = None,
) -> None:
    """Forget old articles; what a digest showed stays."""
    with opened(config) as bot:
        count = bot.store.purge(before=moment(now) - timedelta(days=days))
    say(f"Forgot {count} articles older than {days} days.")
