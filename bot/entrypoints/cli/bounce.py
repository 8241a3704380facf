"""Mails that came back: `recap bounce < mail`, from a mail server's pipe."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.entrypoints.cli.opening import DEFAULT_CONFIG, ConfigDir, Now, moment, opened
from bot.entrypoints.cli.output import AsJson, as_json, fail, say
from bot.model.errors import RecapError

TRY_AGAIN = 75
"""Tells a mail server to keep the mail and call again; any other failure would send it back. Source: sysexits(3)."""


def bounce(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Mails, one per file; default: one on standard input.")
    ] = None,
    to: Annotated[
        str, typer.Option("--to", envvar="ORIGINAL_RECIPIENT", help="The address that the mail was delivered to.")
    ] = "",
    config: ConfigDir = DEFAULT_CONFIG,
    now: Now = None,
    json: AsJson = False,
) -> None:
    """Take mails that came back: suppress who is gone or complained, count who is full, tell what is our fault."""
    at = moment(now)
    try:
        mails = [path.read_bytes() for path in files or []] or [sys.stdin.buffer.read()]
        with opened(config, log_level="error") as bot:
            outcomes = [bot.returns.take_mail(raw, sent_to=to, now=at) for raw in mails]
    except (RecapError, OSError) as exc:
        fail(str(exc))
        raise typer.Exit(TRY_AGAIN) from exc
    if json:
        as_json(outcomes)
        return
    for outcome in outcomes:
        kind = f" ({outcome.kind}{' ' + outcome.status if outcome.status else ''})" if outcome.kind else ""
        say(f"{outcome.verdict}{kind}: {outcome.reason}.")
