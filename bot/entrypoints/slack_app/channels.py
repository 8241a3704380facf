"""Channels of the workspace: what they are called, and whether we may post there."""

import time
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.model.route import Medium, Route
from bot.ports import Store

log = structlog.get_logger(__name__)

KEPT_S = 600
"""How long we believe what the ledger told of names."""
MOST_HEARD = 5_000
_NO_NAMES = frozenset({"", "privategroup", "directmessage"})
"""What a slash command calls channels whose names it keeps back."""


class Channels:
    """What requests and the ledger tell of channels; Slack itself is asked only whether we are in one."""

    def __init__(self, client: WebClient, store: Store) -> None:
        """Ask *client*, and the ledger in *store*."""
        self._client = client
        self._store = store
        self._heard: dict[str, str] = {}
        self._posted: tuple[float, dict[str, str]] = (0.0, {})
        self._guard = Lock()

    def hear(self, body: Mapping[str, Any]) -> None:
        """Remember the name of the channel that *body*, a request of Slack's, came from."""
        channel = body.get("channel") if isinstance(body.get("channel"), Mapping) else {}
        where = str(body.get("channel_id") or (channel or {}).get("id") or "")
        name = str(body.get("channel_name") or (channel or {}).get("name") or "")
        if where and name not in _NO_NAMES:
            with self._guard:
                self._heard.pop(where, None)
                self._heard[where] = f"#{name}"
                while len(self._heard) > MOST_HEARD:
                    del self._heard[next(iter(self._heard))]

    def name(self, channel: str, routes: Sequence[Route]) -> str:
        """
        Return what *channel* (an id) is called, such as `#founders`; empty where that cannot be known.

        Where none of *routes* names a channel by its name, it is not looked for in the ledger.
        """
        if heard := self._heard.get(channel, ""):
            return heard
        places = [place.id for route in routes for place in route.destinations if place.medium is Medium.SLACK]
        if not any(place.startswith("#") for place in places):
            return ""
        return self._by_ledger().get(channel, "")

    def is_member(self, channel: str) -> bool | None:
        """Return whether we are in *channel*; null where Slack does not say, such as for want of a scope."""
        try:
            found = self._client.conversations_info(channel=channel).get("channel") or {}
        except SlackApiError as exc:
            return False if exc.response.get("error") == "channel_not_found" else None
        except (SlackClientError, OSError) as exc:
            log.warning("slack.channel_unknown", reason=type(exc).__name__)
            return None
        return bool(found.get("is_member"))

    def _by_ledger(self) -> dict[str, str]:
        """Return the names under which the newest recap was posted, by the ids that Slack answered."""
        good_until, known = self._posted
        if time.monotonic() < good_until:
            return known
        heads = self._store.load_recap_heads()[:1]
        rows = [row for head in heads for row in self._store.load_deliveries(recap=head.id, medium=Medium.SLACK)]
        known = {row.channel: row.destination for row in rows if row.channel and row.destination.startswith("#")}
        self._posted = (time.monotonic() + KEPT_S, known)
        return known
