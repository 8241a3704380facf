"""Sending a mailing: CPU and memory of the process that sends, from the ledger to the socket."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog

from benchmarks.figures import ROOT, Figure, stopwatch
from bot.adapters.queue import InProcessQueue
from bot.adapters.smtp import SmtpSender
from bot.adapters.storage.store import SqlStore
from bot.model.delivery import Delivery, delivery_id
from bot.model.digest import Digest, EmailMessage, Medium
from bot.model.policy import DeliverPolicy, MailingList
from bot.model.recap import Recap, RecapNumbers
from bot.workflows import send_recap

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LIST = MailingList("weekly", "Weekly", "Weekly <recap@mail.example>", "1 Test Street")
SEGMENTS = 400
_HTML_CHARS = 60_000
_READERS = 2_000


def figures() -> Iterator[Figure]:
    """Yield the figures of mailings in 400 segments: CPU per mail for 1, 4 and 16 connections, and memory."""
    for latency_ms in (0, 20):
        for connections in (1, 4, 16):
            readers = _READERS if latency_ms == 0 or connections > 1 else 200
            yield from _alone(readers, connections, latency_ms)


def memory() -> Iterator[Figure]:
    """Yield the figures of memory, from 10,000 to 100,000 recipients."""
    for readers in (10_000, 100_000):
        yield from _alone(readers, 4, 0)


def _alone(readers: int, connections: int, latency_ms: int) -> Iterator[Figure]:
    """Yield what a process of its own measures, so that no mailing inherits another's memory."""
    with tempfile.TemporaryDirectory(prefix="recap-bench-") as folder, sink(latency_ms) as url:
        database = f"sqlite:///{folder}/recap.db"
        command = [sys.executable, "-m", "benchmarks.mail"]
        subprocess.run([*command, "plan", database, str(readers)], cwd=ROOT, check=True)
        sending = [*command, "send", database, url, str(connections)]
        said = subprocess.run(sending, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    sent, seconds, cpu_s, before_mb, after_mb = map(float, said.split())
    what = f"{sent:,.0f} mails, {connections} connections, {latency_ms} ms"
    yield Figure(f"{what}: CPU per mail", cpu_s * 1000 / sent, "ms", goal=1.0)
    yield Figure(f"{what}: mails a second", sent / seconds, "")
    yield Figure(f"{what}: memory it took", after_mb - before_mb, "MB")


@contextmanager
def sink(latency_ms: int, *, log: Path | None = None) -> Iterator[str]:
    """
    Run a relay in a process of its own that takes everything, *latency_ms* after each line; yield its URL.

    It writes the Message-ID of each mail to *log* before it answers.
    """
    command = [sys.executable, "-m", "benchmarks.mail", "sink", str(latency_ms), *([str(log)] if log else [])]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"smtp://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


def plan(database: str, readers: int, *, segments: int = SEGMENTS, now: datetime = NOW) -> None:
    """Make a ledger of *readers* mails that are due *now*."""
    mail = EmailMessage(
        subject="The week",
        html="<p>News of the week, and more.</p>\n" * (_HTML_CHARS // 35) + '<a href="%%unsubscribe_url%%">Leave</a>',
        text="News of the week.\n" * 500 + "%%unsubscribe_url%%\n",
        language="en",
    )
    week = {"id": "2026-W47", "week": "2026-W47", "zone": "UTC", "title": "Weekly"}
    recap = Recap.model_validate(week | {"starts_at": NOW, "ends_at": NOW, "built_at": NOW})
    digests = [
        Digest.model_validate(
            {"key": f"digest-{number:03}", "recap_id": recap.id, "route_id": "all", "audiences": ["*"]}
            | {"language": "en", "title": "Weekly", "numbers": RecapNumbers(), "email": mail, "built_at": NOW}
            | {"segment": f"segment-{number:03}"}
        )
        for number in range(segments)
    ]
    with closing(SqlStore(database)) as store:
        store.upgrade()
        store.save_edition(recap, digests, [])
        for start in range(0, readers, 5_000):
            numbers = range(start, min(start + 5_000, readers))
            store.save_deliveries([_delivery(number, f"digest-{number % segments:03}", now=now) for number in numbers])


def address_of(number: int) -> str:
    """Return where the mail of that number goes."""
    return f"r{number}@reader.example"


def _delivery(number: int, digest: str, *, now: datetime) -> Delivery:
    place = {"purpose": "recap", "workspace": "", "destination": "weekly", "part": "mail"}
    recipient = address_of(number)
    return Delivery.model_validate(
        place
        | {"id": delivery_id(digest, recipient=recipient, revision=0, **place), "recipient": recipient}
        | {"subject": digest, "medium": Medium.EMAIL, "sender": "smtp", "recap_id": "2026-W47", "route_id": "all"}
        | {"planned_at": now, "not_before": now}
    )


def send(database: str, url: str, connections: int) -> str:
    """Send what is due; return mails, seconds, CPU seconds, and memory before and after."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    sender = SmtpSender(url, lists=[LIST], sender=None, base_url="https://recap.example", token=lambda *_: "t" * 60)
    with closing(SqlStore(database)) as store:
        before_mb = _peak_mb()
        with stopwatch() as watch:
            report = send_recap.send(
                store=store,
                senders={"smtp": sender},
                queue=InProcessQueue(connections),
                policy=DeliverPolicy(smtp_connections=connections),
                now=lambda: NOW,
                jitter=lambda: 0.0,
                alone=True,
            )
    return f"{report.sent} {watch.seconds} {watch.cpu_s} {before_mb} {_peak_mb()}"


def _peak_mb() -> float:
    # Not getrusage: a process inherits the peak of the one that started it.
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) / 1024


async def serve(latency_s: float, *, log: Path | None = None) -> None:
    """Take mails for ever; a line to *log* for each, with its Message-ID, before it is answered."""
    server = await asyncio.get_running_loop().create_server(lambda: _Sink(latency_s, log), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


class _Sink(asyncio.Protocol):
    """A relay's end of one connection; what came together is answered together, after one latency."""

    def __init__(self, latency_s: float, log: Path | None) -> None:
        self._latency_s = latency_s
        self._log = log
        self._buffer = bytearray()
        self._is_mail = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        answers = b"".join(self._answers())
        if answers and self._latency_s:
            asyncio.get_running_loop().call_later(self._latency_s, self._transport.write, answers)
        elif answers:
            self._transport.write(answers)

    def _answers(self) -> Iterator[bytes]:
        while (end := self._buffer.find(_MAIL_END if self._is_mail else b"\r\n")) >= 0:
            whole = bytes(self._buffer[:end])
            del self._buffer[: end + (len(_MAIL_END) if self._is_mail else 2)]
            if self._is_mail:
                _keep(whole, self._log)
            self._is_mail = not self._is_mail and whole.upper() == b"DATA"
            yield b"354 go on\r\n" if self._is_mail else _ANSWERS.get(whole[:4].upper(), b"250 OK\r\n")


_MAIL_END = b"\r\n.\r\n"
_ANSWERS = {b"EHLO": b"250-sink\r\n250 PIPELINING\r\n", b"QUIT": b"221 bye\r\n"}


def _keep(mail: bytes, log: Path | None) -> None:
    if log is not None:
        start = mail.index(b"Message-ID: ") + 12
        with log.open("ab", buffering=0) as file:
            file.write(mail[start : mail.index(b"\r\n", start)] + b"\n")


def main(words: list[str]) -> None:
    """Do one part, in a process of its own."""
    match words:
        case ["plan", database, readers]:
            plan(database, int(readers))
        case ["send", database, url, connections]:
            print(send(database, url, int(connections)))
        case ["sink", latency_ms]:
            asyncio.run(serve(float(latency_ms) / 1000))
        case ["sink", latency_ms, log]:
            asyncio.run(serve(float(latency_ms) / 1000, log=Path(log)))
        case _:
            sys.exit(os.EX_USAGE)


if __name__ == "__main__":
    main(sys.argv[1:])
