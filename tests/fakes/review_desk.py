"""A workspace whose editors review the invented week's draft in a channel of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from bot import settings, wiring
from bot.entrypoints.slack_app import opening
from bot.entrypoints.web.app import create_app
from bot.model.digest import Digest
from bot.wiring import Bot, Particulars
from bot.workflows import review_recap
from tests.fakes import invented_week, slack_blocks, web_server
from tests.fakes.slack_client import SECRET, Caller, FixedClock
from tests.fakes.slack_server import TOKEN, Json, Posted, SlackServer

EDITORS = "C0EDITORS"
BEN = "U0BEN"
BUILT = datetime(2026, 11, 23, 6, tzinfo=UTC)
NEAR = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""An hour before the draft's deadline."""
DEADLINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
_BEN: Json = {"tz": "UTC", "locale": "en-GB", "is_admin": False, "name": "ben", "profile": {"display_name": "Ben"}}
RECAP = f"{invented_week.RECAP}review: {{channel: {EDITORS}, reviewers: [U0ADA, S0EDITORS], nudge_hours: 1}}\n"


@dataclass(frozen=True)
class ReviewDesk:
    """The editors' channel, and those who press its buttons."""

    caller: Caller

    @property
    def bot(self) -> Bot:
        return self.caller.bot

    @property
    def slack(self) -> SlackServer:
        return self.caller.slack

    @property
    def draft(self) -> Digest:
        return review_recap.digest_of_route(invented_week.WEEK, "all", desk=self.bot.desk)

    @property
    def message(self) -> Posted:
        """The message about the draft, as it is shown now."""
        (shown,) = [each for each in self.slack.posted if each.channel == EDITORS and not each.thread_ts]
        return shown

    @property
    def text(self) -> str:
        return "\n".join(slack_blocks.texts(self.message.arguments["blocks"]))

    @property
    def thread(self) -> list[str]:
        """The lines below it."""
        return [str(each.arguments["text"]) for each in self.slack.posted if each.thread_ts == self.message.ts]

    def await_thread(self, lines: int) -> list[str]:
        """Return the thread as soon as it has so many *lines*."""
        self.slack.await_that(lambda: len(self.thread) >= lines)
        return self.thread

    def as_ben(self) -> "ReviewDesk":
        return ReviewDesk(replace(self.caller, user=BEN))

    def value(self, label: str, *, event: int = 0) -> str:
        """Return the value of what is called *label* now: in the menu of the *event*th event, or else anywhere."""
        blocks = self.message.arguments["blocks"]
        if event:
            blocks = [each for each in _list(blocks) if _has_menu(each)][event - 1]
        return next(value for words, value in _values(blocks) if label in words)

    def choose(self, value: str, *, action: str = "review_menu", **other: Any) -> None:
        """Choose an option of a menu or a list."""
        chosen = {"type": "overflow", "action_id": action, "selected_option": {"value": value}}
        assert self.caller.interact({"type": "block_actions", "actions": [chosen], **other}).status == 200

    def press(self, action: str, value: str, **other: Any) -> None:
        assert self.caller.click(action, value, **other).status == 200


def _values(thing: JsonValue) -> Iterator[tuple[str, str]]:
    """Yield the words and the value of every button and option."""
    if isinstance(thing, list):
        for each in thing:
            yield from _values(each)
    elif isinstance(thing, dict):
        if isinstance(value := thing.get("value"), str):
            yield "\n".join(slack_blocks.texts(thing.get("text"))), value
        for each in thing.values():
            yield from _values(each)


def _has_menu(block: JsonValue) -> bool:
    return isinstance(block, dict) and '"overflow"' in str(block.get("accessory")).replace("'", '"')


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


@contextmanager
def opened(home: Path, *, on_timeout: str = "hold") -> Iterator[ReviewDesk]:
    """Serve the invented week, built as a draft that the editors' channel was told of."""
    channels = {"C0FOUNDERS": "founders", EDITORS: "editors"}
    with SlackServer(channels=channels) as slack, web_server.listening() as held:
        slack.desk.users[BEN] = {**_BEN}
        office = invented_week.an_office(
            home,
            recap=RECAP,
            routed=invented_week.routes(slack=("C0FOUNDERS",), email=False, review="required", on_timeout=on_timeout),
            SLACK_BOT_TOKEN=TOKEN,
            SLACK_SIGNING_SECRET=SECRET,
            RECAP_SLACK_API_URL=slack.url,
            RECAP_BASE_URL="https://recap.example",
            RECAP_DATABASE_URL=f"sqlite:///{home / 'recap.db'}",
            RECAP_OUTBOX=str(home / "outbox"),
        )
        chosen = settings.load(office.config, environment=office.environment, defaults=settings.shipped_directory())
        with wiring.bot(chosen, Particulars(clock=FixedClock(BUILT))) as bot:
            bot.store.upgrade()
            bot.run(now=BUILT)
            with opening.opened(bot) as app, web_server.serving(create_app(bot, app), held) as visitor:
                yield ReviewDesk(Caller(slack, visitor, bot, channel=EDITORS))
