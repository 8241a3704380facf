"""Slack: sends messages through the Web API."""

import logging
import socket
import ssl
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPException
from threading import Lock
from typing import Any, NoReturn
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.deliver import slack as messages
from bot.model.delivery import Delivery, Receipt
from bot.model.digest import Digest
from bot.model.errors import (
    DeliveryError,
    DeliveryFailed,
    DeliveryRefused,
    DeliveryUnknown,
    DestinationGone,
    SenderMisconfigured,
)
from bot.ports import Sender, SenderCheck

# Source of the three tables: CONVENTIONS S33, S61 and docs.slack.dev/reference/methods/chat.postMessage.
_MENDS = {
    "invalid_auth": "set SLACK_BOT_TOKEN to the bot token of the app's OAuth page",
    "not_authed": "set SLACK_BOT_TOKEN to the bot token of the app's OAuth page",
    "account_inactive": "install the app again and set SLACK_BOT_TOKEN",
    "token_revoked": "install the app again and set SLACK_BOT_TOKEN",
    "token_expired": "install the app again and set SLACK_BOT_TOKEN",
    "not_allowed_token_type": "set SLACK_BOT_TOKEN to a bot token (xoxb-…)",
    "missing_scope": "add the scope on the app's OAuth page and install it again",
    "no_permission": "add the scope chat:write on the app's OAuth page and install it again",
    "ekm_access_denied": "ask an administrator of the workspace to let the app post",
    "access_denied": "ask an administrator of the workspace to let the app post",
    "org_login_required": "wait until the workspace's migration is over",
    "team_access_not_granted": "ask an administrator of the workspace to let the app in",
}
_GONE = {
    "channel_not_found": "check the channel's id in routes.yaml and invite the app to the channel",
    "not_in_channel": "invite the app to the channel, or give it the scope chat:write.public",
    "is_archived": "take the channel out of routes.yaml, or restore it",
    "restricted_action": "let the app post in this channel, or choose another in routes.yaml",
    "user_not_found": "check the user's id in routes.yaml",
    "cannot_dm_bot": "choose a person or a channel in routes.yaml",
}
_PASSING = frozenset({"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable"})
_UNSENT_ERRNOS = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
_PAGES = 5
"""Of 100 messages each (a digest's stand at the end of the channel soon after a crash), or of 1,000 channels."""


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
        self._pace = _Pace(interval_s, sleep)
        self._team = ""

    @property
    def name(self) -> str:
        """`slack`."""
        return "slack"

    def workspace(self) -> str:
        """Return the Slack team id. Raises: SenderMisconfigured, DeliveryFailed."""
        if not self._team:
            answer = self._read("auth.test", {})
            self._team = str(answer.get("team_id", ""))
        return self._team

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

    def fetch_receipt(self, delivery: Delivery) -> Receipt | None:
        """Return the receipt of *delivery*, found by its id in the channel's history; null where it cannot be seen."""
        try:
            channel = self._channel_id(delivery.destination)
            return self._find(delivery, channel) if channel else None
        except DeliveryError:
            return None

    def check(self, destinations: Sequence[str]) -> SenderCheck:
        """Look at the token, and at the channels among *destinations* as far as the app may see them."""
        answer = self._read("auth.test", {})
        text = f"the token is good for the workspace {answer.get('team')} ({answer.get('team_id')})."
        scopes = {scope.strip() for scope in _header(answer.headers, "x-oauth-scopes").split(",")} - {""}
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
            listed = list(self._pages("conversations.list", {"types": "public_channel,private_channel"}, "channels"))
        except SenderMisconfigured:  # private ones want a scope of their own
            listed = list(self._pages("conversations.list", {"types": "public_channel"}, "channels"))
        return {key: each for each in listed for key in (str(each["id"]), f"#{each.get('name')}")}

    def _find(self, delivery: Delivery, channel: str) -> Receipt | None:
        where = {"channel": channel, "include_all_metadata": True}
        for message in self._pages("conversations.history", where, "messages"):
            marks = _marks(message)
            if marks.get("delivery_id") == delivery.id:
                return Receipt(str(message["ts"]), channel)
            if delivery.part != "parent" and _is_parent_of(marks, delivery):
                replies = {"channel": channel, "ts": str(message["ts"]), "include_all_metadata": True}
                for reply in self._pages("conversations.replies", replies, "messages"):
                    if _marks(reply).get("delivery_id") == delivery.id:
                        return Receipt(str(reply["ts"]), channel)
        return None

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
        listed = self._pages("conversations.list", {"exclude_archived": True}, "channels")
        return next((str(each["id"]) for each in listed if each.get("name") == destination[1:]), "")

    def _pages(self, method: str, given: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
        cursor, limit = "", 1000 if key == "channels" else 100
        for _ in range(_PAGES):
            answer = self._read(method, {**given, "limit": limit, **({"cursor": cursor} if cursor else {})})
            yield from answer.get(key) or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

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
            _raise_answer(exc, destination)
        except URLError as exc:
            _raise_transport(exc.reason, exc, destination)
        except (OSError, HTTPException, SlackClientError, ValueError) as exc:
            _raise_transport(exc, exc, destination)


class _Pace:
    """Keeps messages to one channel apart. Source: CONVENTIONS S30."""

    def __init__(self, interval_s: float, sleep: Callable[[float], None]) -> None:
        self._interval_s = interval_s
        self._sleep = sleep
        self._guard = Lock()
        self._free_at: defaultdict[str, float] = defaultdict(float)

    def wait(self, channel: str) -> None:
        with self._guard:
            now = time.monotonic()
            at = max(now, self._free_at[channel])
            self._free_at[channel] = at + self._interval_s
        if at > now:
            self._sleep(at - now)


def _raise_answer(exc: SlackApiError, destination: str) -> NoReturn:
    response = exc.response
    status, reason = response.status_code, str(response.get("error", ""))
    if status >= 500:
        raise DeliveryUnknown(destination, f"Slack answered with status {status}") from exc
    if status == 429 or reason in _PASSING:
        wait_s = _seconds(response.headers)
        raise DeliveryFailed(destination, f"Slack asks to wait ({reason or status})", retry_after_s=wait_s) from exc
    if reason in _MENDS:
        needed = f" {response.get('needed')}" if response.get("needed") else ""
        what = "refuses the token" if reason != "missing_scope" else "wants the scope" + needed
        raise SenderMisconfigured(destination, f"Slack {what} ({reason}): {_MENDS[reason]}") from exc
    if reason in _GONE:
        raise DestinationGone(destination, f"Slack says {reason}: {_GONE[reason]}") from exc
    if status != 200 or " " in reason or not reason:
        raise DeliveryUnknown(destination, f"Slack's answer cannot be read (status {status})") from exc
    raise DeliveryRefused(destination, f"Slack says {reason}{_particulars(response)}") from exc


def _raise_transport(reason: object, exc: Exception, destination: str) -> NoReturn:
    what = type(reason).__name__
    if isinstance(reason, _UNSENT_ERRNOS):
        raise DeliveryFailed(destination, f"Slack cannot be reached ({what})") from exc
    raise DeliveryUnknown(destination, f"the connection to Slack broke off ({what})") from exc


def _seconds(headers: dict[str, Any]) -> float | None:
    value = _header(headers, "retry-after").strip()
    return float(value) if value.isdigit() else None


def _header(headers: dict[str, Any], wanted: str) -> str:
    value = next((value for name, value in headers.items() if name.lower() == wanted), "")
    return str(value[0] if isinstance(value, list) and value else value)


def _channel_fault(destination: str, channels: dict[str, dict[str, Any]], scopes: set[str]) -> str:
    channel = channels.get(destination)
    if channel is None:
        mend = "check it in routes.yaml; a private channel needs the scope groups:read and an invitation"
        return f"{destination} is not among the channels that the app sees: {mend}."
    if channel.get("is_archived"):
        return f"{destination} is archived: {_GONE['is_archived']}."
    if not channel.get("is_member") and "chat:write.public" not in scopes:
        return f"the app is not in {destination}: {_GONE['not_in_channel']}."
    return ""


def _is_person(destination: str) -> bool:
    return destination[:1] in ("U", "W")


def _particulars(response: SlackResponse) -> str:
    said = (response.get("response_metadata") or {}).get("messages") or response.get("errors") or []
    return f" ({'; '.join(str(line) for line in said)})"[:500] if said else ""


def _marks(message: dict[str, Any]) -> dict[str, Any]:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}) if metadata.get("event_type") == messages.EVENT_TYPE else {}


def _is_parent_of(marks: dict[str, Any], delivery: Delivery) -> bool:
    return (
        marks.get("part") == "parent"
        and marks.get("digest") == delivery.subject
        and int(marks.get("revision") or 0) >= delivery.revision
    )
