"""A bot with one list and no news, and its web pages: for what concerns people only."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot import settings as settings_room
from bot import wiring
from bot.entrypoints.web.app import create_app
from bot.wiring import Bot, Particulars
from tests.builders import NOW
from tests.fakes import web_server
from tests.fakes.returned import KEY, a_mail_delivery
from tests.fakes.stores import url_of
from tests.fakes.web_server import Visitor
from tests.unit.settings.given import a_config

RECAP = """
title: Recap
embedder: lexical
lists:
  - {id: weekly, from: recap@mail.example, postal_address: 1 Street, bounce_address: bounces@mail.example}
  - {id: daily, from: recap@mail.example, postal_address: 1 Street}
"""
WEBHOOK_KEY = "key-invented-for-tests"


class Clock:
    """Shows NOW, and what has been added since."""

    def __init__(self) -> None:
        self.since = timedelta()

    def now(self) -> datetime:
        return NOW + self.since


@dataclass(frozen=True, slots=True)
class Office:
    """The bot, its visitors, and its clock."""

    bot: Bot
    visitor: Visitor
    clock: Clock

    def sent(self, subject: str = "digest-1", **values: object) -> str:
        """Enter a mail to ann@reader.example into the ledger; return its id."""
        delivery = a_mail_delivery(subject, **values)
        self.bot.store.save_deliveries([delivery])
        return delivery.id


@contextmanager
def open_office(folder: Path, **environment: str) -> Iterator[Office]:
    """Open an office in *folder*."""
    (folder / "config").mkdir()
    a_config(folder / "config", recap=RECAP)
    given = {
        "RECAP_DATABASE_URL": url_of(folder / "recap.db"),
        "RECAP_OUTBOX": str(folder / "outbox"),
        "RECAP_SECRET_KEY": KEY,
        "RECAP_WEBHOOK_MAILGUN_KEY": WEBHOOK_KEY,
    }
    clock = Clock()
    with web_server.listening() as held:
        own = {"RECAP_BASE_URL": f"http://127.0.0.1:{held.getsockname()[1]}"}
        settings = settings_room.load(folder / "config", environment=given | own | environment)
        with (
            wiring.bot(settings, Particulars(clock=clock)) as bot,
            web_server.serving(create_app(bot), held) as visitor,
        ):
            yield Office(bot, visitor, clock)
