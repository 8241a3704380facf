"""The `recap` command: groups of commands, exit statuses, and the one place where errors become lines."""

import os
import sys

import typer

from bot.entrypoints.cli import (
    audiences,
    bounce,
    correct,
    demo,
    evaluate,
    event,
    feedback,
    look_up,
    operate,
    review,
    routes,
    run,
    slack,
    sources,
    subscribers,
)
from bot.entrypoints.cli.output import fail
from bot.entrypoints.cli.process import INTERRUPTED, TERMINATED, exit_on_terminate, protect_streams
from bot.model.errors import ConfigFaults, RecapError

app = typer.Typer(
    name="recap",
    help="A weekly recap of your news sources: one event once, for the people who should care.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for group in (run, look_up, event, correct, operate):
    group.register(app)
app.command()(demo.demo)
app.command()(bounce.bounce)
app.command("admin-link")(subscribers.admin_link)
app.command("eval")(evaluate.evaluate)
app.add_typer(sources.app, name="sources")
app.add_typer(subscribers.app, name="subscribers")
app.add_typer(routes.app, name="routes")
app.add_typer(audiences.app, name="audiences")
app.add_typer(review.app, name="review")
app.add_typer(feedback.app, name="feedback")
app.add_typer(slack.app, name="slack")


def main() -> None:
    """
    Run the `recap` command and exit with its status.

    0 done, 1 failed, 2 wrong usage or config, 3 done in part, 130 stopped by Ctrl-C, 143 ended from outside.
    """
    protect_streams()
    exit_on_terminate(TERMINATED)
    status = _answered()
    if status == INTERRUPTED:
        fail("Stopped. What was stored stays; run the command again to go on.")
    sys.exit(status or 0)


def _answered() -> int | None:
    """Return the command's status, and turn what went wrong into lines."""
    try:
        status: int | None = app(standalone_mode=False, prog_name="recap")
    except ConfigFaults as exc:
        for fault in exc.faults:
            fail(str(fault))
        return 2
    except typer.TyperException as exc:
        return _misused(exc)
    except Exception as exc:  # the last line of defence: a person gets a line, not a traceback
        if os.environ.get("RECAP_DEBUG") and not isinstance(exc, (RecapError, OSError, typer.Abort)):
            raise
        fail(_line_of(exc))
        return 1
    return status


def _line_of(exc: Exception) -> str:
    if isinstance(exc, RecapError):
        return str(exc)
    if isinstance(exc, OSError):
        return _unusable(exc)
    if isinstance(exc, typer.Abort):
        return "Nothing was done."
    return f"Unexpected {type(exc).__name__}: {exc}. Set RECAP_DEBUG=1 to see where; nothing stored is lost."


def _misused(exc: typer.TyperException) -> int:
    """Say in one line how the command was misused, and return the exit status."""
    context = getattr(exc, "ctx", None)
    if said := exc.format_message():  # empty where the help was printed instead
        end = "" if said.endswith(("?", ".")) else "."
        fail(f"{said}{end} See `{context.command_path if context else 'recap'} --help`.")
    return exc.exit_code


def _unusable(exc: OSError) -> str:
    reason = exc.strerror or str(exc) or type(exc).__name__
    if exc.filename is None:
        return f"The system refused something: {reason}. Mend that and run the command again; nothing stored is lost."
    return f"{exc.filename}: {reason}. Mend its permissions, make room or name another place; nothing stored is lost."
