"""Run the web on uvicorn."""

import gc
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from bot.entrypoints.slack_app import opening as slack_opening
from bot.entrypoints.web.app import create_app
from bot.model.errors import NotAllowed
from bot.wiring import Bot

if TYPE_CHECKING:
    from bot.entrypoints.slack_app.app import SlackApp

GRACE_S = 5
"""How long running answers may take once the process is told to end."""

SWITCH_S = 0.001
"""How long a thread that computes keeps others waiting; Python's 5 ms come five times on a request's way."""


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Listen on *host* and *port* (0: any that is free) while the context lasts. Raises: NotAllowed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as exc:
        reason = (getattr(exc, "strerror", None) or str(exc)).split(" (while", maxsplit=1)[0]  # asides of Python's own
        mend = "stop what listens there, or choose another --port or --host"
        raise NotAllowed(f"Nothing can listen on {host}:{port} ({reason}): {mend}.") from exc
    with listener:
        yield listener


def address_of(listener: socket.socket) -> str:
    """Return the URL of the pages."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(bot: Bot, listener: socket.socket) -> None:
    """Serve *bot*'s pages on *listener*, and Slack where it is set up, until a signal ends it."""
    with slack_opening.opened(bot) as slack:
        _serve(bot, slack, listener)


def _serve(bot: Bot, slack: "SlackApp | None", listener: socket.socket) -> None:
    sys.setswitchinterval(SWITCH_S)
    config = uvicorn.Config(
        create_app(bot, slack),
        log_level="warning",
        server_header=False,
        access_log=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    gc.freeze()  # what was loaded stays: looking through it again and again holds up requests
    uvicorn.Server(config).run(sockets=[listener])
