"""What a channel's history shows of a message whose fate nobody knows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.web import SlackResponse

from bot.adapters.slack.answers import header
from bot.deliver import slack as messages
from bot.model.delivery import Delivery, Receipt
from bot.model.errors import NeverArrived

MARGIN = timedelta(days=1)
"""Looked through before the first try: for clocks that differ, and for a `--now` that was not quite now."""

Pages = Callable[[str, dict[str, Any]], Iterator[SlackResponse]]
"""Reads a method page by page. Raises: DeliveryError, also where there is more than it reads."""


@dataclass(frozen=True, slots=True)
class History:
    """Looks for our messages, by the metadata that each carries."""

    pages: Pages
    bot_id: str
    """Ours; empty where Slack does not say."""

    def find(self, delivery: Delivery, channel: str, *, age: timedelta) -> Receipt | None:
        """
        Return the receipt of what was posted in *channel*, first tried at most *age* ago; null where nobody can tell.

        Raises: NeverArrived where all since before then was seen, and it is not there. DeliveryError.
        """
        seen = _Seen(delivery, self.bot_id)
        since_s: float | None = None
        for page in self.pages("conversations.history", {"channel": channel}):
            since_s = _bound_s(page, age) if since_s is None else since_s
            if since_s is None:
                return None
            recent = [each for each in page.get("messages") or [] if float(each["ts"]) >= since_s]
            if found := seen.look(recent, channel):
                return found
            if len(recent) < len(page.get("messages") or []):
                break
        seen.conclude(channel)
        return None

    def find_below(self, delivery: Delivery, parent: Receipt) -> Receipt | None:
        """Return the receipt of a reply to *parent*, as `find`: a thread is read from its first message to its last."""
        seen = _Seen(delivery, self.bot_id)
        for page in self.pages("conversations.replies", {"channel": parent.channel, "ts": parent.id}):
            if found := seen.look(page.get("messages") or [], parent.channel):
                return found
        seen.conclude(parent.channel)
        return None


@dataclass(slots=True)
class _Seen:
    delivery: Delivery
    bot_id: str
    is_clear: bool = True
    """No message of ours was met without its metadata: else the one we look for may be it."""

    def look(self, met: Sequence[Mapping[str, Any]], channel: str) -> Receipt | None:
        for message in met:
            marks, by = _marks(message), message.get("bot_id")
            if marks.get("delivery_id") == self.delivery.id:
                return Receipt(str(message["ts"]), channel)
            is_ours = bool(by) and (not self.bot_id or by == self.bot_id)
            self.is_clear = self.is_clear and (bool(marks) or not is_ours)
        return None

    def conclude(self, channel: str) -> None:
        if self.is_clear:
            raise NeverArrived(self.delivery.destination, f"the history of {channel} does not show it")


def _bound_s(page: SlackResponse, age: timedelta) -> float | None:
    # Slack's own clock: ours, or a `--now`, may show another time.
    try:
        asked_at = parsedate_to_datetime(header(page.headers, "date"))
    except ValueError:
        return None
    return (asked_at - max(age, timedelta(0)) - MARGIN).timestamp()


def _marks(message: Mapping[str, Any]) -> dict[str, Any]:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}) if metadata.get("event_type") == messages.EVENT_TYPE else {}
