"""Slack: sends messages through the Web API."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.adapters.slack.answers import GONE, header, raise_answer, raise_transport
from bot.adapters.slack.history import History
from bot.adapters.slack.pace import Pace
from bot.deliver import lanes
from bot.deliver import slack as messages
from bot.model.delivery import Delivery, Receipt
from bot.model.digest import Digest
from bot.model.errors import DeliveryError, DeliveryFailed, DeliveryUnknown, NeverArrived, SenderMisconfigured
from bot.ports import Sender, SenderCheck

_PAGES = 25
"""Of 200 messages each, more than a busy channel holds of a day or two; or of 1,000 channels."""


class SlackSender(Sender):
    """Posts a digest's messages, one a second to one channel."""

    def __init__(
        self,
        token: str,
        *,
        api_url: str,
        timeout_s: float = 30,
        interval_s: float = 1.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Post to *api_url* (such as `https://slack.com/api/`) as the bot of *token*."""
        quiet = logging.getLogger("bot.adapters.slack.client")
        quiet.setLevel(logging.CRITICAL)  # it logs each failure that we raise
        # No retry handlers: the default one repeats a post whose connection died, which can double it.
        self._client = WebClient(
            token=token,
            base_url=api_url.rstrip("/") + "/",
            timeout=max(1, round(timeout_s)),
            retry_handlers=[],
            logger=quiet,
        )
        self._pace = Pace(interval_s, sleep)
        self._who: SlackResponse | None = None

    @property
    def name(self) -> str:
        """`slack`."""
        return "slack"

    def workspace(self) -> str:
        """Return the Slack team id. Raises: SenderMisconfigured, DeliveryFailed."""
        return str(self._ourselves().get("team_id", ""))

    def _bot(self) -> str:
        return str(self._ourselves().get("bot_id", ""))

    def _ourselves(self) -> SlackResponse:
        if self._who is None:
            self._who = self._read("auth.test", {})
        return self._who

    def send(self, delivery: Delivery, digest: Digest, *, parent: Receipt | None) -> Receipt:
        """
        Post the delivery's part, below *parent* where it is a reply; or change what was posted, where it corrects that.

        Raises: DeliveryFailed, DeliveryRefused, DestinationGone, SenderMisconfigured, DeliveryUnknown.
        """
        if delivery.is_change:
            return self._change(delivery, digest)
        given = messages.arguments(
            delivery,
            digest,
            channel=parent.channel if parent else self._direct(delivery.destination),
            thread_ts=parent.id if parent else "",
        )
        self._pace.wait(delivery.destination)
        answer = self._call("chat.postMessage", given, destination=delivery.destination)
        return Receipt(str(answer.get("ts", "")), str(answer.get("channel", "")))

    def _change(self, delivery: Delivery, digest: Digest) -> Receipt:
        self._pace.wait(delivery.destination)
        try:
            self._call("chat.update", messages.changes(delivery, digest), destination=delivery.destination)
        except DeliveryUnknown as exc:  # a change that is made twice does no harm
            raise DeliveryFailed(delivery.destination, exc.detail) from exc
        return Receipt(delivery.receipt or "", delivery.channel)

    def fetch_receipt(self, delivery: Delivery, *, parent: Receipt | None, age: timedelta) -> Receipt | None:
        """
        Return the receipt of *delivery*, found by its id in the channel's history; null where that cannot be told.

        A reply is looked for below its *parent*, any other where it went since it was first tried, *age* ago.

        Raises: NeverArrived where all of that was seen, and it is not there.
        """
        try:
            history = History(self._history, self._bot())
            if lanes.is_reply(delivery):
                return history.find_below(delivery, parent) if parent and parent.id else None
            channel = self._channel_id(delivery.destination)
            return history.find(delivery, channel, age=age) if channel else None
        except NeverArrived:
            raise
        except DeliveryError:
            return None

    def check(self, destinations: Sequence[str]) -> SenderCheck:
        """Look at the token, and at the channels among *destinations* as far as the app may see them."""
        answer = self._read("auth.test", {})
        text = f"the token is good for the workspace {answer.get('team')} ({answer.get('team_id')})."
        scopes = {scope.strip() for scope in header(answer.headers, "x-oauth-scopes").split(",")} - {""}
        if scopes and "chat:write" not in scopes:
            raise SenderMisconfigured("Slack", "The token lacks the scope chat:write: add it and install the app again")
        try:
            channels = self._channels()
        except DeliveryError as exc:
            return SenderCheck(text, notes=(f"Whether the channels are there cannot be seen: {exc.detail}.",))
        found = (_channel_fault(each, channels, scopes) for each in destinations if each[:1] in ("#", "C", "G"))
        return SenderCheck(text, faults=tuple(fault for fault in found if fault))

    def _channels(self) -> dict[str, dict[str, Any]]:
        """Return the channels that the app sees, by id and by #name."""
        try:
            listed = self._listed({"types": "public_channel,private_channel"})
        except SenderMisconfigured:  # private ones want a scope of their own
            listed = self._listed({"types": "public_channel"})
        return {key: each for each in listed for key in (str(each["id"]), f"#{each.get('name')}")}

    def _direct(self, destination: str) -> str:
        """Return the id of a person's direct message, opened where need be; nothing for a channel."""
        if not _is_person(destination):
            return ""
        opened = self._read("conversations.open", {"users": destination}, destination=destination)
        return str((opened.get("channel") or {}).get("id") or "")

    def _channel_id(self, destination: str) -> str:
        if _is_person(destination):
            return self._direct(destination)
        if not destination.startswith("#"):
            return destination
        listed = self._listed({"exclude_archived": True})
        return next((str(each["id"]) for each in listed if each.get("name") == destination[1:]), "")

    def _listed(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        pages = self._pages("conversations.list", given | {"limit": 1000})
        return [channel for page in pages for channel in page.get("channels") or []]

    def _history(self, method: str, given: dict[str, Any]) -> Iterator[SlackResponse]:
        return self._pages(method, given | {"limit": 200, "include_all_metadata": True})

    def _pages(self, method: str, given: dict[str, Any]) -> Iterator[SlackResponse]:
        cursor = ""
        for _ in range(_PAGES):
            answer = self._read(method, {**given, **({"cursor": cursor} if cursor else {})})
            yield answer
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
        raise DeliveryFailed("Slack", f"{method} goes on for more than {_PAGES} pages")

    def _read(self, method: str, given: dict[str, Any], *, destination: str = "Slack") -> SlackResponse:
        # A read that died has changed nothing: not unknown, but failed.
        try:
            return self._call(method, given, destination=destination, form=True)
        except DeliveryUnknown as exc:
            raise DeliveryFailed(destination, exc.detail) from exc

    def _call(self, method: str, given: dict[str, Any], *, destination: str, form: bool = False) -> SlackResponse:
        try:
            if form:
                return self._client.api_call(method, params=given)
            return self._client.api_call(method, json=given)
        except SlackApiError as exc:
            raise_answer(exc, destination)
        except URLError as exc:
            raise_transport(exc.reason, exc, destination)
        except (OSError, HTTPException, SlackClientError, ValueError) as exc:
            raise_transport(exc, exc, destination)


def _channel_fault(destination: str, channels: dict[str, dict[str, Any]], scopes: set[str]) -> str:
    channel = channels.get(destination)
    if channel is None:
        mend = "check it in routes.yaml; a private channel needs the scope groups:read and an invitation"
        return f"{destination} is not among the channels that the app sees: {mend}."
    if channel.get("is_archived"):
        return f"{destination} is archived: {GONE['is_archived']}."
    if not channel.get("is_member") and "chat:write.public" not in scopes:
        return f"the app is not in {destination}: {GONE['not_in_channel']}."
    return ""


def _is_person(destination: str) -> bool:
    return destination[:1] in ("U", "W")
