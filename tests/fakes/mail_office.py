"""An operator whose list has readers: the invented week, built, planned and written into the outbox."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from bot import settings, wiring
from bot.model.delivery import Delivery
from bot.wiring import Bot, Particulars
from bot.workflows.build_recap import Edition
from tests.delivery_builders import a_reader
from tests.fakes.invented_week import RECAP, WEEK, an_office, routes

BUILD = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SLOT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
JOINED = datetime(2026, 11, 2, tzinfo=UTC)


class Office:
    """A bot with the invented week, built."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        bot.collect(now=BUILD)

    def joins(self, address: str, **choices: object) -> None:
        given = {"list_id": "team", "consented_at": JOINED}
        self.bot.store.save_subscriber(*a_reader(address, **(given | choices)))

    def build(self) -> Edition:
        return self.bot.build(self.bot.desk.week(WEEK), now=BUILD)

    def plan(self, *, at_once: bool = True) -> int:
        edition = self.build()
        return self.bot.plan(edition, now=SLOT, at_once=at_once)

    def mails(self) -> dict[str, Delivery]:
        return {each.recipient: each for each in self.bot.store.load_deliveries() if each.part == "mail"}

    def titles(self, address: str) -> list[str]:
        digest = self.bot.store.load_digest(self.mails()[address].subject)
        assert digest is not None
        return [card.title for card in digest.cards]

    def mail(self, address: str) -> EmailMessage:
        """Return the mail that the outbox has for *address*."""
        (path,) = self.bot.settings.outbox.glob(f"{WEEK}/*/email/*/{address}.eml")
        return message_from_bytes(path.read_bytes(), EmailMessage, policy=policy.default)

    def parts(self, address: str) -> tuple[str, str]:
        """Return the text and the HTML of the mail to *address*."""
        mail = self.mail(address)
        plain, rich = mail.get_body(("plain",)), mail.get_body(("html",))
        assert plain is not None
        assert rich is not None
        return plain.get_content(), rich.get_content()


@contextmanager
def opened(home: Path, *, routed: str = "", recap: str = RECAP, **environment: str) -> Iterator[Office]:
    operator = an_office(home, routed=routed or routes(slack=()), recap=recap)
    given = {
        "RECAP_DATABASE_URL": f"sqlite:///{home / 'recap.db'}",
        "RECAP_OUTBOX": str(home / "outbox"),
        "RECAP_SECRET_KEY": "test",
    }
    loaded = settings.load(operator.config, environment=given | environment, defaults=settings.shipped_directory())
    with wiring.bot(loaded, Particulars(seed=0)) as bot:
        bot.store.upgrade()
        yield Office(bot)
