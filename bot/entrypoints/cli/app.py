"""The `recap` command: groups of commands, exit statuses, and the one place where errors become lines."""

import os
import sys

import typer

from bot.entrypoints.cli import demo, evaluate, look_up, operate, review, run, sources
from bot.entrypoints.cli.output import fail
from bot.model.errors import ConfigFaults, RecapError

app = typer.Typer(
    name="recap",
    help="A weekly recap of your news sources: one event once, for the people who should care.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for group in (run, look_up, operate):
    group.register(app)
app.command()(demo.demo)
app.command("eval")(evaluate.evaluate)
app.add_typer(sources.app, name="sources")
app.add_typer(review.app, name="review")


def main() -> None:
    """Run the `recap` command and exit with its status: 0 done, 1 failed, 2 wrong usage or config, 3 done in part."""
    try:
        app()
    except ConfigFaults as exc:
        for fault in exc.faults:
            fail(str(fault))
        sys.exit(2)
    except RecapError as exc:
        fail(str(exc))
        sys.exit(1)
    except KeyboardInterrupt:
        fail("Stopped. What was stored stays; run the command again to go on.")
        sys.exit(130)
    except Exception as exc:  # the last line of defence: a person gets a line, not a traceback
        if os.environ.get("RECAP_DEBUG"):
            raise
        fail(f"Unexpected {type(exc).__name__}: {exc}. Set RECAP_DEBUG=1 to see where; nothing stored is lost.")
        sys.exit(1)
