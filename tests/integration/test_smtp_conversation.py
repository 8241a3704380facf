"""What is said to a relay, word for word, and what is made of its answers."""

import smtplib
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.adapters.smtp.conversation import Conversation

COMMANDS = b"MAIL FROM:<recap@mail.example>\r\nRCPT TO:<mira@reader.example>\r\nDATA\r\n"


@contextmanager
def a_conversation(answers: bytes, *, is_pipelining: bool = True) -> Iterator[tuple[Conversation, socket.socket]]:
    """Yield a conversation with a relay that has said *answers* already, and the relay's end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(answers)
        smtp = smtplib.SMTP()
        smtp.sock = ours
        smtp.esmtp_features = {"pipelining": ""} if is_pipelining else {}
        talk = Conversation(smtp)
        yield talk, theirs
        talk.close()


def test_relay_that_takes_several_commands_gets_them_at_once() -> None:
    with a_conversation(b"") as (talk, relay):
        talk.begin("recap@mail.example", "mira@reader.example")

        assert relay.recv(1000) == COMMANDS


def test_relay_that_does_not_gets_one_after_its_answer() -> None:
    with a_conversation(b"250 sender ok\r\n", is_pipelining=False) as (talk, relay):
        talk.begin("recap@mail.example", "mira@reader.example")

        assert talk.answer() == (250, b"sender ok")
        assert relay.recv(1000) == b"MAIL FROM:<recap@mail.example>\r\n"


def test_answers_come_in_the_order_of_the_commands() -> None:
    with a_conversation(b"250 sender ok\r\n550 5.1.1 nobody\r\n503 no readers\r\n") as (talk, _):
        talk.begin("recap@mail.example", "mira@reader.example")

        assert [talk.answer()[0] for _ in range(3)] == [250, 550, 503]


def test_mail_that_is_given_up_leaves_no_answer_behind() -> None:
    with a_conversation(b"250 ok\r\n550 nobody\r\n503 no readers\r\n250 reset\r\n") as (talk, relay):
        talk.begin("recap@mail.example", "mira@reader.example")
        assert [talk.answer()[0] for _ in range(2)] == [250, 550]

        assert talk.reset() == 250

        assert relay.recv(1000) == COMMANDS + b"rset\r\n"


def test_relay_that_wants_a_mail_for_a_reader_whom_it_refused_gets_none() -> None:
    with a_conversation(b"250 ok\r\n550 nobody\r\n354 go on\r\n") as (talk, relay):
        talk.begin("recap@mail.example", "mira@reader.example")
        assert [talk.answer()[0] for _ in range(2)] == [250, 550]

        with pytest.raises(smtplib.SMTPServerDisconnected):
            talk.reset()

        assert relay.recv(1000) == COMMANDS


def test_dots_are_doubled_at_the_start_of_lines_alone() -> None:
    with a_conversation(b"250 taken\r\n") as (talk, relay):
        talk.send(b"Subject: a.b\r\n\r\n.hidden\r\n")

        assert talk.end() == (250, b"taken")
        assert relay.recv(1000) == b"Subject: a.b\r\n\r\n..hidden\r\n.\r\n"


def test_address_cannot_smuggle_a_command() -> None:
    with a_conversation(b"") as (talk, relay):
        talk.begin("recap@mail.example", "mira@reader.example>\r\nRCPT TO:<other@reader.example")

        assert relay.recv(1000).count(b"\r\n") == 3
