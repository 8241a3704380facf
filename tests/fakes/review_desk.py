"""A workspace whose editors review drafts of the invented week in a channel of their own: a draft for each route."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from bot import settings, wiring
from bot.entrypoints.slack_app import opening
from bot.entrypoints.web.app import create_app
from bot.model.delivery import Delivery
from bot.model.digest import Digest
from bot.settings import Settings
from bot.wiring import Bot, Particulars
from bot.workflows import look_up, review_in_slack, review_recap
from bot.workflows.build_recap import Edition
from bot.workflows.review_recap import Editor
from tests.fakes import invented_week, slack_blocks, web_server
from tests.fakes.clock import HandClock
from tests.fakes.slack_client import SECRET, Caller
from tests.fakes.slack_people import Said, Shown
from tests.fakes.slack_server import TOKEN, Json, Posted, SlackServer

EDITORS = "C0EDITORS"
BEN = "U0BEN"
BUILT = datetime(2026, 11, 23, 6, tzinfo=UTC)
NEAR = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""An hour before the drafts' deadline."""
DEADLINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
_CHANNELS = {"C0FOUNDERS": "founders", EDITORS: "editors"}
_BEN: Json = {"tz": "UTC", "locale": "en-GB", "is_admin": False, "name": "ben", "profile": {"display_name": "Ben"}}
NO_CHANNEL = invented_week.RECAP
RECAP = f"{invented_week.RECAP}review: {{channel: {EDITORS}, reviewers: [U0ADA, S0EDITORS], nudge_hours: 1}}\n"
_BUILT: dict[int, bytes] = {}
"""The database of so many routes' drafts: building one takes as long as ten tests."""


@dataclass(frozen=True)
class ReviewDesk:
    """One draft in the editors' channel."""

    bot: Bot
    slack: SlackServer
    route: str = "r1"

    @cached_property
    def key(self) -> str:
        return review_recap.digest_of_route(invented_week.WEEK, self.route, desk=self.bot.desk).key

    @property
    def draft(self) -> Digest:
        found = self.bot.store.load_digest(self.key)
        assert found is not None
        return found

    @property
    def edition(self) -> Edition:
        return look_up.edition(invented_week.WEEK, desk=self.bot.desk)

    @property
    def events(self) -> list[str]:
        return [card.event_id for card in self.draft.cards]

    @property
    def message(self) -> Posted:
        """The message about the draft, as it is shown now."""
        (shown,) = [each for each in self.slack.posted if not each.thread_ts and self._is_about(each)]
        return shown

    @property
    def text(self) -> str:
        return "\n".join(slack_blocks.texts(self.message.arguments["blocks"]))

    @property
    def thread(self) -> list[str]:
        """The lines below it."""
        ts = self.message.ts
        return [str(each.arguments["text"]) for each in self.slack.posted if each.thread_ts == ts]

    @property
    def rows(self) -> list[Delivery]:
        """What the ledger knows of it."""
        return self.bot.store.load_deliveries(subject=review_in_slack.subject_of(self.key))

    def _is_about(self, posted: Posted) -> bool:
        return review_in_slack.subject_of(self.key) in str(posted.arguments.get("metadata"))

    def await_thread(self, lines: int) -> list[str]:
        """Return the thread as soon as it has so many *lines*."""
        ts = self.message.ts
        self.slack.await_that(lambda: sum(each.thread_ts == ts for each in self.slack.posted) >= lines)
        return self.thread

    def value(self, label: str, *, event: int = 0) -> str:
        """Return the value of what is called *label* now: in the menu of the *event*th event, or else anywhere."""
        blocks = self.message.arguments["blocks"]
        if event:
            blocks = [each for each in _list(blocks) if "'overflow'" in str(each)][event - 1]
        return next(value for words, value in _values(blocks) if label in words)

    def tick(self, *, now: datetime) -> None:
        """Tell the channel what is due, as the scheduler does."""
        review_in_slack.plan_due(desk=self.bot.desk, senders=self.bot.senders, now=now)
        self.bot.send(now=lambda: now)


@dataclass(frozen=True)
class Editors(ReviewDesk):
    """It with somebody who presses its buttons."""

    caller: Caller | None = None

    def choose(self, value: str, *, action: str = "review_menu", **other: Any) -> None:
        """Choose an option of a menu or a list."""
        chosen: Json = {"type": "overflow", "action_id": action, "selected_option": {"value": value}}
        self.interact({"type": "block_actions", "actions": [chosen], **other})

    def press(self, action: str, value: str, **other: Any) -> None:
        clicked: Json = {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1"}
        self.interact({"type": "block_actions", "actions": [clicked], **other})

    def interact(self, given: Json) -> None:
        assert self.caller is not None
        assert self.caller.interact(given).status == 200

    def told(self, value: str, *, action: str = "review_menu") -> Said:
        """Choose, and return the first answer to that."""
        place = f"told-{len(self.slack.calls)}-{self.route}"
        self.choose(value, action=action, response_url=self.slack.response_url(place))
        return self.slack.desk.await_answer(place)

    def submit(self, form: Shown, **typed: str) -> Json:
        """Send *form*; return the view that takes its place, or nothing where it closes."""
        assert self.caller is not None
        values: Json = {name: {"value": _typed(name, text)} for name, text in typed.items()}
        view: Json = {"id": form.id, "hash": "h", "type": "modal", "state": {"values": values}}
        view |= {name: form.view[name] for name in ("callback_id", "private_metadata")}
        reply = self.caller.interact({"type": "view_submission", "view": view, "response_url": ""})
        assert reply.status == 200
        answer = json.loads(reply.body) if reply.body else {}
        shown: Json = answer.get("view") or {}
        assert not shown or slack_blocks.view_faults(shown, kind="modal") == []
        return shown

    def as_ben(self) -> "Editors":
        assert self.caller is not None
        return replace(self, caller=replace(self.caller, user=BEN))


def ben(at: datetime = BUILT) -> Editor:
    """Return an editor at the command line."""
    return Editor("ben", at)


def _typed(name: str, text: str) -> Json:
    if name in ("review_event", "review_line"):
        return {"type": "static_select", "selected_option": {"value": text}}
    return {"type": "plain_text_input", "value": text}


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


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _routed(count: int, on_timeout: str) -> str:
    rest = f"audiences: ['*'], destinations: [{{slack: C0FOUNDERS}}], review: required, on_timeout: {on_timeout}"
    return "routes:\n" + "".join(f"  - {{id: r{number}, {rest}, max_events: 4}}\n" for number in range(1, count + 1))


@contextmanager
def a_desk(
    home: Path,
    *,
    routes: int = 1,
    on_timeout: str = "hold",
    recap: str = RECAP,
    is_told: bool = True,
    token: str = TOKEN,
) -> Iterator[ReviewDesk]:
    """Yield a bot with a draft for each of *routes*, built at `BUILT`; the editors' channel *is told* of them."""
    with SlackServer(channels=_CHANNELS) as slack:
        slack.desk.users[BEN] = _BEN
        office = invented_week.an_office(
            home,
            recap=recap,
            routed=_routed(routes, on_timeout),
            SLACK_BOT_TOKEN=token,
            SLACK_SIGNING_SECRET=SECRET,
            RECAP_SLACK_API_URL=slack.url,
            RECAP_BASE_URL="https://recap.example",
            RECAP_DATABASE_URL=f"sqlite:///{home / 'recap.db'}",
            RECAP_OUTBOX=str(home / "outbox"),
        )
        chosen = settings.load(office.config, environment=office.environment, defaults=settings.shipped_directory())
        _build(chosen, home / "recap.db", routes=routes)
        with wiring.bot(chosen, Particulars(clock=HandClock(BUILT))) as bot:
            desk = ReviewDesk(bot, slack)
            if is_told:
                desk.tick(now=BUILT)
            yield desk


def _build(chosen: Settings, database: Path, *, routes: int) -> None:
    """Build the week's drafts, or copy them: what is stored of them depends on how many routes there are alone."""
    if routes not in _BUILT:
        with wiring.bot(chosen) as bot:
            bot.store.upgrade()
            bot.run(now=BUILT, dry_run=True)
        _BUILT[routes] = database.read_bytes()
    database.write_bytes(_BUILT[routes])


@contextmanager
def the_editors(home: Path, *, routes: int, recap: str = RECAP) -> Iterator[Editors]:
    """Serve `a_desk` as a Slack app, whose buttons can be pressed."""
    with (
        a_desk(home, routes=routes, recap=recap) as desk,
        web_server.listening() as held,
        opening.opened(desk.bot) as app,
        web_server.serving(create_app(desk.bot, app), held) as visitor,
    ):
        yield Editors(desk.bot, desk.slack, caller=Caller(desk.slack, visitor, desk.bot, channel=EDITORS))
