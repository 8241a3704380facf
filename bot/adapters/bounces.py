"""Mails that came back: delivery reports (RFC 3464), complaints (RFC 5965), and what other servers write instead."""

import logging
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr

from flufl.bounce import all_failures

from bot.deliver import bounced
from bot.model.returned import Returned
from bot.model.values import digest_of

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs what we catch, traceback and all

MAX_BYTES = 2_000_000
"""What comes after that of a mail is not read: the report stands before the original."""
_MAX_DIAGNOSTIC_CHARS = 500
_MAX_PARTS = 200
_DEEPEST = 8
_OUTER = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
_ABUSE = frozenset({"abuse", "fraud", "virus", "other", "opt-out", "opt-out-list"})
_MESSAGE_ID = re.compile(r"^[>\s]*Message-ID:\s*<([^<>\s]{1,300})>", re.I | re.M)
_COPY = re.compile(r"^[ \t]*-{2,}.*\b(?:copy|below|original|returned|unsent)\b", re.I | re.M)
_REPLY = re.compile(r"(?:\b[45]\d\d[ -]|[45]\.\d{1,3}\.\d{1,3}\b).*")


def read(raw: bytes, *, sent_to: str = "") -> Returned | None:
    """
    Return what the mail *raw* says of a reader; null where it says nothing (a delay, an answer, junk).

    *sent_to* is the address that it was delivered to, where the mail server tells; whatever the bytes, it never raises.
    """
    try:
        mail = message_from_bytes(raw[:MAX_BYTES])
    except RecursionError:  # mails in mails in mails: nobody reports so
        return None
    parts = list(_parts(mail))
    told = _complaint(parts) or _report(parts) or _other(mail, parts)
    if told is None:
        return None
    return Returned(
        identity=_text(mail, "Message-ID") or digest_of("mail", raw.decode("latin-1")),
        is_complaint=told.get("kind") == "complaint",
        address=told.get("address", ""),
        status=told.get("status", ""),
        diagnostic=_one_line(told.get("diagnostic", "")),
        envelopes=tuple(_envelopes(mail, parts, sent_to)),
        message_ids=tuple(dict.fromkeys(filter(None, _message_ids(parts)))),
    )


def _complaint(parts: list[Message]) -> dict[str, str] | None:
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            fields = _fields(part)
            feedback = _text(fields, "Feedback-Type").lower()
            if feedback not in _ABUSE:
                return None
            address = _address(_text(fields, "Original-Rcpt-To"))
            return {"kind": "complaint", "address": address, "diagnostic": f"reported as {feedback}"}
    return None


def _report(parts: list[Message]) -> dict[str, str] | None:
    """Return the first failed recipient of a delivery report. Source: RFC 3464, 2.3."""
    for part in parts:
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in _blocks(part):
            if _text(block, "Action").lower().startswith(("fail", "error")):
                diagnostic = _text(block, "Diagnostic-Code").partition(";")[2] or _text(block, "Diagnostic-Code")
                return {
                    "address": _address(_text(block, "Original-Recipient") or _text(block, "Final-Recipient")),
                    "status": bounced.status_of(_text(block, "Status"), diagnostic),
                    "diagnostic": diagnostic,
                }
    return None


def _other(mail: Message, parts: list[Message]) -> dict[str, str] | None:
    """Return what a mail of no standard form says: by the known forms, or by Exim's and Gmail's own header."""
    if any(part.get_content_type() == "message/delivery-status" and list(_blocks(part)) for part in parts):
        return None
    address = _address(_text(mail, "X-Failed-Recipients").split(",")[0]) or _known_form(mail)
    if not address:
        return None
    words = _reason_for(address, _human_words(parts))
    said = _REPLY.search(words)
    return {
        "address": address,
        "status": bounced.status_of("", said[0] if said else ""),
        "diagnostic": said[0] if said else words,
    }


def _reason_for(address: str, words: str) -> str:
    """Return what stands after *address* in *words*, without the copy of our own mail: its words say nothing."""
    own, _, _ = words.partition(address)
    report = _COPY.split(words[len(own) :])[0]
    return report.replace(address, "", 1).strip(" <>:\n\r") or _COPY.split(words)[0]


def _known_form(mail: Message) -> str:
    if not _text(mail, "From"):
        del mail["From"]
        mail["From"] = "<>"  # one of the detectors asks for it, and an error in one ends them all
    try:
        _, permanent = all_failures(mail)
    except Exception:  # noqa: BLE001  # detectors trip over hostile mail in ways of their own; then it is no bounce
        return ""
    return min((address.decode("ascii", "replace") for address in permanent), default="")


def _parts(mail: Message) -> Iterator[Message]:
    """Yield *mail* and its parts, the outer first; neither deeper nor more than any real report has."""
    waiting = [(mail, 0)]
    count = 0
    while waiting and count < _MAX_PARTS:
        part, depth = waiting.pop(0)
        count += 1
        yield part
        if depth < _DEEPEST and part.is_multipart() and part.get_content_type() != "message/delivery-status":
            waiting += [(child, depth + 1) for child in _blocks(part)]


def _blocks(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (block for block in payload if isinstance(block, Message))
    elif isinstance(payload, str):
        yield from (message_from_bytes(text.encode("utf-8", "replace")) for text in payload.strip().split("\n\n"))


def _fields(part: Message) -> Message:
    return next(_blocks(part), part)


def _envelopes(mail: Message, parts: list[Message], sent_to: str) -> Iterator[str]:
    if sent_to:
        yield sent_to
    for name in _OUTER:
        yield from (str(value) for value in mail.get_all(name, []))
    for part in parts[1:]:
        inner = _fields(part) if part.get_content_type() == "message/feedback-report" else part
        yield from (_text(inner, name) for name in ("Original-Mail-From", "Return-Path") if _text(inner, name))


def _message_ids(parts: list[Message]) -> Iterator[str]:
    for part in parts[1:]:
        if part.get_content_type().startswith("message/") or "Message-ID" in part:
            yield _text(part, "Message-ID").strip("<> ")
    for part in parts:
        yield from _MESSAGE_ID.findall(_content(part))


def _human_words(parts: list[Message]) -> str:
    return next((text for part in parts if (text := _content(part).strip())), "")


def _content(part: Message) -> str:
    if part.is_multipart() or part.get_content_maintype() not in ("text", "message"):
        return ""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError):
        return ""
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _text(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _address(field: str) -> str:
    """Return the bare address of a field such as `rfc822; <ann@reader.example>`."""
    return parseaddr(field.partition(";")[2] or field)[1]


def _one_line(text: str) -> str:
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())[:_MAX_DIAGNOSTIC_CHARS]
