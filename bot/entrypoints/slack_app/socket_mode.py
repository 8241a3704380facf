"""Slack over Socket Mode: the same listeners on a connection that we open, for places that Slack cannot reach."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackClientError

from bot.entrypoints.slack_app.app import SlackApp

log = structlog.get_logger(__name__)

RETRY_S = 15.0
"""Between two tries to connect for the first time; a connection that breaks later is the SDK's to mend."""
STOP_S = 10


@contextmanager
def connected(slack: SlackApp, *, app_token: str, retry_s: float = RETRY_S) -> Iterator[None]:
    """Listen on a socket while the context lasts; without Slack the process starts all the same, and tries again."""
    handler = SocketModeHandler(slack.bolt, app_token)
    stopping = Event()
    connecting = Thread(target=_connect, args=(handler, stopping, retry_s), name="slack-socket", daemon=True)
    connecting.start()
    try:
        yield
    finally:
        stopping.set()
        connecting.join(STOP_S)
        handler.client.close()


def _connect(handler: SocketModeHandler, stopping: Event, retry_s: float) -> None:
    while not stopping.is_set():
        try:
            handler.client.connect()
        except (SlackClientError, OSError) as exc:
            log.error("slack.socket_failed", reason=str(exc))
            stopping.wait(retry_s)
        else:
            log.info("slack.socket_connected")
            return
