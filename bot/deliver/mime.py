"""A digest as a mail: the exact bytes, the same for every sender."""

import binascii
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from bot.model.delivery import Delivery
from bot.model.digest import Digest
from bot.model.errors import DeliveryRefused, SenderMisconfigured
from bot.model.policy import MailingList
from bot.model.values import digest_of

UNSUBSCRIBE_URL = "%%unsubscribe_url%%"
"""Where compose left room for the recipient's own link."""

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_URL = re.compile(r"https?://[!-;=?-~]{1,900}")
_MAX_ADDRESS_CHARS = 254
"""Source: RFC 5321 4.5.3.1, CONVENTIONS E52."""
_BASE64_LINE_BYTES = 57
_ASCII = bytes(range(128))


@dataclass(frozen=True, slots=True)
class Printed:
    """A mail, ready for the envelope."""

    sender: str
    recipient: str
    message_id: str
    wire: bytes
    """With CRLF lines."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest's mail to one list, ready but for the recipient: making it costs far more than addressing it."""

    head: bytes
    """The headers that all recipients share."""
    boundary: str
    sender: str
    """The bare address that it comes from."""
    text: str
    html: str
    encode: Callable[[bytes], bytes]
    encoding: str

    def to(self, delivery: Delivery, *, unsubscribe_url: str, sent_at: datetime) -> bytes:
        """
        Return the bytes of the mail to the delivery's recipient, with CRLF lines.

        Raises: DeliveryRefused (an address that cannot be written to), SenderMisconfigured (a link that is none).
        """
        if not _URL.fullmatch(unsubscribe_url):
            raise SenderMisconfigured(delivery.destination, "the unsubscribe link is no URL; mend RECAP_BASE_URL")
        own = [
            f"To: {recipient_of(delivery)}",
            f"Date: {format_datetime(sent_at)}",
            f"Message-ID: {self.message_id(delivery)}",
            f"List-Unsubscribe: <{unsubscribe_url}>",
        ]
        plain = self._part("plain", self.text.replace(UNSUBSCRIBE_URL, unsubscribe_url))
        rich = self._part("html", self.html.replace(UNSUBSCRIBE_URL, html.escape(unsubscribe_url)))
        end = f"--{self.boundary}--\r\n".encode()
        return b"".join((self.head, "\r\n".join(own).encode("ascii"), b"\r\n\r\n", plain, rich, end))

    def message_id(self, delivery: Delivery) -> str:
        """Return the Message-ID of *delivery*: its own at every try. Source: CONVENTIONS E4."""
        return f"<{delivery.id}@{self.sender.rpartition('@')[2]}>"

    def _part(self, subtype: str, content: str) -> bytes:
        lines = content.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").replace("\n", "\r\n") + "\r\n"
        head = (
            f"--{self.boundary}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
            f"Content-Transfer-Encoding: {self.encoding}\r\n\r\n"
        )
        return head.encode() + self.encode(lines.encode("utf-8")) + b"\r\n"


def build(
    digest: Digest,
    delivery: Delivery,
    *,
    mailing_list: MailingList,
    sender: str,
    unsubscribe_url: str,
    sent_at: datetime,
) -> EmailMessage:
    """
    Return the mail that *delivery* asks for; its Message-ID is the delivery's own, whenever it is built.

    Raises: DeliveryRefused, SenderMisconfigured.
    """
    wire = letter(digest, mailing_list=mailing_list, sender=sender).to(
        delivery, unsubscribe_url=unsubscribe_url, sent_at=sent_at
    )
    return message_from_bytes(wire, EmailMessage, policy=policy.SMTP)


def letter(digest: Digest, *, mailing_list: MailingList, sender: str) -> Letter:
    """
    Return the mail of *digest* to *mailing_list*, without its recipient.

    Source: CONVENTIONS E1 to E9, E20, E25.

    Raises: DeliveryRefused where the digest has no mail, SenderMisconfigured where *sender* is no address.
    """
    if digest.email is None:
        raise DeliveryRefused(mailing_list.id, "the digest has no mail; build the recap again")
    origin = origin_of(sender, mailing_list.id)
    encoding, encode = _encoding_for(digest.email.html)
    boundary = f"=_{digest_of('boundary', digest.key, mailing_list.id)}"
    headers = EmailMessage(policy=policy.SMTP)
    headers["From"] = origin
    headers["Subject"] = _one_line(digest.email.subject)
    headers["List-Id"] = _list_id(mailing_list, origin.domain)
    headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    headers["Auto-Submitted"] = "auto-generated"
    headers["Precedence"] = "bulk"
    headers["Content-Language"] = digest.email.language
    # Last, and not through the message, which would write an empty multipart.
    structure = f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{boundary}"\r\n'
    return Letter(
        head=headers.as_bytes().rstrip(b"\r\n") + b"\r\n" + structure.encode("ascii"),
        boundary=boundary,
        sender=origin.addr_spec,
        text=digest.email.text,
        html=digest.email.html,
        encode=encode,
        encoding=encoding,
    )


def recipient_of(delivery: Delivery) -> str:
    """
    Return the address of *delivery* as it goes on the wire.

    Raises: DeliveryRefused where it is no single plain address.
    """
    address = _ascii_address(delivery.recipient)
    if not address:
        raise DeliveryRefused(delivery.destination, "the recipient's address cannot be written to; correct it")
    return address


def origin_of(sender: str, list_id: str) -> Address:
    """Return From, as an address that can be sent from. Raises: SenderMisconfigured."""
    name, found = parseaddr(_one_line(sender))
    address = _ascii_address(found)
    if not address:
        raise SenderMisconfigured(
            list_id, f"'{sender}' is no address to send from; set RECAP_EMAIL_FROM or `from` of the list {list_id}"
        )
    return Address(display_name=name, addr_spec=address)


def _ascii_address(text: str) -> str:
    local, _, domain = text.strip().rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return ""
    return address if len(address) <= _MAX_ADDRESS_CHARS and _ADDRESS.fullmatch(address) else ""


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _list_id(mailing_list: MailingList, domain: str) -> str:
    name = re.sub(r'["\\<>]', "", _one_line(mailing_list.name))
    identity = f"<{re.sub(r'[^a-z0-9-]+', '-', mailing_list.id.lower())}.{domain}>"
    # An encoded word must not stand inside quotes (RFC 2047 5.3), and other names need them (RFC 2919 3).
    return f'"{name}" {identity}' if name.isascii() and name else f"{name} {identity}".strip()


def _encoding_for(content: str) -> tuple[str, Callable[[bytes], bytes]]:
    # Quoted-printable triples each byte that is not ASCII; base64 makes everything a third longer.
    raw = content.encode("utf-8")
    foreign = len(raw.translate(None, _ASCII))
    return ("base64", _base64) if foreign * 6 > len(raw) else ("quoted-printable", _quoted_printable)


def _quoted_printable(raw: bytes) -> bytes:
    return binascii.b2a_qp(raw, istext=True)


def _base64(raw: bytes) -> bytes:
    step = _BASE64_LINE_BYTES
    lines = (binascii.b2a_base64(raw[start : start + step], newline=False) for start in range(0, len(raw), step))
    return b"\r\n".join(lines) + b"\r\n"
