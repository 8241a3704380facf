"""Open what a command works on: settings from --config, the time from --now, and the bot."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import settings as settings_room
from bot import wiring
from bot.adapters.clock import SystemClock
from bot.entrypoints import logs
from bot.entrypoints.cli.output import warn
from bot.settings import Settings
from bot.wiring import Bot, Particulars

ConfigDir = Annotated[
    Path,
    typer.Option("--config", envvar="RECAP_CONFIG", help="The folder of recap.yaml, sources.yaml and the others."),
]
Now = Annotated[
    str | None, typer.Option("--now", help="Act as if it were this time (ISO 8601), such as 2026-11-23T09:00Z.")
]

DEFAULT_CONFIG = Path("config")


def moment(now: str | None) -> datetime:
    """Return the time to act at: *now* (UTC where it names no zone), or the clock's."""
    if now is None:
        return SystemClock().now()
    try:
        at = datetime.fromisoformat(now)
    except ValueError as exc:
        raise typer.BadParameter(
            f"'{now}' is not a time; write it like 2026-11-23T09:00Z.", param_hint="--now"
        ) from exc
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def load(config: Path) -> Settings:
    """Return the settings of *config* and the environment. Raises: ConfigFaults."""
    shipped = settings_room.shipped_directory()
    return settings_room.load(config, environment=os.environ, defaults=shipped)


@contextmanager
def opened(config: Path, *, log_level: str = "off") -> Iterator[Bot]:
    """
    Yield the bot of *config*; an embedded database is upgraded, another one only checked.

    A command says itself what went wrong, so it logs nothing unless RECAP_LOG asks; a service logs from *log_level*.
    """
    logs.configure(os.environ, default=log_level)
    settings = load(config)
    with opened_with(settings) as bot:
        yield bot


@contextmanager
def opened_with(settings: Settings, particulars: Particulars | None = None) -> Iterator[Bot]:
    """Yield the bot of *settings*, its database ready."""
    with wiring.bot(settings, particulars) as bot:
        if settings.database_url.startswith("sqlite"):
            bot.store.upgrade()
        else:
            bot.check_storage()
        for note in bot.notes:
            warn(note)
        yield bot
