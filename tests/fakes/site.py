"""A running site with lists to sign up for, and a relay that says when a mail has come."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Semaphore
from urllib.parse import urlencode

from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI

from bot import settings, wiring
from bot.entrypoints.web.app import create_app
from bot.model.subscriber import Subscription, SubscriptionState, address_hash, subscriber_id
from bot.wiring import Bot, Particulars
from tests.builders import NOW
from tests.fakes import web_server
from tests.fakes.clock import HandClock
from tests.fakes.command import ROOT
from tests.fakes.smtp_server import SmtpServer
from tests.fakes.stores import url_of
from tests.fakes.web_server import Reply, Visitor

ANN = "ann@reader.example"
RECAP = """
title: Weekly AI Recap
embedder: lexical
lists:
  - {id: weekly, name: "Weekly <News>", from: news@recap.example, postal_address: 1 Quay}
  - {id: zh, name: 周报, from: news@recap.example, postal_address: 1 Quay, consent: {zh: 我同意。}}
  - {id: team, name: Team, from: news@recap.example, postal_address: 1 Quay, sign_up: false}
"""
ROUTES = """
routes:
  - {id: all, audiences: ["*"], destinations: [{email: weekly}], day: tue, time: "07:30", timezone: Asia/Tokyo}
  - {id: some, audiences: [founders, engineers], destinations: [{email: zh}, {email: team}]}
"""
ARRIVAL_S = 20.0


class Relay(SmtpServer):
    """A relay that one can wait for."""

    def __init__(self) -> None:
        super().__init__()
        self._taken = Semaphore(0)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        said = await super().handle_DATA(server, session, envelope)
        self._taken.release()
        return said

    def next_mail(self) -> EmailMessage:
        """Wait for one more mail, and return the last one."""
        assert self._taken.acquire(timeout=ARRIVAL_S), "no mail came"
        return message_from_bytes(self.mails[-1].content, EmailMessage, policy=policy.default)

    def last_of(self, count: int) -> EmailMessage:
        """Wait until *count* mails have come, and return the last one."""
        while len(self.mails) < count:
            self.next_mail()
        return message_from_bytes(self.mails[count - 1].content, EmailMessage, policy=policy.default)


@dataclass(frozen=True, slots=True)
class SignUpSite:
    """The site, its visitor, and what is behind it."""

    visitor: Visitor
    bot: Bot
    app: FastAPI
    relay: Relay
    clock: HandClock

    def get(self, target: str, **headers: str) -> Reply:
        return self.visitor.get(target, **headers)

    def post(self, target: str, fields: dict[str, object] | None = None, **headers: str) -> Reply:
        """Send a form as a browser does from our own page."""
        sent = {"content_type": "application/x-www-form-urlencoded", "sec_fetch_site": "same-origin"} | headers
        return self.visitor.ask("POST", target, urlencode(fields or {}, doseq=True).encode(), **sent)

    def sign_up(self, address: str = ANN, **fields: object) -> Reply:
        return self.post("/subscribe", {"list": "weekly", "address": address} | fields)

    def link(self, mail: EmailMessage) -> str:
        """Return the path of the link in a mail."""
        text = mail.get_body(("plain",))
        found = re.search(r"https?://[^/\s]+(/\S+)", str(text.get_content()) if text else "")
        assert found
        return found[1]

    def subscription(self, address: str = ANN) -> Subscription:
        (found,) = self.bot.store.load_subscriptions(subscriber_id(address))
        return found

    def state(self, address: str = ANN) -> SubscriptionState:
        return self.subscription(address).state

    def is_suppressed(self, address: str = ANN) -> bool:
        return bool(self.bot.store.load_suppressions(of=address_hash(address)))


@contextmanager
def running(home: Path, *, recap: str = RECAP, **environment: str) -> Iterator[SignUpSite]:
    """Serve a site of its own, with its folders in *home*."""
    config = home / "config"
    config.mkdir()
    (config / "recap.yaml").write_text(recap, encoding="utf-8")
    (config / "routes.yaml").write_text(ROUTES, encoding="utf-8")
    (config / "sources.yaml").write_text("sources:\n  - {slug: halden, url: https://halden.example/feed}\n")
    with Relay() as relay, web_server.listening() as held:
        given = {
            "RECAP_DATABASE_URL": url_of(home / "recap.db"),
            "RECAP_BASE_URL": f"http://127.0.0.1:{held.getsockname()[1]}",
            "RECAP_SMTP_URL": relay.url,
            "RECAP_SECRET_KEY": "test",
            "RECAP_OUTBOX": str(home / "outbox"),
        } | environment
        chosen = settings.load(config, environment=given, defaults=ROOT / "config")
        clock = HandClock(NOW)
        with wiring.bot(chosen, Particulars(clock=clock)) as bot:
            app = create_app(bot)
            with web_server.serving(app, held) as visitor:
                yield SignUpSite(visitor, bot, app, relay, clock)
