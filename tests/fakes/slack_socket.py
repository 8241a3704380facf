"""Slack's end of Socket Mode: hands out envelopes, and takes their acknowledgements."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve


@dataclass
class Socket:
    """The line of one app."""

    url: str = ""
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    lines: list[ServerConnection] = field(default_factory=list)
    """Every connection that was opened, oldest first."""
    changed: Condition = field(default_factory=Condition)

    def hand_out(self, kind: str, payload: Mapping[str, Any], *, envelope: str, on_line: int = 1) -> None:
        """Send *payload* over the line that was opened as *on_line*th, as soon as it is there."""
        line = self._line(on_line)
        sent = {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": True}
        line.send(json.dumps(sent))

    def break_line(self, number: int = 1) -> None:
        """Ask the app to connect anew, and hang up."""
        line = self._line(number)
        line.send(json.dumps({"type": "disconnect", "reason": "refresh_requested"}))
        line.close()

    def await_acknowledged(self, count: int, *, timeout_s: float = 20) -> list[dict[str, Any]]:
        """Return all acknowledgements as soon as there are *count*."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.acknowledged) >= count, timeout_s)
            return list(self.acknowledged)

    def _line(self, number: int) -> ServerConnection:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.lines) >= number, 20), f"{len(self.lines)} lines"
            return self.lines[number - 1]

    def listen(self, line: ServerConnection) -> None:
        with self.changed:
            self.lines.append(line)
            self.changed.notify_all()
        try:
            for message in line:
                with self.changed:
                    self.acknowledged.append(json.loads(message))
                    self.changed.notify_all()
        except (ConnectionClosed, ValueError):
            return


@contextmanager
def a_socket() -> Iterator[Socket]:
    """Serve one on a free port of loopback while the context lasts."""
    socket = Socket()
    with serve(socket.listen, "127.0.0.1", 0) as server:
        socket.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/link"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield socket
        finally:
            server.shutdown()
            thread.join(5)
