"""Conversations with an SMTP relay: one mail each, over connections that are used again."""

import re
import smtplib
import time
from dataclasses import dataclass
from threading import Lock

from bot.adapters.smtp.conversation import GO_ON, Answer, Conversation
from bot.adapters.smtp.line import Line, leave
from bot.deliver import refusals
from bot.model.errors import DeliveryFailed, DeliveryRefused, DeliveryUnknown, RelayUnreachable, SenderMisconfigured

_IDLE_S = 60.0
"""Relays commonly hang up after minutes; before that an idle connection is used again."""
_MAX_REPLY_CHARS = 200


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom, and how to speak of it without naming them."""

    destination: str
    sender: str
    recipient: str

    def told(self, code: int, reply: bytes) -> str:
        """Return the relay's answer in one line, without the reader's address."""
        text = " ".join(reply.decode("utf-8", "replace").split())
        text = re.sub(re.escape(self.recipient), "the reader", text, flags=re.I)
        return f"the relay said: {code} {text}"[:_MAX_REPLY_CHARS]


class Relay:
    """A relay, and the idle connections to it."""

    def __init__(self, url: str, timeout_s: float) -> None:
        """Connect to nothing yet; *url* as RECAP_SMTP_URL has it."""
        self._line = Line(url, timeout_s)
        self._guard = Lock()
        self._idle: list[tuple[Conversation, float]] = []

    def send(self, envelope: Envelope, wire: bytes) -> None:
        """
        Hand over one mail.

        Raises: DeliveryFailed, DeliveryRefused, SenderMisconfigured (all: surely not taken), DeliveryUnknown.
        """
        talk = self._begin(envelope)
        try:
            _check(talk.answer(), envelope)
            code, reply = talk.answer()
            if code != GO_ON:
                _check((code, reply), envelope)
                raise DeliveryFailed(envelope.destination, envelope.told(code, reply))
            talk.send(wire)
        except (smtplib.SMTPException, OSError) as exc:
            # The final dot has not left, so the relay has taken nothing (RFC 5321 4.1.1.4).
            talk.close()
            raise DeliveryFailed(envelope.destination, "the relay hung up before it had the mail") from exc
        except (DeliveryFailed, DeliveryRefused, SenderMisconfigured):
            self._keep_clean(talk)
            raise
        self._end(talk, envelope)

    def check(self) -> str:
        """Log in and take leave again; return what answers. Raises: DeliveryFailed, SenderMisconfigured."""
        smtp, where = self._line.open("email"), self._line.where
        try:
            code, _ = smtp.noop()
        except (smtplib.SMTPException, OSError):
            code = 421
        leave(smtp)
        if code >= 400:
            raise DeliveryFailed("email", f"the relay {where} has no time for us ({code})")
        return (
            f"{where} takes the login." if self._line.has_login else f"{where} answers; RECAP_SMTP_URL holds no login."
        )

    def close(self) -> None:
        """Take leave on every idle connection."""
        with self._guard:
            idle, self._idle = self._idle, []
        for talk, _ in idle:
            talk.leave()

    def _begin(self, envelope: Envelope) -> Conversation:
        """Return a connection that has taken the sender; one that the relay has closed meanwhile is replaced."""
        while (talk := self._take_idle()) is not None:
            try:
                talk.begin(envelope.sender, envelope.recipient)
                code, _ = talk.answer()
            except (smtplib.SMTPException, OSError):
                talk.close()
                continue
            if code == 250:
                return talk
            talk.leave()
        talk = Conversation(self._line.open(envelope.destination))
        try:
            talk.begin(envelope.sender, envelope.recipient)
            _check(talk.answer(), envelope, is_about_us=True)
        except (smtplib.SMTPException, OSError) as exc:
            talk.close()
            raise RelayUnreachable(envelope.destination, "the relay hangs up at once") from exc
        except (DeliveryFailed, SenderMisconfigured):
            self._keep_clean(talk)
            raise
        return talk

    def _end(self, talk: Conversation, envelope: Envelope) -> None:
        try:
            code, reply = talk.end()
        except (smtplib.SMTPException, OSError) as exc:
            talk.close()
            raise DeliveryUnknown(envelope.destination, "the relay hung up after it had the whole mail") from exc
        try:
            _check((code, reply), envelope)
        finally:
            self._give_back(talk, code)

    def _keep_clean(self, talk: Conversation) -> None:
        try:
            code = talk.reset()
        except (smtplib.SMTPException, OSError):
            talk.close()
            return
        self._give_back(talk, code)

    def _give_back(self, talk: Conversation, code: int) -> None:
        if code == 421 or not talk.is_open:
            talk.close()
            return
        with self._guard:
            self._idle.append((talk, time.monotonic()))

    def _take_idle(self) -> Conversation | None:
        stale = time.monotonic() - _IDLE_S
        while True:
            with self._guard:
                if not self._idle:
                    return None
                talk, since = self._idle.pop()
            if since >= stale:
                return talk
            talk.leave()


def _check(answer: Answer, envelope: Envelope, *, is_about_us: bool = False) -> None:
    code, reply = answer
    if not 200 <= code < 400:
        told = envelope.told(code, reply)
        raise refusals.error_of(code, told, destination=envelope.destination, is_about_us=is_about_us)
