"""Replay the sample weeks: polls over HTTP, and each week's recap, into a database and an outbox of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot import settings as settings_room
from bot.entrypoints.demo import server, week
from bot.entrypoints.demo.server import SampleServer
from bot.settings import Settings
from bot.wiring import Bot, Particulars, Progress
from bot.workflows.build_recap import Edition
from bot.workflows.collect_sources import CollectReport
from bot.workflows.send_recap import SendReport

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
"""The demo's present: the Monday after the sample weeks."""


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What a demo did."""

    polls: tuple[CollectReport, ...]
    requests: int
    not_modified: int
    editions: tuple[Edition, ...]
    """Oldest first."""
    sent: tuple[SendReport, ...]


class DemoClock:
    """A clock that stands still at the demo's present."""

    def now(self) -> datetime:
        """Return the demo's present."""
        return NOW


def settings(directory: Path, *, base_url: str) -> Settings:
    """Return the demo's settings: the shipped demo config, its data under *directory*, nothing from the environment."""
    shipped = settings_room.shipped_directory()
    environment = {
        "RECAP_DATABASE_URL": f"sqlite:///{directory / 'recap.db'}",
        "RECAP_OUTBOX": str(directory / "outbox"),
        "RECAP_BASE_URL": base_url,
        "RECAP_SECRET_KEY": "demo-only-not-a-secret",
    }
    return settings_room.load(shipped / "demo", environment=environment, defaults=shipped)


def served(demo: Settings, state: SampleServer) -> Settings:
    """Return *demo* with its sources read from the running server instead of their invented hosts."""
    sources = tuple(source.model_copy(update={"url": state.url(source.slug)}) for source in demo.sources)
    collect = replace(demo.collect, allow_hosts=demo.collect.allow_hosts | {f"{state.host}:{state.port}"})
    return replace(demo, sources=sources, collect=collect)


def replay(bot: Bot, state: SampleServer, *, polls: Sequence[datetime], on_progress: Progress) -> DemoReport:
    """Poll at each of *polls* not stored yet (the last one always); build the recap of each week that ends."""
    reports, editions, sent = [], [], []
    weeks = list(dict.fromkeys(bot.desk.week_of(at) for at in polls))
    for at in _open(polls, bot):
        state.at = at
        on_progress(f"poll of {at:%a %d %b %H:%M}")
        collected, _ = bot.collect(now=at, everything=True, on_progress=on_progress)
        reports.append(collected)
        if at == max(poll for poll in polls if bot.desk.week_of(poll) == bot.desk.week_of(at)):
            ended = bot.desk.week_of(at)
            edition, report = _deliver(bot, at=NOW if ended == weeks[-1] else ended.ends_at, on_progress=on_progress)
            editions.append(edition)
            sent.append(report)
    return DemoReport(tuple(reports), state.requests, state.not_modified, tuple(editions), tuple(sent))


def run(bot_of: Callable[[Settings, Particulars], Bot], demo: Settings, *, on_progress: Progress) -> DemoReport:
    """Serve the sample sources, put the bot together on them and replay the week."""
    folder = settings_room.shipped_directory() / "demo"
    polls = week.load_polls(folder / "replay.yaml")
    with server.serving(week.load_all(folder), at=polls[0]) as state:
        particulars = Particulars(clock=DemoClock(), seed=0, page_address=state.page_url)
        bot = bot_of(served(demo, state), particulars)
        report = replay(bot, state, polls=polls, on_progress=on_progress)
        bot.write_outbox_index(now=NOW)
        return report


def _open(polls: Sequence[datetime], bot: Bot) -> list[datetime]:
    seen = [state.last_polled_at for state in bot.store.load_source_states().values() if state.last_polled_at]
    latest = max(seen, default=None)
    return [at for at in polls if latest is None or at > latest] or [polls[-1]]


def _deliver(bot: Bot, *, at: datetime, on_progress: Progress) -> tuple[Edition, SendReport]:
    edition = bot.build(bot.week_to_build(now=at, partial=False), now=at, on_progress=on_progress)
    bot.plan(edition, now=at, at_once=True)
    return edition, bot.send(now=bot.clock_from(at), recap=edition.recap.id)
