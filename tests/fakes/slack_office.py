"""A bot with an invented week that posts to the stand-in for Slack: a digest of five events."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import settings, wiring
from bot.model.digest import Digest
from bot.wiring import Bot
from bot.workflows.send_recap import SendReport
from tests.fakes.invented_week import TOKEN, WEEK, an_office, routes
from tests.fakes.slack_server import Posted, SlackServer

BUILT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Office:
    bot: Bot
    slack: SlackServer

    def digest(self) -> Digest:
        return self.bot.digests(WEEK)[0]

    def send(self, at: datetime = BUILT) -> SendReport:
        return self.bot.send(now=lambda: at, recap=WEEK)

    def thread(self) -> list[Posted]:
        return [each for each in self.slack.posted if each.thread_ts]


@contextmanager
def opened(home: Path, *, review: str = "none") -> Iterator[Office]:
    operator = an_office(home, routed=routes(email=False, review=review))
    with SlackServer() as slack:
        given = {
            "RECAP_DATABASE_URL": "sqlite://",
            "RECAP_OUTBOX": str(home / "outbox"),
            "SLACK_BOT_TOKEN": TOKEN,
            "RECAP_SLACK_API_URL": slack.url,
        }
        loaded = settings.load(operator.config, environment=given, defaults=settings.shipped_directory())
        with wiring.bot(loaded) as bot:
            bot.store.upgrade()
            bot.collect(now=BUILT - timedelta(hours=12))
            edition = bot.build(bot.desk.week(WEEK), now=BUILT)
            bot.plan(edition, now=BUILT, at_once=True)
            yield Office(bot, slack)
