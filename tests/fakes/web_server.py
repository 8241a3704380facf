"""The web application on a free port of loopback, and a client that sends what it is told."""

import asyncio
import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

import uvicorn
from fastapi import FastAPI

TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server said."""

    status: int
    headers: dict[str, str]
    """By lower-case name."""
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody on this machine who asks a running server; redirects are not followed."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def get(self, target: str, **headers: str) -> Reply:
        return self.ask("GET", target, None, **headers)

    def ask(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Reply:
        """Send one request; `accept_language="zh"` becomes the header Accept-Language."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT_S)
        try:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, target, body=body, headers=given)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, named, answer.read())
        finally:
            connection.close()


@contextmanager
def listening() -> Iterator[socket.socket]:
    """Hold a free port of loopback."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held


@contextmanager
def serving(app: FastAPI, held: socket.socket) -> Iterator[Visitor]:
    """Serve *app* on the held port while the context lasts."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, server_header=False))
    held.listen()
    thread = Thread(target=server.run, kwargs={"sockets": [held]}, daemon=True)
    thread.start()
    host, port = held.getsockname()
    try:
        yield Visitor(host, port)
    finally:
        server.should_exit = True
        thread.join(TIMEOUT_S)


def status_for(app: FastAPI, path: str, *, client: str) -> int:
    """Return the status that *app* answers to somebody who comes from the address *client*."""
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": [(b"host", b"127.0.0.1")], "client": (client, 50000), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    asyncio.run(app(scope, receive, send))
    return statuses[0]
