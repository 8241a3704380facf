"""Slash commands over HTTP, signed, 50 a second, among many articles: acknowledged and answered."""

import hashlib
import hmac
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Thread
from urllib.parse import urlencode

from benchmarks import search
from benchmarks.figures import ROOT, Figure, cpu_of, percentile, stopwatch
from benchmarks.invented import Newsroom
from bot.adapters.storage.store import SqlStore

PER_SECOND = 50
SECONDS = 20
WARM_UP = 50
SECRET = "benchmark"


def figures() -> Iterator[Figure]:
    """Yield the figures of 200,000 articles."""
    yield from _figures(200_000)


def million() -> Iterator[Figure]:
    """Yield the figures of 1,000,000 articles."""
    yield from _figures(1_000_000)


def _figures(count: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="recap-bench-") as folder:
        database = Path(os.environ.get(search.FILLED) or f"{folder}/recap.db")
        if not database.exists():
            with stopwatch() as filling:
                fill(database, count)
            yield Figure.of(f"invent, store and index {count:,} articles", filling)
        for verb in ("help", "search"):
            yield from _asked(verb, Path(folder), database)


def fill(database: Path, count: int) -> None:
    store = SqlStore(f"sqlite:///{database}")
    store.upgrade()
    search.fill(store, Newsroom(seed=47), count)
    store.close()


def _asked(verb: str, folder: Path, database: Path) -> Iterator[Figure]:
    texts = [f"search {query}" if verb == "search" else verb for query in search.queries(Newsroom(seed=47))]
    with workspace() as slack, serving(folder, database, slack) as (port, pid):
        _send(itertools.islice(texts, WARM_UP), slack, port, per_second=PER_SECOND)
        slack.forget()
        before_s, cpu_before_s = time.perf_counter(), cpu_of(pid)
        acknowledged = _send(texts[: PER_SECOND * SECONDS], slack, port, per_second=PER_SECOND)
        rate = len(acknowledged) / (time.perf_counter() - before_s)
        answered = slack.await_answers(len(acknowledged))
        cpu_ms = (cpu_of(pid) - cpu_before_s) * 1000 / len(acknowledged)
    taken_ms = [seconds * 1000 for seconds in acknowledged]
    answered_ms = [seconds * 1000 for seconds in answered]
    yield Figure(f"`/recap {verb}`, {len(taken_ms):,} times: a second", rate, "")
    yield Figure("acknowledged: p50", percentile(taken_ms, 0.5), "ms")
    yield Figure("acknowledged: p99", percentile(taken_ms, 0.99), "ms", 100)
    yield Figure("answered: p50", percentile(answered_ms, 0.5), "ms")
    yield Figure("answered: p99", percentile(answered_ms, 0.99), "ms", 500 if verb == "search" else None)
    yield Figure("CPU of the server for each, acknowledged and answered", cpu_ms, "ms")
    yield Figure("not answered", len(taken_ms) - len(answered_ms), "", 0)


@dataclass
class _Slack:
    """The other end: knows one person, and notes when answers come."""

    port: int = 0
    sent_at: dict[str, float] = field(default_factory=dict)
    answered_at: dict[str, float] = field(default_factory=dict)
    changed: Condition = field(default_factory=Condition)

    def forget(self) -> None:
        self.await_answers(len(self.sent_at))
        self.sent_at.clear()
        self.answered_at.clear()

    def take(self, place: str) -> None:
        at = time.perf_counter()
        with self.changed:
            self.answered_at[place] = at
            self.changed.notify_all()

    def await_answers(self, count: int) -> list[float]:
        """Return how long each answer took, in seconds, as soon as all *count* are there, or after a minute."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.answered_at) >= count, 60)
            return [at - self.sent_at[place] for place, at in self.answered_at.items()]


@contextmanager
def workspace() -> Iterator[_Slack]:
    slack = _Slack()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(slack))
    server.daemon_threads = True
    slack.port = server.server_address[1]
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield slack
    finally:
        server.shutdown()
        server.server_close()


def _handler(slack: _Slack) -> type[BaseHTTPRequestHandler]:
    said = {
        "ok": True, "team_id": "T0HALDEN", "team": "Halden",
        "user": {"tz": "Europe/Berlin", "locale": "en-GB"},
    }  # fmt: skip

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if self.path.startswith("/respond/"):
                slack.take(self.path.removeprefix("/respond/"))
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Keep quiet."""

    return Handler


@contextmanager
def serving(folder: Path, database: Path, slack: _Slack) -> Iterator[tuple[int, int]]:
    """Run `recap serve`, as an operator does, in a process of its own; yield its port and its number."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    environment = os.environ | {
        "PYTHONPATH": str(ROOT), "RECAP_DATABASE_URL": f"sqlite:///{database}", "RECAP_OUTBOX": f"{folder}/outbox",
        "SLACK_BOT_TOKEN": "xoxb-benchmark", "SLACK_SIGNING_SECRET": SECRET, "RECAP_SECRET_KEY": "benchmark",
        "RECAP_SLACK_API_URL": f"http://127.0.0.1:{slack.port}/api/",
    }  # fmt: skip
    config = ROOT / "config" / "demo"
    command = [sys.executable, "-m", "bot", "serve", "--config", str(config), "--port", str(port)]
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    try:
        _await_ready(port, process)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _await_ready(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"`recap serve` ended with {process.returncode}")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("`recap serve` did not answer within a minute")


def _send(texts: Iterator[str] | list[str], slack: _Slack, port: int, *, per_second: int) -> list[float]:
    """Send a command for each of *texts* at its time, whether or not those before were answered (open loop)."""
    began = time.perf_counter() + 0.1
    with ThreadPoolExecutor(64) as senders:
        sent = [
            senders.submit(_send_one, text, slack, port, at=began + number / per_second)
            for number, text in enumerate(texts)
        ]
        return [each.result() for each in sent]


_numbers = itertools.count(1)


def _send_one(text: str, slack: _Slack, port: int, *, at: float) -> float:
    time.sleep(max(0.0, at - time.perf_counter()))
    place = f"{next(_numbers)}-{time.time_ns()}"
    given = {
        "command": "/recap", "text": text, "team_id": "T0HALDEN", "channel_id": "C0FOUNDERS", "user_id": "U0ADA",
        "trigger_id": place, "response_url": f"http://127.0.0.1:{slack.port}/respond/{place}",
    }  # fmt: skip
    body = urlencode(given).encode()
    second = str(int(time.time()))
    signature = "v0=" + hmac.new(SECRET.encode(), f"v0:{second}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded", "X-Slack-Request-Timestamp": second,
        "X-Slack-Signature": signature,
    }  # fmt: skip
    slack.sent_at[place] = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/slack/events", body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"status {answer.status} for `{text}`")
    return time.perf_counter() - slack.sent_at[place]
