"""Examine everything outside, and say how to mend what is wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.model.digest import Medium
from bot.model.errors import DeliveryError, StorageError
from bot.wiring import Bot

Level = Literal["ok", "note", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one thing outside."""

    subject: str
    level: Level
    text: str


def examine(bot: Bot) -> list[Finding]:
    """Return what is right and what is wrong, in the order of the way of the data."""
    checks: tuple[Callable[[Bot], Iterator[Finding]], ...] = (_config, _database, _sources, _embedder, _senders, _web)
    return [finding for check in checks for finding in check(bot)]


def _config(bot: Bot) -> Iterator[Finding]:
    settings = bot.settings
    counts = f"{len(settings.sources)} sources, {len(settings.audiences)} audiences, {len(settings.routes)} routes"
    yield Finding("config", "ok", f"{settings.directory} has no faults: {counts}.")
    if not settings.secret_keys:
        yield Finding("config", "fault", "RECAP_SECRET_KEY is not set; unsubscribe links need one.")


def _database(bot: Bot) -> Iterator[Finding]:
    try:
        bot.store.check()
    except StorageError as exc:
        yield Finding("database", "fault", str(exc))
        return
    yield Finding("database", "ok", "reachable, with this release's schema.")


def _sources(bot: Bot) -> Iterator[Finding]:
    try:
        states = bot.store.load_source_states()
    except StorageError:
        return
    failing = {slug: state for slug, state in states.items() if state.failures}
    for slug, state in sorted(failing.items()):
        yield Finding("sources", "fault", f"{slug} failed {state.failures} times in a row: {state.last_error}")
    if not failing:
        read = sum(1 for state in states.values() if state.last_success_at)
        yield Finding("sources", "ok", f"{read} of {len(bot.settings.sources)} were read; none fails.")


def _embedder(bot: Bot) -> Iterator[Finding]:
    name = bot.desk.embedder.name
    yield Finding("languages", "ok" if name else "note", f"titles are compared by {name or 'their words only'}.")
    for note in bot.notes:
        yield Finding("languages", "note", note)


def _senders(bot: Bot) -> Iterator[Finding]:
    for medium in Medium:
        sender = bot.senders[medium]
        try:
            workspace = sender.workspace()
        except DeliveryError as exc:
            yield Finding(medium, "fault", str(exc))
            continue
        if sender.name == "outbox":
            yield Finding(medium, "note", f"has no credentials: goes to the outbox in {bot.settings.outbox}.")
        else:
            yield Finding(medium, "ok", f"{sender.name} answers ({workspace}).")


def _web(bot: Bot) -> Iterator[Finding]:
    url = bot.settings.base_url
    is_local = "127.0.0.1" in url or "localhost" in url
    yield Finding(
        "web", "note" if is_local else "ok", f"links lead to {url}" + (" (this machine only)." if is_local else ".")
    )
