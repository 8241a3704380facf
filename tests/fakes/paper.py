"""A publisher whose feed grows from week to week, and a bot that reads it."""

from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from bot import settings, wiring
from bot.model.digest import Digest
from bot.model.recap import Recap
from bot.model.week import Week
from bot.wiring import Bot
from tests.delivery_builders import a_reader
from tests.fakes.invented_week import RECAP, an_office


class Paper:
    """A bot with one publisher's feed that grows from week to week."""

    def __init__(self, bot: Bot, home: Path) -> None:
        self.bot = bot
        self.home = home

    def publish(self, title: str, text: str, *, at: datetime, publisher: str = "mirador") -> None:
        """Add an article to a publisher's folder, as a feed of its own."""
        address = f"https://{publisher}.example/{at:%m%d%H}-{len(title)}"
        item = (
            f"<item><title>{title}</title><link>{address}</link><guid>{address}</guid>"
            f"<pubDate>{at:%d %b %Y %H:%M:%S} GMT</pubDate><description>{text}</description></item>"
        )
        feed = f'<rss version="2.0"><channel><title>{publisher}</title>{item}</channel></rss>'
        (self.home / "feeds" / publisher / f"{at:%m%d%H}.xml").write_text(feed, encoding="utf-8")

    def edition(self, week: int) -> tuple[Recap, dict[str, Digest]]:
        """Collect and build a week on the Monday after it, and return its recap and digests."""
        chosen = self.bot.desk.week(f"2026-W{week}")
        now = chosen.ends_at + timedelta(hours=6)
        self.bot.collect(now=now, everything=True)
        built = self.bot.build(chosen, now=now)
        return built.recap, {digest.route_id: digest for digest in built.digests}

    def joins(self, address: str, **choices: object) -> None:
        """Subscribe somebody to the list."""
        self.bot.store.save_subscriber(*a_reader(address, **({"list_id": "team"} | choices)))

    def digest_for(self, address: str, week: int) -> Digest | None:
        """Plan a week as it is due; return what the subscriber gets of it."""
        chosen = self.bot.desk.week(f"2026-W{week}")
        edition = self.bot.build(chosen, now=chosen.ends_at + timedelta(hours=6))
        self.bot.plan(edition, now=chosen.ends_at + timedelta(hours=9), at_once=False)
        mails = self.bot.store.load_deliveries(recap=edition.recap.id)
        return next((self.bot.store.load_digest(each.subject) for each in mails if each.recipient == address), None)


def in_week(week: int) -> datetime:
    """Return Tuesday noon of a week."""
    return Week(2026, week).starts_at + timedelta(days=1, hours=12)


def opened(stack: ExitStack, home: Path, *, routed: str, recap: str = RECAP) -> Paper:
    """Open a bot with *routed* as its routes, in memory."""
    operator = an_office(home, routed=routed, recap=recap)
    given = {"RECAP_DATABASE_URL": "sqlite://", "RECAP_OUTBOX": str(home / "outbox"), "RECAP_SECRET_KEY": "test"}
    loaded = settings.load(operator.config, environment=given, defaults=settings.shipped_directory())
    bot = stack.enter_context(wiring.bot(loaded))
    bot.store.upgrade()
    return Paper(bot, home)
