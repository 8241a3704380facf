"""A whole world for one operator: the invented week over HTTP, a Slack workspace and a mail relay of its own."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

from bot.entrypoints.demo import server as sample_server
from bot.entrypoints.demo import week
from bot.entrypoints.demo.server import SampleServer
from tests.fakes.command import ROOT, Operator, an_operator
from tests.fakes.slack_server import SCOPES, TOKEN, SlackServer
from tests.fakes.smtp_server import SmtpServer

NOW = "2026-11-23T09:00Z"
WEEK = "2026-W47"
POLLED_AT = datetime(2026, 11, 22, 18, tzinfo=UTC)
CHANNELS = ("C0FOUNDERS", "C0RESEARCH")
READERS = tuple(f"reader{number:02}@readers.example" for number in range(20))
RECAP = f"""
title: Weekly AI Recap
embedder: lexical
lists:
  - id: readers
    name: Readers
    from: recap@readers.example
    postal_address: 1 Sample Street
    members: [{", ".join(READERS)}]
deliver: {{slack_interval_s: 0.05, smtp_connections: 2}}
"""
ROUTES = """
routes:
  - {id: everybody, name: Everybody, audiences: ["*"], max_events: 6,
     destinations: [{slack: C0FOUNDERS}, {slack: C0RESEARCH}, {email: readers}]}
"""


@dataclass(frozen=True, slots=True)
class World:
    """What surrounds one operator, and what arrived there."""

    operator: Operator
    sources: SampleServer
    slack: SlackServer
    relay: SmtpServer

    @property
    def database(self) -> Path:
        return self.operator.home / "recap.db"

    def posts(self) -> Counter[tuple[str, str]]:
        """Return how often each part arrived in each channel, parts named as the ledger does."""
        return Counter((each.channel, _delivery_of(each.arguments)) for each in self.slack.posted)

    def mails(self) -> Counter[str]:
        """Return how many mails each reader got."""
        return Counter(str(message_from_bytes(mail.content)["To"]) for mail in self.relay.mails)

    def arrived(self) -> int:
        """Return how many messages arrived so far."""
        return len(self.slack.posted) + len(self.relay.mails)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return what *table* of the operator's database holds, whoever may be writing to it."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]


def _delivery_of(arguments: dict[str, Any]) -> str:
    return str(arguments["metadata"]["event_payload"]["delivery_id"])


@contextmanager
def a_world(home: Path, *, scopes: frozenset[str] = SCOPES) -> Iterator[World]:
    """Serve the invented week as of its last poll, and take what is sent."""
    shipped = [source for source in week.load(ROOT / "config" / "demo" / "week") if not source.is_broken]
    with ExitStack() as stack:
        sources = stack.enter_context(sample_server.serving(shipped, at=POLLED_AT))
        slack = stack.enter_context(SlackServer(scopes=scopes))
        relay = stack.enter_context(SmtpServer())
        listed = [{"slug": source.slug, "name": source.title, "url": sources.url(source.slug)} for source in shipped]
        operator = an_operator(
            home,
            recap=RECAP,
            sources=json.dumps({"sources": listed}, ensure_ascii=False),
            routes=ROUTES,
            RECAP_ALLOW_HOSTS=f"{sources.host}:{sources.port}",
            RECAP_BASE_URL="https://recap.example",
            SLACK_BOT_TOKEN=TOKEN,
            RECAP_SLACK_API_URL=slack.url,
            RECAP_SMTP_URL=relay.url,
        )
        yield World(operator, sources, slack, relay)
