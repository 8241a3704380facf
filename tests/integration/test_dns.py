"""TXT records from a name server of our own on loopback."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import dns.message
import dns.rcode
import dns.rrset
import pytest

from bot.adapters.dns import TextRecords
from bot.model.errors import LookupFailed

ZONE = {"mailer.dev.": ['"v=spf1 " "-all"', '"unrelated=1"'], "empty.dev.": []}


@contextmanager
def a_name_server() -> Iterator[int]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        thread = Thread(target=_answer_all, args=(held,), daemon=True)
        thread.start()
        yield held.getsockname()[1]
        held.sendto(b"", held.getsockname())
        thread.join(5)


def _answer_all(held: socket.socket) -> None:
    while data := held.recvfrom(4096):
        if not data[0]:
            return
        asked = dns.message.from_wire(data[0])
        name = asked.question[0].name
        answer = dns.message.make_response(asked)
        if str(name) == "broken.dev.":
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif str(name) not in ZONE:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif texts := ZONE[str(name)]:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *texts))
        held.sendto(answer.to_wire(), data[1])


@contextmanager
def a_patient_server(*, waits_for: int) -> Iterator[int]:
    """Answer nobody before so many names were asked for."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        thread = Thread(target=_answer_late, args=(held, waits_for), daemon=True)
        thread.start()
        yield held.getsockname()[1]
        held.sendto(b"", held.getsockname())
        thread.join(5)


def _answer_late(held: socket.socket, waits_for: int) -> None:
    waiting: dict[str, tuple[bytes, Any]] = {}
    while data := held.recvfrom(4096):
        if not data[0]:
            return
        waiting[str(dns.message.from_wire(data[0]).question[0].name)] = data
        if len(waiting) == waits_for:
            for asked, sender in waiting.values():
                answer = dns.message.make_response(dns.message.from_wire(asked))
                answer.set_rcode(dns.rcode.NXDOMAIN)
                held.sendto(answer.to_wire(), sender)


def test_record_in_pieces_comes_in_one() -> None:
    with a_name_server() as port:
        records = TextRecords(nameservers=["127.0.0.1"], port=port)

        assert records.fetch("mailer.dev") == ["unrelated=1", "v=spf1 -all"]


@pytest.mark.parametrize("name", ["empty.dev", "nobody.dev"])
def test_name_without_records_has_none(name: str) -> None:
    with a_name_server() as port:
        assert TextRecords(nameservers=["127.0.0.1"], port=port).fetch(name) == []


def test_server_that_fails_is_no_missing_record() -> None:
    with a_name_server() as port, pytest.raises(LookupFailed, match=r"broken\.dev"):
        TextRecords(nameservers=["127.0.0.1"], port=port).fetch("broken.dev")


def test_names_are_asked_for_side_by_side() -> None:
    names = [f"part{number}.mailer.dev" for number in range(9)]
    with a_patient_server(waits_for=len(names)) as port:
        look_up = TextRecords(nameservers=["127.0.0.1"], port=port).fetch_each(names)

        assert [look_up(name) for name in names] == [[]] * 9


def test_server_that_never_answers_says_how_long_was_waited() -> None:
    with (
        a_patient_server(waits_for=99) as port,
        pytest.raises(LookupFailed, match=r"mailer\.dev: no name server answered within 0.1 seconds"),
    ):
        TextRecords(nameservers=["127.0.0.1"], port=port, timeout_s=0.1).fetch("mailer.dev")
