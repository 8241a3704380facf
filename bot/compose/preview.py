"""What the outbox and the previews show: messages, mails and views, as their readers would see them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.model.digest import SlackMessage
from bot.model.values import Json


@dataclass(frozen=True, slots=True)
class SlackThread:
    """A digest in a channel: its message and the replies to it."""

    channel: str
    route: str
    messages: Sequence[SlackMessage]
    """The parent first."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one recipient."""

    recipient: str
    route: str
    subject: str
    html: str = ""
    """Shown in a sandbox where *url* is empty."""
    text: str = ""
    url: str = ""
    """Where the mail's HTML can be had."""


@dataclass(slots=True)
class OutboxWeek:
    """What one week's recap brought to its readers."""

    week: str
    threads: list[SlackThread] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing that somebody sees of the app in Slack."""

    name: str
    """Of its file: `home`, `search`, …"""
    title: str
    said: str = ""
    """What they typed or clicked for it."""
    channel: str = ""
    messages: Sequence[SlackMessage] = ()
    """The first, and those below it in its thread."""
    is_for_one: bool = False
    """Whether only they see the message."""
    view: Json | None = None
    """A modal or a Home, instead of messages."""
