"""A digest as a mail: the exact bytes, the same for every sender."""

import binascii
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cached_property, lru_cache
from urllib.parse import quote

from bot.deliver import encoded
from bot.model import slots
from bot.model.delivery import Delivery
from bot.model.digest import Digest
from bot.model.digest import EmailMessage as MailContent
from bot.model.errors import DeliveryRefused, SenderMisconfigured
from bot.model.policy import MailingList
from bot.model.values import digest_of

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_URL = re.compile(r"https?://[!-;=?-~]{1,900}")
_MAX_ADDRESS_CHARS = 254
"""Source: RFC 5321 4.5.3.1, CONVENTIONS E52."""
_MAX_SENDER_ID_CHARS = 15
"""Of a Feedback-ID, which Gmail else leaves out of its reports."""
_BASE64_LINE_BYTES = 57
_ASCII = bytes(range(128))
_SLOT = re.compile(f"({'|'.join((slots.UNSUBSCRIBE_URL, slots.PREFERENCES_URL, slots.FEEDBACK_URL, slots.SINCE))})")


@dataclass(frozen=True, slots=True)
class Printed:
    """A mail, ready for the envelope."""

    sender: str
    recipient: str
    message_id: str
    wire: bytes
    """With CRLF lines."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where one reader leaves, chooses, and says what they think."""

    unsubscribe: str
    preferences: str
    feedback: str


class _Part:
    """One part of a letter; what it does not leave open is encoded once for all readers, where that can be."""

    def __init__(self, content: str) -> None:
        lines = content.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").replace("\n", "\r\n") + "\r\n"
        self.encoding, self._encode = _encoding_for(content)
        # Base64 takes three bytes at a time, so that what is filled in moves all that follows.
        keeps = self.encoding == "quoted-printable"
        pieces = filter(None, _SLOT.split(lines))
        self._pieces = [
            each if _SLOT.fullmatch(each) or not keeps else self._encode(each.encode("utf-8")) for each in pieces
        ]

    def filled(self, values: Mapping[str, str]) -> bytes:
        """Return the part of one reader, encoded."""
        if self.encoding == "quoted-printable":
            known = {slot: _quoted_printable(value.encode("utf-8")) for slot, value in values.items()}
            pieces = (each if isinstance(each, bytes) else known[each] for each in self._pieces)
            return b"=\r\n".join(pieces)
        whole = "".join(values.get(each, each) for each in self._pieces if isinstance(each, str))
        return self._encode(whole.encode("utf-8"))


class _Body:
    """What all readers of one kind share, encoded when the first of them is written to."""

    def __init__(self, mail: MailContent, fit: Callable[[str], str]) -> None:
        self._mail = mail
        self._fit = fit

    @cached_property
    def text(self) -> _Part:
        return _Part(self._fit(self._mail.text))

    @cached_property
    def html(self) -> _Part:
        return _Part(self._fit(self._mail.html))


@dataclass(frozen=True, slots=True)
class Letter:
    """A digest's mail to one list, ready but for the recipient: making it costs far more than addressing it."""

    head: bytes
    """The headers that all recipients share."""
    boundary: str
    sender: str
    """The bare address that it comes from."""
    subscriber: _Body
    """For those who subscribed."""
    member: _Body
    """For the list's members by config."""
    mailto: str
    """Where a reader may leave by mail; empty: nowhere."""

    def to(self, delivery: Delivery, *, links: Links, sent_at: datetime) -> bytes:
        """
        Return the bytes of the mail to the delivery's recipient, with CRLF lines.

        Raises: DeliveryRefused (an address that cannot be written to), SenderMisconfigured (a link that is none).
        """
        if not all(_URL.fullmatch(each) for each in (links.unsubscribe, links.preferences, links.feedback)):
            raise SenderMisconfigured(delivery.destination, "the unsubscribe link is no URL; mend RECAP_BASE_URL")
        body = self.subscriber if delivery.since else self.member
        values = {
            slots.UNSUBSCRIBE_URL: links.unsubscribe,
            slots.PREFERENCES_URL: links.preferences,
            slots.FEEDBACK_URL: links.feedback,
            slots.SINCE: delivery.since.date().isoformat() if delivery.since else "",
        }
        own = [
            f"To: {recipient_of(delivery)}",
            f"Date: {_dated(sent_at)}",
            f"Message-ID: {self.message_id(delivery)}",
            f"List-Unsubscribe: <{links.unsubscribe}>{self._by_mail(links)}",
        ]
        plain = self._part("plain", body.text, values)
        rich = self._part("html", body.html, {slot: html.escape(value) for slot, value in values.items()})
        end = f"--{self.boundary}--\r\n".encode()
        return b"".join((self.head, "\r\n".join(own).encode("ascii"), b"\r\n\r\n", plain, rich, end))

    def message_id(self, delivery: Delivery) -> str:
        """Return the Message-ID of *delivery*: its own at every try. Source: CONVENTIONS E4."""
        return f"<{delivery.id}@{self.sender.rpartition('@')[2]}>"

    def _by_mail(self, links: Links) -> str:
        if not self.mailto:
            return ""
        token = quote(links.unsubscribe.rpartition("/")[2], safe="")
        return f",\r\n <mailto:{quote(self.mailto, safe='@+')}?subject=unsubscribe%20{token}>"

    def _part(self, subtype: str, part: _Part, values: Mapping[str, str]) -> bytes:
        head = (
            f"--{self.boundary}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
            f"Content-Transfer-Encoding: {part.encoding}\r\n\r\n"
        )
        return head.encode() + part.filled(values) + b"\r\n"


def build(
    digest: Digest,
    delivery: Delivery,
    *,
    mailing_list: MailingList,
    sender: str,
    base_url: str,
    links: Links,
    sent_at: datetime,
) -> EmailMessage:
    """
    Return the mail that *delivery* asks for; its Message-ID is the delivery's own, whenever it is built.

    Raises: DeliveryRefused, SenderMisconfigured.
    """
    made = letter(digest, mailing_list=mailing_list, sender=sender, base_url=base_url)
    wire = made.to(delivery, links=links, sent_at=sent_at)
    return message_from_bytes(wire, EmailMessage, policy=policy.SMTP)


def letter(digest: Digest, *, mailing_list: MailingList, sender: str, base_url: str) -> Letter:
    """
    Return the mail of *digest* to *mailing_list*, without its recipient.

    Source: CONVENTIONS E1 to E9, E20, E25.

    Raises: DeliveryRefused where the digest has no mail, SenderMisconfigured where *sender* is no address.
    """
    if digest.email is None:
        raise DeliveryRefused(mailing_list.id, "the digest has no mail; build the recap again")
    list_id = mailing_list.id
    origin = origin_of(sender, list_id)
    boundary = f"=_{digest_of('boundary', digest.key, mailing_list.id)}"
    head = [
        f"From: {encoded.mailbox(origin)}",
        f"Subject: {encoded.text(_one_line(digest.email.subject))}",
        *([f"Reply-To: {encoded.mailbox(origin_of(mailing_list.reply_to, list_id))}"] if mailing_list.reply_to else []),
        f"List-Id: {_list_id(mailing_list, origin.domain)}",
        f"List-Archive: <{base_url}/>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        f"Feedback-ID: {_feedback_id(digest, list_id, origin.domain)}",
        "Auto-Submitted: auto-generated",
        "Precedence: bulk",
        f"Content-Language: {digest.email.language}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
    ]
    return Letter(
        head="".join(f"{line}\r\n" for line in head).encode("ascii"),
        boundary=boundary,
        sender=origin.addr_spec,
        subscriber=_Body(digest.email, slots.for_subscriber),
        member=_Body(digest.email, slots.for_member),
        mailto=_ascii_address(mailing_list.unsubscribe_mailto),
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


# Mails of a recap are dated the same, and most readers share a few domains.
_dated = lru_cache(64)(format_datetime)


@lru_cache(1024)
def _ascii_domain(domain: str) -> str:
    return domain.encode("idna").decode("ascii")


def _ascii_address(text: str) -> str:
    local, _, domain = text.strip().rpartition("@")
    try:
        address = f"{local}@{_ascii_domain(domain)}"
    except UnicodeError:
        return ""
    return address if len(address) <= _MAX_ADDRESS_CHARS and _ADDRESS.fullmatch(address) else ""


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _list_id(mailing_list: MailingList, domain: str) -> str:
    name = re.sub(r'["\\<>]', "", _one_line(mailing_list.name))
    identity = f"<{re.sub(r'[^a-z0-9-]+', '-', mailing_list.id.lower())}.{domain}>"
    # An encoded word must not stand inside quotes (RFC 2047 5.3), and other names need them (RFC 2919 3).
    return f'"{name}" {identity}' if name.isascii() and name else f"{encoded.text(name)} {identity}".strip()


def _feedback_id(digest: Digest, list_id: str, domain: str) -> str:
    """
    Return what Gmail counts complaints by: recap, route and list, then who sends, in 5 to 15 characters.

    Source: https://support.google.com/a/answer/6254652.
    """
    who = domain if 5 <= len(domain) <= _MAX_SENDER_ID_CHARS else f"recap{digest_of('sender', domain)}"
    parts = (digest.recap_id, digest.route_id, list_id, who[:_MAX_SENDER_ID_CHARS])
    return ":".join(re.sub(r"[^A-Za-z0-9._-]+", "-", part) for part in parts)


def _encoding_for(content: str) -> tuple[str, Callable[[bytes], bytes]]:
    # Quoted-printable triples each byte that is not ASCII; base64 makes everything a third longer.
    raw = content.encode("utf-8")
    foreign = len(raw.translate(None, _ASCII))
    return ("base64", _base64) if foreign * 6 > len(raw) else ("quoted-printable", _quoted_printable)


def _quoted_printable(raw: bytes) -> bytes:
    # It breaks long lines by a bare LF where the data has no CRLF of its own.
    return binascii.b2a_qp(raw, istext=True).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _base64(raw: bytes) -> bytes:
    step = _BASE64_LINE_BYTES
    lines = (binascii.b2a_base64(raw[start : start + step], newline=False) for start in range(0, len(raw), step))
    return b"\r\n".join(lines) + b"\r\n"
