"""One connection to an SMTP relay, and what is said on it for a mail."""

import re
import smtplib
from typing import TypeAlias

from bot.adapters.smtp.line import leave

Answer: TypeAlias = tuple[int, bytes]

GO_ON = 354
_PLAIN = re.compile(r"[!-;=?-~]+")
"""Printing ASCII but for the angle brackets."""


class Conversation:
    """
    A connection that is logged in.

    Where the relay takes several commands at once (RFC 2920), MAIL, RCPT and DATA leave together, so that a mail waits
    for two answers, not for four.
    """

    def __init__(self, smtp: smtplib.SMTP) -> None:
        """Go on from the login."""
        self._smtp = smtp
        self._is_ahead = smtp.has_extn("pipelining")
        self._unsaid: list[bytes] = []
        self._unheard = 0
        """Commands that were not answered yet."""

    @property
    def is_open(self) -> bool:
        """Whether it can be used again."""
        return self._smtp.sock is not None

    def begin(self, sender: str, recipient: str) -> None:
        """Begin a mail: `answer` tells what becomes of MAIL, RCPT and DATA, in this order. Raises: as smtplib."""
        commands = (f"MAIL FROM:{_path(sender)}", f"RCPT TO:{_path(recipient)}", "DATA")
        self._unsaid = [f"{each}\r\n".encode("ascii") for each in commands]
        if self._is_ahead:
            self._say(len(self._unsaid))

    def answer(self) -> Answer:
        """Return the answer to the next command, which is said now if it was not said ahead. Raises: as smtplib."""
        if not self._unheard:
            self._say(1)
        self._unheard -= 1
        return self._smtp.getreply()

    def send(self, wire: bytes) -> None:
        """Send the mail, all but its final dot. Raises: as smtplib."""
        self._smtp.send(wire.replace(b"\r\n.", b"\r\n.."))

    def end(self) -> Answer:
        """Send the final dot; return what the relay says to the mail. Raises: as smtplib."""
        self._smtp.send(b".\r\n")
        return self._smtp.getreply()

    def reset(self) -> int:
        """Give up the mail that was begun; return the relay's answer. Raises: as smtplib."""
        while self._unheard:
            if self.answer()[0] == GO_ON:
                # It refused the reader, and waits for the mail all the same: only hanging up gives it none.
                raise smtplib.SMTPServerDisconnected("a mail without a reader was asked for")
        return self._smtp.rset()[0]

    def leave(self) -> None:
        """Say goodbye, as far as the relay still listens."""
        if self._unheard:
            self.close()
        else:
            leave(self._smtp)

    def close(self) -> None:
        """Hang up."""
        self._smtp.close()

    def _say(self, count: int) -> None:
        said, self._unsaid = self._unsaid[:count], self._unsaid[count:]
        self._unheard += count
        self._smtp.send(b"".join(said))


def _path(address: str) -> str:
    # smtplib's own way reads the whole grammar of addresses, which takes longer than to say the command.
    return f"<{address}>" if _PLAIN.fullmatch(address) else smtplib.quoteaddr(address)
