"""Sending a mailing: CPU and memory of the process that sends, from the ledger to the socket."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.figures import ROOT, Figure, stopwatch
from bot.adapters.queue import InProcessQueue
from bot.adapters.smtp import SmtpSender
from bot.adapters.storage.store import SqlStore
from bot.deliver.press import Personal
from bot.entrypoints import logs
from bot.model.delivery import Delivery, delivery_id
from bot.model.digest import Digest, EmailMessage
from bot.model.policy import DeliverPolicy, MailingList
from bot.model.recap import Recap, RecapNumbers
from bot.model.route import Medium
from bot.model.subscriber import Subscriber, Subscription, SubscriptionState, address_hash, subscriber_id
from bot.wiring.envelopes import return_address
from bot.wiring.tokens import FEEDBACK, TokenSeals
from bot.workflows import send_recap
from bot.workflows.subscribing import links
from tests.builders_cards import a_full_card

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LIST = MailingList(
    "weekly", "Weekly", "Weekly <recap@mail.example>", "1 Test Street", bounce_address="bounces@mail.example"
)
SEGMENTS = 400
_HTML_CHARS = 60_000
_CARDS = 10
_KEY = "a key of this benchmark, known to all"


@dataclass(frozen=True, slots=True)
class Mailing:
    """What is sent, and over what."""

    readers: int
    letters: int
    """Digests that they share."""
    connections: int
    latency_ms: int

    def __str__(self) -> str:
        """Return it in a few words."""
        letters = f"{self.letters:,} letters" if self.letters > 1 else "one letter"
        return f"{self.readers:,} mails of {letters}, {self.connections} connections, {self.latency_ms} ms"


def figures() -> Iterator[Figure]:
    """Yield the figures of mailings: CPU per mail for 1, 4 and 16 connections, near and far relays, and memory."""
    for connections in (1, 4, 16):
        yield from _measured(Mailing(10_000, SEGMENTS, connections, 0))
        yield from _measured(Mailing(2_000, 1, connections, 0))
    yield from _measured(Mailing(2_000, SEGMENTS, 16, 0))
    for readers, connections in ((500, 1), (2_000, 4), (2_000, 16)):
        for letters in (readers // 25, 1):
            yield from _measured(Mailing(readers, letters, connections, 20))


def memory() -> Iterator[Figure]:
    """Yield the figures of memory, from 10,000 to 100,000 recipients."""
    for readers in (10_000, 30_000, 100_000):
        yield from _measured(Mailing(readers, SEGMENTS, 4, 0))


def _measured(mailing: Mailing) -> Iterator[Figure]:
    """Yield what a process of its own measures, so that no mailing inherits another's memory."""
    with tempfile.TemporaryDirectory(prefix="recap-bench-") as folder, sink(mailing.latency_ms) as url:
        database = f"sqlite:///{folder}/recap.db"
        command = [sys.executable, "-m", "benchmarks.mail"]
        planning = [*command, "plan", database, str(mailing.readers), str(mailing.letters)]
        subprocess.run(planning, cwd=ROOT, check=True)
        sending = [*command, "send", database, url, str(mailing.connections)]
        # What it logs is made, as in a bot that logs, and thrown away.
        run = subprocess.run(
            sending, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
    sent, seconds, cpu_s, before_mb, after_mb = map(float, run.stdout.split())
    assert sent == mailing.readers
    yield Figure(f"{mailing}: CPU a mail", cpu_s * 1000 / sent, "ms", goal=1.0)
    yield Figure(f"{'':8}mails a second", sent / seconds, "")
    yield Figure(f"{'':8}memory it took", after_mb - before_mb, "MB")


@contextmanager
def sink(latency_ms: int, *, log: Path | None = None) -> Iterator[str]:
    """
    Run a relay in a process of its own that takes everything, *latency_ms* after it was said; yield its URL.

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
    """Make a ledger of mails to *readers* subscribers that are due *now*."""
    cards = [a_full_card().model_copy(update={"event_id": f"event-{number}"}) for number in range(_CARDS)]
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
            | {"segment": f"segment-{number:03}", "cards": cards}
        )
        for number in range(segments)
    ]
    with closing(SqlStore(database)) as store:
        store.upgrade()
        store.save_edition(recap, digests, [])
        for start in range(0, readers, 5_000):
            numbers = range(start, min(start + 5_000, readers))
            store.save_newcomers([_reader(number, since=now - timedelta(days=30)) for number in numbers])
            store.save_deliveries([_delivery(number, f"digest-{number % segments:03}", now=now) for number in numbers])


def address_of(number: int) -> str:
    """Return where the mail of that number goes."""
    return f"r{number}@reader.example"


def _reader(number: int, *, since: datetime) -> tuple[Subscriber, Subscription]:
    dates = dict.fromkeys(("created_at", "changed_at", "consented_at"), since)
    given = {"id": f"s{number:06}", "subscriber_id": f"p{number}", "list_id": LIST.id}
    return (
        Subscriber(id=f"p{number}", address=address_of(number), created_at=since),
        Subscription.model_validate(given | dates | {"state": SubscriptionState.ACTIVE}),
    )


def _delivery(number: int, digest: str, *, now: datetime) -> Delivery:
    place = {"purpose": "recap", "workspace": "", "destination": "weekly", "part": "mail"}
    recipient = address_of(number)
    return Delivery.model_validate(
        place
        | {"id": delivery_id(digest, recipient=recipient, revision=0, **place), "recipient": recipient}
        | {"subject": digest, "medium": Medium.EMAIL, "sender": "smtp", "recap_id": "2026-W47", "route_id": "all"}
        | {"planned_at": now, "not_before": now, "since": now - timedelta(days=30)}
    )


def send(database: str, url: str, connections: int) -> str:
    """Send what is due; return mails, seconds, CPU seconds, and memory before and after."""
    logs.configure({}, default="warning")  # as in `recap up`
    sender = _sender(url)
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
                lists=[LIST],
                alone=True,
            )
    return f"{report.sent} {watch.seconds} {watch.cpu_s} {before_mb} {_peak_mb()}"


def _sender(url: str) -> SmtpSender:
    """Return a sender with all the tokens of a real one; its relay signs."""
    seals = TokenSeals([_KEY])
    return SmtpSender(
        url,
        lists=[LIST],
        sender=None,
        base_url="https://recap.example",
        token=lambda address, list_id: seals.seal(links.UNSUBSCRIBE, (address_hash(address), list_id)),
        personal=Personal(
            preferences=lambda address, at: links.preferences_token(subscriber_id(address), at, seals=seals),
            feedback=lambda address, _: seals.seal(FEEDBACK, (subscriber_id(address),)),
        ),
        returns_to=return_address([_KEY], [LIST]),
    )


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
        case ["plan", database, readers, letters]:
            plan(database, int(readers), segments=int(letters))
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
