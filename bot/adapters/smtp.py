"""Mail: sends through an SMTP relay."""

import ipaddress
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from bot.deliver.dkim import DkimKey
from bot.deliver.press import Press
from bot.model.delivery import Delivery, Receipt
from bot.model.digest import Digest
from bot.model.errors import DeliveryFailed, DeliveryRefused, DeliveryUnknown, SenderMisconfigured
from bot.model.policy import MailingList
from bot.model.subscriber import Notice
from bot.ports import Sender, SenderCheck

_PORTS = {"smtp": 587, "smtps": 465}
_OUR_FAULT = re.compile(r"\b5\.7\.(?:26|515)\b|relay(?:ing)?(?: access)? (?:denied|not permitted)", re.IGNORECASE)
"""What we must mend, not the reader: SPF, DKIM, DMARC, relaying. Source: CONVENTIONS E33, E62."""
_LOGIN_CODES = frozenset({530, 534, 535, 538})
_IDLE_S = 60.0
"""Relays commonly hang up after minutes; before that an idle connection is used again."""
_MAX_REPLY_CHARS = 200


class SmtpSender(Sender):
    """Mails digests; connections are used again."""

    def __init__(
        self,
        url: str,
        *,
        lists: Sequence[MailingList],
        sender: str | None,
        base_url: str,
        token: Callable[[str, str], str],
        timeout_s: float = 30,
        dkim: DkimKey | None = None,
        returns_to: Callable[[Delivery], str] = lambda _: "",
    ) -> None:
        """
        Send through *url*: `smtp://user:pass@host:587` (STARTTLS where offered) or `smtps://…`.

        *sender* goes before the lists' own From; *token* makes (address, list id) an unsubscribe token.
        """
        self._relay = _Relay(url, timeout_s)
        self._press = Press(lists, sender=sender, base_url=base_url, token=token, dkim=dkim, returns_to=returns_to)

    @property
    def name(self) -> str:
        """`smtp`."""
        return "smtp"

    def workspace(self) -> str:
        """Return nothing: in the ledger the list's id stands for it."""
        return ""

    def send(self, delivery: Delivery, digest: Digest, *, parent: Receipt | None) -> Receipt:  # noqa: ARG002
        """
        Mail *digest* to the delivery's recipient; a mail has no *parent*.

        Raises: DeliveryFailed, DeliveryRefused, DestinationGone, SenderMisconfigured, DeliveryUnknown.
        """
        mail = self._press.mail(delivery, digest)
        self._relay.send(_Envelope(delivery.destination, mail.sender, mail.recipient), mail.wire)
        return Receipt(mail.message_id)

    def send_notice(self, delivery: Delivery, notice: Notice) -> Receipt:
        """Mail *notice* to the delivery's recipient. Raises: as `send`."""
        mail = self._press.notice(delivery, notice)
        self._relay.send(_Envelope(delivery.destination, mail.sender, mail.recipient), mail.wire)
        return Receipt(mail.message_id)

    def fetch_receipt(self, delivery: Delivery) -> Receipt | None:  # noqa: ARG002
        """Return null: SMTP does not show what became of a mail."""
        return None

    def check(self, destinations: Sequence[str]) -> SenderCheck:  # noqa: ARG002  # a relay takes mail for anyone
        """Log in to the relay and take leave again. Raises: DeliveryFailed, SenderMisconfigured."""
        return SenderCheck(self._relay.check())

    def close(self) -> None:
        """Take leave of the relay."""
        self._relay.close()


@dataclass(frozen=True, slots=True)
class _Envelope:
    """Who writes to whom, and how to speak of it without naming them."""

    destination: str
    sender: str
    recipient: str

    def told(self, code: int, reply: bytes) -> str:
        """Return the relay's answer in one line, without the reader's address."""
        text = " ".join(reply.decode("utf-8", "replace").split())
        text = re.sub(re.escape(self.recipient), "the reader", text, flags=re.I)
        return f"the relay said: {code} {text}"[:_MAX_REPLY_CHARS]


class _Relay:
    """A relay, and the idle connections to it."""

    def __init__(self, url: str, timeout_s: float) -> None:
        parts = urlsplit(url)
        self._scheme, self._host = parts.scheme, parts.hostname or ""
        self._port = parts.port or _PORTS.get(parts.scheme, 0)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._timeout_s = timeout_s
        self._guard = Lock()
        self._idle: list[tuple[smtplib.SMTP, float]] = []

    def send(self, envelope: _Envelope, wire: bytes) -> None:
        smtp = self._begin(envelope)
        try:
            _check(smtp.rcpt(envelope.recipient), envelope, refused=DeliveryRefused)
            code, reply = smtp.docmd("DATA")
            if code != 354:
                _check((code, reply), envelope, refused=DeliveryRefused)
                raise DeliveryFailed(envelope.destination, envelope.told(code, reply))
            smtp.send(_dot_stuffed(wire))
        except (smtplib.SMTPException, OSError) as exc:
            # The final dot has not left, so the relay has taken nothing (RFC 5321 4.1.1.4).
            smtp.close()
            raise DeliveryFailed(envelope.destination, "the relay hung up before it had the mail") from exc
        except (DeliveryFailed, DeliveryRefused, SenderMisconfigured):
            self._keep_clean(smtp)
            raise
        self._end(smtp, envelope)

    def check(self) -> str:
        smtp, where = self._connected("email"), f"{self._host}:{self._port}"
        try:
            code, _ = smtp.noop()
        except (smtplib.SMTPException, OSError):
            code = 421
        _quit(smtp)
        if code >= 400:
            raise DeliveryFailed("email", f"the relay {where} has no time for us ({code})")
        return f"{where} takes the login." if self._user else f"{where} answers; RECAP_SMTP_URL holds no login."

    def close(self) -> None:
        with self._guard:
            idle, self._idle = self._idle, []
        for smtp, _ in idle:
            _quit(smtp)

    def _begin(self, envelope: _Envelope) -> smtplib.SMTP:
        """Return a connection that has taken the sender; one that the relay has closed meanwhile is replaced."""
        while (smtp := self._take_idle()) is not None:
            try:
                code, _ = smtp.mail(envelope.sender)
            except (smtplib.SMTPException, OSError):
                smtp.close()
                continue
            if code == 250:
                return smtp
            _quit(smtp)
        smtp = self._connected(envelope.destination)
        try:
            _check(smtp.mail(envelope.sender), envelope, refused=SenderMisconfigured)
        except (smtplib.SMTPException, OSError) as exc:
            smtp.close()
            raise DeliveryFailed(envelope.destination, "the relay hung up before it had the mail") from exc
        except (DeliveryFailed, SenderMisconfigured):
            self._keep_clean(smtp)
            raise
        return smtp

    def _end(self, smtp: smtplib.SMTP, envelope: _Envelope) -> None:
        try:
            smtp.send(b".\r\n")
            code, reply = smtp.getreply()
        except (smtplib.SMTPException, OSError) as exc:
            smtp.close()
            raise DeliveryUnknown(envelope.destination, "the relay hung up after it had the whole mail") from exc
        try:
            _check((code, reply), envelope, refused=DeliveryRefused)
        finally:
            self._give_back(smtp, code)

    def _keep_clean(self, smtp: smtplib.SMTP) -> None:
        try:
            code, _ = smtp.rset()
        except (smtplib.SMTPException, OSError):
            smtp.close()
            return
        self._give_back(smtp, code)

    def _give_back(self, smtp: smtplib.SMTP, code: int) -> None:
        if code == 421 or smtp.sock is None:
            smtp.close()
            return
        with self._guard:
            self._idle.append((smtp, time.monotonic()))

    def _take_idle(self) -> smtplib.SMTP | None:
        stale = time.monotonic() - _IDLE_S
        while True:
            with self._guard:
                if not self._idle:
                    return None
                smtp, since = self._idle.pop()
            if since >= stale:
                return smtp
            _quit(smtp)

    def _connected(self, destination: str) -> smtplib.SMTP:
        where = f"{self._host}:{self._port}"
        if not self._host or self._scheme not in _PORTS:
            raise SenderMisconfigured(destination, "RECAP_SMTP_URL must look like smtp://user:pass@host:587")
        try:
            smtp = self._dial()
        except ssl.SSLCertVerificationError as exc:
            mend = "use the name in its certificate in RECAP_SMTP_URL, or put its authority into SSL_CERT_FILE"
            raise SenderMisconfigured(destination, f"the certificate of {where} is not trusted: {mend}") from exc
        except smtplib.SMTPResponseException as exc:
            _raise_connect(exc, destination, where)
        except (smtplib.SMTPException, OSError) as exc:
            raise DeliveryFailed(destination, f"the relay {where} cannot be reached ({type(exc).__name__})") from exc
        try:
            self._log_in(smtp, destination)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _dial(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout_s, context=context)
        else:
            smtp = smtplib.SMTP(self._host, self._port, timeout=self._timeout_s)
        try:
            # The final dot goes out by itself; without this it waits some 40 ms for the relay's delayed ACK.
            if smtp.sock is not None:
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            smtp.ehlo_or_helo_if_needed()
            if self._scheme == "smtp" and smtp.has_extn("starttls"):
                smtp.starttls(context=context)
                smtp.ehlo()
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _log_in(self, smtp: smtplib.SMTP, destination: str) -> None:
        if not self._user:
            return
        if not isinstance(smtp.sock, ssl.SSLSocket) and not _is_loopback(self._host):
            raise SenderMisconfigured(
                destination, f"{self._host} offers no encryption, so the password stays here; use smtps://"
            )
        try:
            smtp.login(self._user, self._password)
        except smtplib.SMTPResponseException as exc:
            _raise_connect(exc, destination, self._host)
        except smtplib.SMTPServerDisconnected as exc:
            raise DeliveryFailed(destination, f"the relay {self._host} hung up at the login") from exc
        except smtplib.SMTPException as exc:  # no AUTH, or no mechanism that we know
            raise SenderMisconfigured(
                destination, f"{self._host} takes no login; leave user and password out of RECAP_SMTP_URL"
            ) from exc


def _check(
    answer: tuple[int, bytes], envelope: _Envelope, *, refused: type[DeliveryRefused | SenderMisconfigured]
) -> None:
    code, reply = answer
    if 200 <= code < 400:
        return
    told = envelope.told(code, reply)
    if code in _LOGIN_CODES or (code >= 500 and _OUR_FAULT.search(told)):
        raise SenderMisconfigured(
            envelope.destination, f"{told}; mend the login in RECAP_SMTP_URL or the domain's records"
        )
    if code >= 500:
        raise refused(envelope.destination, told)
    raise DeliveryFailed(envelope.destination, told)


def _raise_connect(exc: smtplib.SMTPResponseException, destination: str, where: str) -> NoReturn:
    if 400 <= exc.smtp_code < 500:
        raise DeliveryFailed(destination, f"the relay {where} has no time for us ({exc.smtp_code})") from exc
    if isinstance(exc, smtplib.SMTPAuthenticationError):
        mend = "correct user and password in RECAP_SMTP_URL (percent-encode special characters)"
        raise SenderMisconfigured(destination, f"the relay refuses the login ({exc.smtp_code}): {mend}") from exc
    raise SenderMisconfigured(destination, f"the relay {where} does not let us in ({exc.smtp_code})") from exc


def _dot_stuffed(wire: bytes) -> bytes:
    return wire.replace(b"\r\n.", b"\r\n..")


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _quit(smtp: smtplib.SMTP) -> None:
    with suppress(smtplib.SMTPException, OSError):
        smtp.quit()
    smtp.close()
