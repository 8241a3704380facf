import re

from bot.compose import digest as composed
from bot.compose import slack
from bot.model.digest import Digest
from bot.model.route import Destination, Medium
from bot.wiring import Bot
from tests import golden
from tests.builders import NOW
from tests.builders_cards import LIST
from tests.e2e.conftest import Demo
from tests.fakes import slack_outbox
from tests.unit.compose.test_email import text_of


def test_the_sample_weeks_digests_are_those_that_were_reviewed(demo: Demo) -> None:
    with golden.opened(demo.home) as bot:
        told = {digest.route_id: golden.told(digest) for digest in golden.digests(bot)}

    reviewed = {path.stem: path.read_text(encoding="utf-8") for path in golden.GOLDEN.glob("*.md")}
    assert told == reviewed, "if this is right, `python -m tests.golden` writes them anew"


def test_every_channel_shows_the_same_events_with_the_same_words(demo: Demo) -> None:
    with golden.opened(demo.home) as bot:
        for digest in golden.digests(bot):
            for channel, shown in channels(digest, bot).items():
                missing = [text for text in words(digest) if plain(text) not in plain(shown)]
                assert missing == [], (digest.route_id, channel)


def test_slack_takes_every_message_of_the_sample_weeks(demo: Demo) -> None:
    assert slack_outbox.faults(demo.home / "demo" / "outbox") == {}
    assert (demo.home / "demo" / "outbox" / "slack" / "home.html").is_file()


def words(digest: Digest) -> list[str]:
    told = [text for card in digest.cards for text in (card.title, *golden.words(card))]
    return [*told, *(section.title for section in digest.sections), *(link.title for link in digest.also)]


def channels(digest: Digest, bot: Bot) -> dict[str, str]:
    """Return what *digest* would be in each channel, whatever its route's destinations."""
    route = next(route for route in bot.desk.load_routes() if route.id == digest.route_id)
    both = [Destination(medium=Medium.SLACK, id="#all"), Destination(medium=Medium.EMAIL, id=LIST.id)]
    asked = route.model_copy(update={"destinations": both})
    again = composed.rerender(
        digest, asked, renderer=bot.desk.renderer, policy=bot.desk.card, list_policy=LIST, now=NOW
    )
    assert again.email is not None
    parent = " ".join(text for block in again.slack[0].blocks for text in slack.texts(block))
    return {"slack": parent, "text": again.email.text, "html": text_of(again.email.html)}


def plain(text: str) -> str:
    """Return the letters and digits of *text*: lines wrap, numbers of sources stand between."""
    without_notes = re.sub(r"\s?\[\d+\]", "", text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    return "".join(re.findall(r"\w", without_notes.replace("\u2060", "")))
