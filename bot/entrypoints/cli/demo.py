"""`recap demo`: the invented sample weeks, end to end, then what to look at."""

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from bot import wiring
from bot.entrypoints import logs
from bot.entrypoints.cli import reports
from bot.entrypoints.cli.opening import opened_with
from bot.entrypoints.cli.output import progress, say
from bot.entrypoints.demo import replay
from bot.entrypoints.demo.replay import DemoReport
from bot.settings import Settings
from bot.wiring import Bot, Particulars, outbox_page

DIRECTORY = Path("demo")
OURS = ("recap.db", "recap.db-wal", "recap.db-shm", "recap.db.leader", "outbox")


def demo(
    reset: Annotated[bool, typer.Option("--reset", help="Forget an earlier demo first.")] = False,
    serve: Annotated[bool, typer.Option("--serve", help="Then show its pages until Ctrl-C.")] = False,
    port: Annotated[int, typer.Option("--port", help="Of the pages.")] = 8000,
) -> None:
    """Play the invented sample weeks, end to end, into ./demo, and say what to look at."""
    logs.configure({}, default="error")
    if reset:
        _forget()
    DIRECTORY.mkdir(exist_ok=True)
    settings = replay.settings(DIRECTORY, base_url=f"http://127.0.0.1:{port}")
    with ExitStack() as stack, progress() as on_progress:

        def bot_of(served: Settings, particulars: Particulars) -> Bot:
            return stack.enter_context(opened_with(served, particulars))

        report = replay.run(bot_of, settings, on_progress=on_progress)
        _write_scenes(settings)
    _say(report, settings)
    _say_what_to_look_at(settings, port=port, serve=serve)
    if serve:
        _serve(settings, port=port)


def _write_scenes(settings: Settings) -> None:
    from bot.entrypoints.slack_app import scenes  # Bolt takes long to load

    with opened_with(settings, Particulars(clock=replay.DemoClock())) as bot:
        outbox_page.write_scenes(settings.outbox / "slack", scenes.of_bot(bot), desk=bot.desk, now=replay.NOW)


def _forget() -> None:
    for name in OURS:
        path = DIRECTORY / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _say(report: DemoReport, settings: Settings) -> None:
    added = sum(poll.added for poll in report.polls)
    edited = sum(poll.updated for poll in report.polls)
    times = "once" if len(report.polls) == 1 else f"{len(report.polls)} times"
    say("The sample weeks are invented: no such publisher, company, person or event exists.", style="italic")
    say(
        f"Polled {len(settings.sources)} sources {times} over HTTP on this machine: {added} new "
        f"articles, {edited} edited; {report.not_modified} of {report.requests} answers were 304 (not modified)."
    )
    for failure in {failure.source: failure for poll in report.polls for failure in poll.failures}.values():
        say(f"As planned, one source failed and cost nothing else: {failure.source}. {failure.reason}")
    for edition, sent in zip(report.editions, report.sent, strict=True):
        say()
        reports.say_edition(edition)
        reports.say_routes(edition, settings.routes)
        reports.say_sent(sent, index=None)
        reports.warn_of_failures(None, sent)


def _say_what_to_look_at(settings: Settings, *, port: int, serve: bool) -> None:
    say()
    say("What to look at:", style="bold")
    say(f"  open {settings.outbox / 'index.html'} in a browser: every Slack message and mail as its readers see it")
    say(f"  open {settings.outbox / 'slack' / 'index.html'}: what /recap answers, its forms and App Home")
    say("  the week of 23 November: what developed says what is new since last week, one lawsuit is resolved, and")
    say("  four articles that only tell last week's news once more bring nothing back")
    if not serve:
        say(f"  recap demo --serve (or make demo ARGS=--serve): the web pages, on http://127.0.0.1:{port}/")
        say("  recap demo --reset: all of it once more, from the start")


def _serve(settings: Settings, *, port: int) -> None:
    from bot.entrypoints.web import server

    served = Particulars(clock=replay.DemoClock())
    with wiring.bot(settings, served) as bot, server.listening("127.0.0.1", port) as listener:
        say(f"Pages on {server.address_of(listener)} (Ctrl-C ends)")
        server.serve(bot, listener)
