"""Slack as it calls us: signed requests of one person to a running web application."""

import hashlib
import hmac
import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bot import settings, wiring
from bot.entrypoints.slack_app import opening
from bot.entrypoints.web.app import create_app
from bot.wiring import Bot, Particulars
from tests.fakes import invented_week, web_server
from tests.fakes.clock import HandClock
from tests.fakes.slack_server import TOKEN, SlackServer
from tests.fakes.web_server import Reply, Visitor

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
"""Of Slack's own documentation: nobody's."""
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ADA = "U0ADA"
CHANNEL = "C0FOUNDERS"

AUDIENCES = """
audiences:
  - {id: founders, name: Founders, description: People who build companies, keywords: {en: [raises, ships, foundry]}}
  - {id: engineers, name: Engineers, description: People who write code, keywords: {en: [source, routing, model]}}
"""
"""Ours, so that no change of the shipped ones changes what is asked here."""

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Caller:
    """A workspace whose people type, click and send forms."""

    slack: SlackServer
    visitor: Visitor
    bot: Bot
    user: str = ADA
    channel: str = CHANNEL
    secret: str = SECRET
    team: str = field(default="T0HALDEN")

    def command(self, text: str, **other: str) -> Reply:
        """Type `/recap TEXT`."""
        return self.send(self.command_body(text, **other))

    def command_body(self, text: str, **other: str) -> bytes:
        number = next(_numbers)
        given = {
            "command": "/recap", "text": text, "team_id": self.team, "channel_id": self.channel, "user_id": self.user,
            "trigger_id": f"trigger-{number}", "response_url": self.slack.response_url(f"{number:06}"),
        } | other  # fmt: skip
        return urlencode(given).encode()

    def click(self, action: str, value: str = "", **other: Any) -> Reply:
        """Click a button of a message."""
        clicked = {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1"}
        return self.interact({"type": "block_actions", "actions": [clicked], **other})

    def submit(self, callback: str, values: Mapping[str, Any], *, metadata: str = "") -> Reply:
        """Send a modal's form."""
        view = {"id": "V1", "hash": "h", "callback_id": callback, "private_metadata": metadata, "type": "modal"}
        return self.interact({"type": "view_submission", "view": view | {"state": {"values": values}}})

    def interact(self, given: Mapping[str, Any]) -> Reply:
        number = next(_numbers)
        payload = {
            "team": {"id": self.team}, "user": {"id": self.user}, "channel": {"id": self.channel},
            "trigger_id": f"trigger-{number}", "response_url": self.slack.response_url(f"{number:06}"),
        } | dict(given)  # fmt: skip
        return self.send(urlencode({"payload": json.dumps(payload)}).encode())

    def event(self, event: Mapping[str, Any]) -> Reply:
        """Tell of something that happened."""
        told = {"type": "event_callback", "team_id": self.team, "event_id": f"Ev{next(_numbers)}", "event": event}
        return self.send(json.dumps(told).encode(), content_type="application/json")

    def send(
        self,
        body: bytes,
        *,
        at: int | None = None,
        content_type: str = "application/x-www-form-urlencoded",
        **headers: str,
    ) -> Reply:
        """Send *body*, signed *at* that second (default: now), unless *headers* say otherwise."""
        signed = self.signed(body, at=at) | {"content_type": content_type} | headers
        return self.visitor.ask("POST", "/slack/events", body, **signed)

    def signed(self, body: bytes, *, at: int | None = None) -> dict[str, str]:
        """Return the headers that Slack adds."""
        second = str(int(self.bot.clock.now().timestamp()) if at is None else at)
        signature = "v0=" + hmac.new(self.secret.encode(), f"v0:{second}:".encode() + body, hashlib.sha256).hexdigest()
        return {"x_slack_request_timestamp": second, "x_slack_signature": signature}


@contextmanager
def a_workspace(home: Path, *, socket_url: str = "", **environment: str) -> Iterator[Caller]:
    """Serve the invented week, built, as a Slack app over HTTP, and over a socket where one is named."""
    with SlackServer(socket_url=socket_url) as slack, web_server.listening() as held:
        office = invented_week.an_office(
            home,
            routed=invented_week.routes(slack=(CHANNEL,), email=False),
            SLACK_BOT_TOKEN=TOKEN,
            SLACK_SIGNING_SECRET=SECRET,
            RECAP_SLACK_API_URL=slack.url,
            RECAP_BASE_URL="https://recap.example",
            RECAP_DATABASE_URL=f"sqlite:///{home / 'recap.db'}",
            RECAP_OUTBOX=str(home / "outbox"),
            **environment,
        )
        (office.config / "audiences.yaml").write_text(AUDIENCES, encoding="utf-8")
        chosen = settings.load(office.config, environment=office.environment, defaults=settings.shipped_directory())
        with wiring.bot(chosen, Particulars(clock=HandClock(NOW))) as bot:
            bot.store.upgrade()
            bot.run(now=NOW)
            with opening.opened(bot) as app, web_server.serving(create_app(bot, app), held) as visitor:
                yield Caller(slack, visitor, bot)
