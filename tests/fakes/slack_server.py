"""
A stand-in for Slack's Web API on 127.0.0.1, which refuses what Slack would refuse.

Run by hand: `python -m tests.fakes.slack_server [PORT]`; set RECAP_SLACK_API_URL to the address it prints.
"""

import inspect
import json
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Event, Lock, Thread
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl

from pydantic import JsonValue
from slack_sdk import WebClient

from tests.fakes import slack_blocks
from tests.fakes.slack_people import Desk

Json = dict[str, JsonValue]

TOKEN = "xoxb-sample-token"
SCOPES = frozenset({"chat:write", "channels:history", "channels:read", "commands", "im:write", "users:read"})
_METHOD_NAMES: dict[str, Callable[..., object]] = {
    "apps.connections.open": WebClient.apps_connections_open,
    "auth.test": WebClient.auth_test,
    "chat.postMessage": WebClient.chat_postMessage,
    "chat.postEphemeral": WebClient.chat_postEphemeral,
    "chat.update": WebClient.chat_update,
    "conversations.history": WebClient.conversations_history,
    "conversations.info": WebClient.conversations_info,
    "conversations.list": WebClient.conversations_list,
    "conversations.open": WebClient.conversations_open,
    "conversations.replies": WebClient.conversations_replies,
    "users.info": WebClient.users_info,
    "views.open": WebClient.views_open,
    "views.publish": WebClient.views_publish,
    "views.push": WebClient.views_push,
    "views.update": WebClient.views_update,
}


def _parameters(method: Callable[..., object]) -> frozenset[str]:
    """Return the arguments that the SDK knows of a method (S35)."""
    return frozenset(inspect.signature(method).parameters) - {"self", "kwargs"}


_ARGUMENTS = {name: _parameters(method) for name, method in _METHOD_NAMES.items()}
_NEEDED = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "conversations.info": "channels:read",
    "conversations.list": "channels:read",
    "conversations.open": "im:write",
    "chat.postEphemeral": "chat:write",
    "users.info": "users:read",
}


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that the workspace shows."""

    ts: str
    channel: str
    thread_ts: str
    arguments: Json


@dataclass(frozen=True, slots=True)
class Mishap:
    """What becomes of one chat.postMessage instead of a good answer."""

    status: int = 200
    error: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    """Instead of JSON."""
    is_taken: bool = False
    """The message is posted all the same."""
    is_dropped: bool = False
    """The connection closes without an answer."""
    hangs: bool = False
    """No answer comes before the server stops."""


def rate_limited(retry_after_s: int) -> Mishap:
    return Mishap(status=429, error="ratelimited", headers={"Retry-After": str(retry_after_s)})


def refuses(error: str) -> Mishap:
    return Mishap(error=error)


BREAKS = Mishap(status=500, body="upstream error")
DROPS_BEFORE = Mishap(is_dropped=True)
DROPS_AFTER = Mishap(is_dropped=True, is_taken=True)
HANGS = Mishap(hangs=True)


class SlackServer:
    """One workspace with its channels; a context manager."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        team: str = "T0HALDEN",
        channels: Mapping[str, str] | None = None,
        archived: Iterable[str] = (),
        foreign: Iterable[str] = (),
        scopes: frozenset[str] = SCOPES,
        kept_in: Path | None = None,
        port: int = 0,
        socket_url: str = "",
    ) -> None:
        """*channels*: id → name; the bot is not in *foreign* ones; *kept_in* gets a line per posted message."""
        self.token = token
        self.team = team
        self.channels = dict(channels or {"C0FOUNDERS": "founders", "C0RESEARCH": "research"})
        self.archived = set(archived)
        self.foreign = set(foreign)
        self.scopes = scopes
        self.socket_url = socket_url
        self.posted: list[Posted] = []
        self.calls: list[tuple[str, Json]] = []
        self.script: deque[Mishap | None] = deque()
        """For the next posts, in order; null: goes well."""
        self.updates: deque[Mishap | None] = deque()
        """For the next changes."""
        self.desk = Desk(
            users={
                "U0ADA": {
                    "tz": "Europe/Berlin",
                    "locale": "en-GB",
                    "is_admin": True,
                    "name": "ada",
                    "profile": {"display_name": "", "real_name": "Ada Byron"},
                }
            }
        )
        self.page = 100
        self.stopping = Event()
        self._kept_in = kept_in
        self._guard = Lock()
        self._answered = Condition()
        self._last_ts = 0
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._http.daemon_threads = True
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        """The base of the API, as RECAP_SLACK_API_URL wants it."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/api/"

    def response_url(self, place: str) -> str:
        """Return an address that takes five answers."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/respond/{place}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def await_that(self, is_so: Callable[[], bool], *, timeout_s: float = 20) -> None:
        """Return as soon as it *is_so*, which is asked after each call and holds answers back meanwhile."""
        with self._answered:
            assert self._answered.wait_for(is_so, timeout_s), [method for method, _ in self.calls][-20:]

    def answer(self, method: str, given: Json, authorization: str) -> tuple[Json, Mishap | None]:
        """Return the answer to one call, and the mishap that befalls it."""
        try:
            return self._answer(method, given, authorization)
        finally:
            with self._answered:
                self._answered.notify_all()

    def _answer(self, method: str, given: Json, authorization: str) -> tuple[Json, Mishap | None]:
        with self._guard:
            self.calls.append((method, given))
            fault = self._refusal(method, given, authorization)
            if fault is not None:
                return fault, None
            if method in _DESK:
                return _DESK[method](self.desk, given), None
            script = {"chat.postMessage": self.script, "chat.update": self.updates}.get(method)
            mishap = script.popleft() if script else None
            if mishap is not None and not mishap.is_taken:
                return _no(mishap.error), mishap
            return _METHODS[method](self, given), mishap

    def _refusal(self, method: str, given: Json, authorization: str) -> Json | None:
        if method not in _ARGUMENTS:
            return _no("unknown_method")
        if not authorization or "token" in given:
            return _no("not_authed")
        if method == "apps.connections.open":
            return None if authorization.startswith("Bearer xapp-") else _no("not_allowed_token_type")
        if authorization != f"Bearer {self.token}":
            return _no("invalid_auth")
        needed = _NEEDED.get(method)
        if needed is not None and needed not in self.scopes:
            return _no("missing_scope", needed=needed, provided=",".join(sorted(self.scopes)))
        unknown = sorted(given.keys() - _ARGUMENTS[method])
        return _no("invalid_arguments", response_metadata={"messages": [*unknown]}) if unknown else None

    def post(self, given: Json) -> Json:
        fault = self._message_fault(given)
        if fault is not None:
            return fault
        channel = self._channel(given)
        posted = Posted(self._next_ts(), channel, str(given.get("thread_ts") or ""), given)
        self.posted.append(posted)
        if self._kept_in is not None:
            with self._kept_in.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(posted), ensure_ascii=False) + "\n")
        return {"ok": True, "channel": channel, "ts": posted.ts, "message": {"text": given.get("text")}}

    def _message_fault(self, given: Json) -> Json | None:
        channel = self._channel(given)
        for is_so, error in (
            (channel not in self.channels, "channel_not_found"),
            (channel in self.archived, "is_archived"),
            (channel in self.foreign, "not_in_channel"),
            (not given.get("text") and not given.get("blocks"), "no_text"),
            (len(str(given.get("text") or "")) > 40_000, "msg_too_long"),
            (not _is_metadata(given.get("metadata")), "invalid_metadata_format"),
            (bool(given.get("reply_broadcast")) and not given.get("thread_ts"), "invalid_arguments"),
            (bool(given.get("thread_ts")) and not self._is_parent(given, channel), "thread_not_found"),
        ):
            if is_so:
                return _no(error)
        faults = slack_blocks.faults(given["blocks"]) if "blocks" in given else []
        if faults:
            error = "msg_blocks_too_long" if faults == ["msg_blocks_too_long"] else "invalid_blocks"
            return _no(error, errors=[*faults], response_metadata={"messages": [*faults]})
        return None

    def _is_parent(self, given: Json, channel: str) -> bool:
        return any(each.channel == channel and each.ts == given["thread_ts"] for each in self.posted)

    def _channel(self, given: Json) -> str:
        wanted = str(given.get("channel") or "")
        by_name = {f"#{name}": channel for channel, name in self.channels.items()}
        return by_name.get(wanted, wanted)

    def _next_ts(self) -> str:
        self._last_ts = max(self._last_ts + 1, time.time_ns() // 1000)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def auth_test(self, given: Json) -> Json:
        return {"ok": True, "team_id": self.team, "team": "Halden", "user_id": "U0RECAP", "bot_id": "B0RECAP"}

    def open_socket(self, given: Json) -> Json:
        return {"ok": True, "url": self.socket_url} if self.socket_url else _no("internal_error")

    def history(self, given: Json) -> Json:
        channel = str(given.get("channel"))
        if channel not in self.channels:  # history takes ids only
            return _no("channel_not_found")
        shown = [each for each in self.posted if each.channel == channel and not each.thread_ts]
        return self._paged("messages", [_shown(each, given) for each in reversed(shown)], given)

    def replies(self, given: Json) -> Json:
        ts, channel = given.get("ts"), given.get("channel")
        shown = [each for each in self.posted if each.channel == channel and ts in (each.ts, each.thread_ts)]
        return (
            self._paged("messages", [_shown(each, given) for each in shown], given)
            if shown
            else _no("thread_not_found")
        )

    def list_channels(self, given: Json) -> Json:
        return self._paged("channels", [self._facts(channel) for channel in self.channels], given)

    def channel_info(self, given: Json) -> Json:
        channel = str(given.get("channel"))
        if channel not in self.channels:  # ids only; private ones that we are not in are not found either
            return _no("channel_not_found")
        return {"ok": True, "channel": self._facts(channel)}

    def _facts(self, channel: str) -> Json:
        return {
            "id": channel,
            "name": self.channels[channel],
            "is_archived": channel in self.archived,
            "is_member": channel not in self.foreign,
        }

    def open_conversation(self, given: Json) -> Json:
        """Open the DM of one user: its id is `D` and the user's."""
        user = str(given.get("users") or "")
        if user not in self.desk.users:
            return _no("user_not_found")
        channel = "D" + user[1:]
        self.channels.setdefault(channel, user)
        return {"ok": True, "channel": {"id": channel}}

    def post_ephemeral(self, given: Json) -> Json:
        if given.get("user") not in self.desk.users:
            return _no("user_not_in_channel")
        fault = self._message_fault(given)
        if fault is None:
            self.desk.show_ephemeral(given)
        return fault or {"ok": True, "message_ts": self._next_ts()}

    def update(self, given: Json) -> Json:
        for index, each in enumerate(self.posted):
            if (each.channel, each.ts) == (given.get("channel"), given.get("ts")):
                if fault := self._message_fault(given):
                    return fault
                self.posted[index] = Posted(each.ts, each.channel, each.thread_ts, given)
                return {"ok": True, "channel": each.channel, "ts": each.ts}
        return _no("message_not_found")

    def _paged(self, key: str, rows: list[Json], given: Json) -> Json:
        start = int(str(given.get("cursor") or 0))
        end = start + min(int(str(given.get("limit") or self.page)), self.page)
        cursor = str(end) if end < len(rows) else ""
        return {"ok": True, key: [*rows[start:end]], "response_metadata": {"next_cursor": cursor}}


_METHODS: dict[str, Callable[[SlackServer, Json], Json]] = {
    "apps.connections.open": SlackServer.open_socket,
    "auth.test": SlackServer.auth_test,
    "chat.postMessage": SlackServer.post,
    "chat.update": SlackServer.update,
    "conversations.history": SlackServer.history,
    "conversations.replies": SlackServer.replies,
    "conversations.info": SlackServer.channel_info,
    "conversations.list": SlackServer.list_channels,
    "conversations.open": SlackServer.open_conversation,
    "chat.postEphemeral": SlackServer.post_ephemeral,
}


_DESK: dict[str, Callable[[Desk, Json], Json]] = {
    "users.info": Desk.users_info,
    "views.open": Desk.open_view,
    "views.push": Desk.open_view,
    "views.update": Desk.update_view,
    "views.publish": Desk.publish_view,
}


def _no(error: str, **more: JsonValue) -> Json:
    return {"ok": False, "error": error, **more}


def _is_metadata(metadata: JsonValue) -> bool:
    return metadata is None or (
        isinstance(metadata, dict)
        and metadata.keys() == {"event_type", "event_payload"}
        and isinstance(metadata["event_payload"], dict)
    )


def _shown(posted: Posted, given: Json) -> Json:
    shown: Json = {"type": "message", "ts": posted.ts, "text": posted.arguments.get("text"), "bot_id": "B0RECAP"}
    if str(given.get("include_all_metadata")).lower() in ("1", "true") and "metadata" in posted.arguments:
        shown["metadata"] = posted.arguments["metadata"]
    return shown


def _handler(slack: SlackServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def do_POST(self) -> None:
            answer_url = self.path.removeprefix("/respond/")
            if answer_url != self.path:
                status, said = slack.desk.respond(answer_url, json.loads(self._body()))
                self._say({}, Mishap(status=status, body=said))
                return
            given = _arguments(self.headers.get("Content-Type", ""), self._body())
            method = self.path.removeprefix("/api/")
            answer, mishap = slack.answer(method, given, self.headers.get("Authorization", ""))
            if mishap is None or not (mishap.is_dropped or mishap.hangs):
                self._say(answer, mishap or Mishap(headers={"X-OAuth-Scopes": ",".join(sorted(slack.scopes))}))
                return
            if mishap.hangs:
                slack.stopping.wait(30)
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

        def _body(self) -> bytes:
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))

        def _say(self, answer: Json, mishap: Mishap) -> None:
            body = (mishap.body or json.dumps(answer)).encode()
            self.send_response(mishap.status)
            for name, value in mishap.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "text/plain" if mishap.body else "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
            """Keep quiet."""

    return Handler


def _arguments(content_type: str, body: bytes) -> Json:
    if content_type.startswith("application/json"):
        loaded = json.loads(body or b"{}")
        return loaded if isinstance(loaded, dict) else {}
    given: Json = dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True))
    for name in {"blocks", "metadata", "attachments", "view"} & given.keys():
        given[name] = json.loads(str(given[name]))
    return given


if __name__ == "__main__":
    with SlackServer(port=int(sys.argv[1]) if len(sys.argv) > 1 else 0, kept_in=Path("slack-messages.jsonl")) as server:
        sys.stdout.write(f"{server.url} token {server.token} channels {server.channels}\n")
        sys.stdout.flush()
        server.stopping.wait(3600)
