"""What all listeners share: the bot, the workspace, the people, and the room where slow work is done."""

import ssl
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore, Lock
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient

from bot.compose.slack_answers import said
from bot.compose.voice import Voice
from bot.deliver import owned
from bot.entrypoints.slack_app.channels import Channels
from bot.entrypoints.slack_app.people import People, Person
from bot.model.digest import SlackMessage
from bot.model.route import Medium, Route
from bot.model.values import digest_of
from bot.wiring import Bot

log = structlog.get_logger(__name__)

WORKERS = 8
"""Answers that are made side by side; acknowledging takes none of them."""
MAKERS = 2
"""Of these, how many compute at once: more would only take turns, and keep those that acknowledge from theirs."""
CALL_TIMEOUT_S = 10

Body = Mapping[str, Any]
"""A request's JSON or form as Bolt hands it over."""


class Reception:
    """Takes what Slack sends, once, and answers when the answer is there."""

    def __init__(self, bot: Bot) -> None:
        """Serve *bot*'s workspace."""
        self.bot = bot
        # Once: reading the certificates takes 17 ms, in which nothing else runs, and the SDK would for each answer.
        self._ssl = ssl.create_default_context()
        self.client = WebClient(
            token=bot.settings.slack_token,
            base_url=bot.settings.slack_api_url,
            timeout=CALL_TIMEOUT_S,
            ssl=self._ssl,
            retry_handlers=[],
        )
        self.people = People(self.client, languages=bot.desk.recap.languages)
        self.channels = Channels(self.client, bot.store)
        self.making = BoundedSemaphore(MAKERS)
        """Held while an answer is made, not while it is sent."""
        self.telling = Lock()
        """Held while the editors' channel is told: of two clicks that meet, the later one needs no tick."""
        self._workers = ThreadPoolExecutor(WORKERS, "slack-answer")

    @property
    def workspace(self) -> str:
        """The team that our token is of. Raises: DeliveryError."""
        return self.bot.senders[Medium.SLACK].workspace()

    def act(self, body: Body, work: Callable[[Person], None]) -> None:
        """
        Do *work* for the person who sent *body*, later and in another thread, once for each request.

        A failure is logged and told to the person.
        """
        self._workers.submit(self._act, body, work)

    def close(self) -> None:
        """Finish what was begun."""
        self._workers.shutdown(wait=True)

    def say(self, body: Body, message: SlackMessage, *, in_channel: bool = False, replace: bool = False) -> bool:
        """
        Answer by the request's response_url: to the person alone, unless *in_channel*. Return whether it was taken.

        Source: CONVENTIONS S44.
        """
        url = str(body.get("response_url") or "")
        if not url:
            return False
        answer = WebhookClient(url, timeout=CALL_TIMEOUT_S, ssl=self._ssl, retry_handlers=[]).send_dict(
            {
                "text": message.text,
                "blocks": message.blocks,
                "response_type": "in_channel" if in_channel else "ephemeral",
                "replace_original": replace,
            }
        )
        if answer.status_code != 200:
            log.warning("slack.answer_refused", status=answer.status_code, reason=answer.body[:200])
        return answer.status_code == 200

    def voice(self, person: Person, *, channel: str = "") -> Voice:
        """Return how to speak: in the person's language, else that of the channel's route, else the default."""
        route = self.route_of(channel)
        language = person.language or (route.language if route else self.bot.desk.recap.languages[0])
        desk = self.bot.desk
        return Voice(desk.renderer, language, person.timezone, policy=desk.card, now=self.bot.clock.now())

    def route_of(self, channel: str) -> Route | None:
        """Return the route that goes to *channel* (an id), by its id or its name; null where none does."""
        if not channel:
            return None
        routes = self.bot.desk.load_routes()
        return owned.of_channel(routes, channel, name=self.channels.name(channel, routes))

    def _act(self, body: Body, work: Callable[[Person], None]) -> None:
        try:
            if not self.bot.store.use_once("slack", request_key(body), now=self.bot.clock.now()):
                log.info("slack.repeated")
                return
            self.channels.hear(body)
            work(self.people.person(team_of(body), user_of(body)))
        except Exception as exc:  # noqa: BLE001  # the last line of defence: the person gets a line, the log the reason
            log.error("slack.failed", error=type(exc).__name__, reason=str(exc))
            self._apologize(body)

    def _apologize(self, body: Body) -> None:
        nobody = Person(workspace="", id="")
        try:
            self.say(body, said(self.voice(nobody).words("command/failed.mrkdwn.j2")))
        except (SlackClientError, OSError) as exc:
            log.warning("slack.unreachable", reason=type(exc).__name__)


def request_key(body: Body) -> str:
    """Return what tells one request of Slack's from every other: the same again for one that is repeated."""
    view = body.get("view") or {}
    told = body.get("event_id") or body.get("trigger_id") or f"{view.get('id')}/{view.get('hash')}"
    return digest_of(team_of(body), str(told))


def team_of(body: Body) -> str:
    """Return the id of the workspace that *body* came from; empty where it names none."""
    team = body.get("team") or {}
    return str(body.get("team_id") or (team.get("id") if isinstance(team, Mapping) else team) or "")


def channel_of(body: Body) -> str:
    """Return the id of the channel where the person acted; empty where it was none, as in a modal."""
    channel = body.get("channel") or {}
    return str(body.get("channel_id") or channel.get("id") or "")


def user_of(body: Body) -> str:
    """Return the id of the person who acted; empty where it names none."""
    user = body.get("user") or {}
    event = body.get("event") or {}
    named = user.get("id") if isinstance(user, Mapping) else user
    return str(body.get("user_id") or named or event.get("user") or "")
