"""Slack over Socket Mode: the same listeners on a connection that we open, for places that Slack cannot reach."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackClientError

from bot.entrypoints.slack_app.app import SlackApp

log = structlog.get_logger(__name__)


@contextmanager
def connected(slack: SlackApp, *, app_token: str) -> Iterator[None]:
    """Listen on a socket while the context lasts; it connects again by itself where the line breaks."""
    handler = SocketModeHandler(slack.bolt, app_token)
    try:
        handler.client.connect()
    except (SlackClientError, OSError) as exc:
        log.error("slack.socket_failed", reason=str(exc))
    try:
        yield
    finally:
        handler.client.close()
