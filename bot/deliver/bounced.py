"""What a refusal says of the reader: gone, full, or our own fault."""

import re
from collections.abc import Mapping

from bot.model.subscriber import BounceKind

_KINDS = {
    "5.1.1": BounceKind.HARD,
    "5.1.2": BounceKind.HARD,
    "5.1.3": BounceKind.HARD,
    "5.1.6": BounceKind.HARD,
    "5.1.7": BounceKind.POLICY,
    "5.1.8": BounceKind.POLICY,
    "5.1.10": BounceKind.HARD,
    "5.2.3": BounceKind.POLICY,
    "5.3.4": BounceKind.POLICY,
    "5.5": BounceKind.POLICY,
    "5.6": BounceKind.POLICY,
    "5.7": BounceKind.POLICY,
    "4.7": BounceKind.POLICY,
}
"""
Codes, whole or by class and subject, that tell; all others are soft.

Source: RFC 3463, its registry (https://www.iana.org/assignments/smtp-enhanced-status-codes), CONVENTIONS E62, E33.
"""
_CODE = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_FULL = re.compile(
    r"quota|(?:mailbox|inbox|maildir|storage)\b.{0,20}\bfull|insufficient\b.{0,20}\b(?:storage|space)", re.I
)
_GONE = re.compile(
    r"\b(?:unknown (?:user|recipient|mailbox|address|local)|(?:user|recipient|mailbox|address|account)\b.{0,30}"
    r"\b(?:unknown|not found|not exist|disabled|inactive|closed|invalid)"
    r"|no such (?:user|mailbox|recipient|address|person|account)|invalid (?:user|mailbox|recipient|address)"
    r"|no mailbox here|unrouteable address|doesn't have an? \S+ account"
    r"|(?:host|domain)\b.{0,30}\bnot (?:found|exist))",
    re.I,
)
_OURS = re.compile(
    r"\b(?:spam|black ?list|block ?list|blocked|rbl|dnsbl|reputation|polic(?:y|ies)|dmarc|spf|dkim|unauthenticated"
    r"|relay(?:ing)? (?:access )?(?:denied|not permitted)|virus)",
    re.I,
)


def kind_of(status: str, diagnostic: str, *, kinds: Mapping[str, BounceKind]) -> BounceKind:
    """
    Return what a refusal with *status* (may be empty or vague) and *diagnostic* says.

    *kinds* are an operator's own readings of codes, whole (`5.2.1`) or by class and subject (`5.2`);
    they go before ours. Where no code tells, the words do; where nothing tells, it is soft.
    """
    code = status_of(status, diagnostic)
    told = _of_code(code, kinds) or _of_code(code, _KINDS)
    if told is not None:
        return told
    return _of_words(diagnostic) if is_vague(code) else BounceKind.SOFT


def status_of(status: str, diagnostic: str) -> str:
    """Return the code that says most: *status*, or where that is vague or missing, the one in *diagnostic*."""
    found = _CODE.search(status)
    given = ".".join(found.groups()) if found else ""
    if not is_vague(given):
        return given
    inner = _CODE.search(diagnostic)
    return ".".join(inner.groups()) if inner else given


def is_vague(code: str) -> bool:
    """Return whether *code* says nothing but that it failed, such as `5.0.0`."""
    return not code or code.split(".")[1] == "0"


def _of_code(code: str, kinds: Mapping[str, BounceKind]) -> BounceKind | None:
    return kinds.get(code) or kinds.get(code.rpartition(".")[0])


def _of_words(diagnostic: str) -> BounceKind:
    if _FULL.search(diagnostic):
        return BounceKind.SOFT
    if _GONE.search(diagnostic):
        return BounceKind.HARD
    return BounceKind.POLICY if _OURS.search(diagnostic) else BounceKind.SOFT
