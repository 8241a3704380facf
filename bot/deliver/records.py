"""SPF, DKIM and DMARC: what a sender's domain must say in its DNS, and whether it does."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.deliver.dkim import DkimKey
from bot.model.errors import LookupFailed

Lookup = Callable[[str], Sequence[str]]
"""Name → its TXT records, joined, none where it has none. Raises: LookupFailed."""

_Check = Callable[[str, Lookup], "Judgement"]

_RESERVED = ("example", "test", "invalid", "localhost", "example.com", "example.net", "example.org")
"""Names that can belong to nobody. Source: RFC 2606, RFC 6761."""
_SPF_LOOKUPS = 10
"""More make the record void. Source: RFC 7208 4.6.4."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found about one record."""

    level: Literal["ok", "note", "fault"]
    text: str


def names(domain: str, *, dkim: DkimKey | None) -> list[str]:
    """Return the names whose records `judge` may ask for, so that they can be looked up at once."""
    if _is_reserved(domain):
        return []
    signed = [_dkim_name(domain, dkim)] if dkim else []
    return [domain, *(f"_dmarc.{name}" for name in _up_from(domain)), *signed]


def judge(domain: str, *, look_up: Lookup, dkim: DkimKey | None) -> Iterator[Judgement]:
    """
    Yield what the records of a sender's *domain* say to receivers, with the mend.

    Where nothing can be looked up at all, that is one line. Source: CONVENTIONS E30, E33; RFC 7208, 6376, 7489.
    """
    if _is_reserved(domain):
        yield Judgement("note", f"{domain} is a name for examples: no mail from it arrives anywhere.")
        return
    checks: tuple[_Check, ...] = (_spf, _dmarc, lambda name, ask: _dkim(name, ask, dkim))
    found = [_or_unknown(check, domain, look_up) for check in checks]
    failed = [each for each in found if isinstance(each, LookupFailed)]
    mend = f"Look at SPF, DKIM and DMARC of {domain} yourself"
    if len(failed) == len(found) - (dkim is None):
        yield Judgement("note", f"{failed[0]} {mend}, or run this where DNS answers.")
        return
    for each in found:
        yield Judgement("note", f"{each} {mend}.") if isinstance(each, LookupFailed) else each


def _or_unknown(check: _Check, domain: str, look_up: Lookup) -> Judgement | LookupFailed:
    try:
        return check(domain, look_up)
    except LookupFailed as exc:
        return exc


def _spf(domain: str, look_up: Lookup) -> Judgement:
    found = [text for text in look_up(domain) if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE)]
    if not found:
        return Judgement(
            "fault", f'SPF: {domain} has none; add a TXT record there: "v=spf1 include:<your relay> -all".'
        )
    if len(found) > 1:
        return Judgement("fault", f"SPF: {domain} has {len(found)} records, so none counts; make one of them.")
    words = found[0].split()[1:]
    if re.search(r"(?:^| )\+?all(?: |$)", found[0], re.IGNORECASE):
        return Judgement("fault", f"SPF: {domain} lets everybody send ('+all'); end the record with -all or ~all.")
    asked = sum(1 for word in words if re.match(r"[+?~-]?(?:include|a|mx|ptr|exists|redirect)\b", word, re.IGNORECASE))
    if asked > _SPF_LOOKUPS:
        return Judgement("fault", f"SPF: the record of {domain} asks {asked} names; receivers stop at {_SPF_LOOKUPS}.")
    return Judgement("ok", f"SPF: {domain} says '{found[0]}'; see that your relay is in it.")


def _dmarc(domain: str, look_up: Lookup) -> Judgement:
    for name in _up_from(domain):
        found = [text for text in look_up(f"_dmarc.{name}") if text.lower().startswith("v=dmarc1")]
        if len(found) > 1:
            return Judgement("fault", f"DMARC: _dmarc.{name} has {len(found)} records, so none counts; keep one.")
        if found:
            policy = re.search(r"\bp\s*=\s*(\w+)", found[0])
            if policy is None:
                return Judgement("fault", f'DMARC: _dmarc.{name} names no policy; write "v=DMARC1; p=none".')
            return Judgement("ok", f"DMARC: {name} says p={policy[1].lower()}.")
    mend = f'add a TXT record at _dmarc.{domain}: "v=DMARC1; p=none; rua=mailto:postmaster@{domain}"'
    return Judgement("fault", f"DMARC: {domain} has none, and Gmail, Yahoo and Outlook ask for it; {mend}.")


def _dkim(domain: str, look_up: Lookup, dkim: DkimKey | None) -> Judgement:
    if dkim is None:
        return Judgement(
            "note", "DKIM: RECAP_DKIM_KEY_FILE is not set; see that your relay signs for the sender's domain."
        )
    name = _dkim_name(domain, dkim)
    found = [text for text in look_up(name) if re.search(r"\bp\s*=", text)]
    if not found:
        return Judgement("fault", f'DKIM: {name} has no key; add a TXT record there: "{dkim.record}".')
    if _key_of(dkim.record) not in {_key_of(text) for text in found}:
        return Judgement("fault", f'DKIM: {name} has another key than RECAP_DKIM_KEY_FILE; make it "{dkim.record}".')
    if dkim.private.key_size < 1024:
        return Judgement(
            "fault", f"DKIM: the key has {dkim.private.key_size} bits; receivers ask for 1024, better 2048."
        )
    return Judgement("ok", f"DKIM: {name} has the key that we sign with.")


def _dkim_name(domain: str, dkim: DkimKey) -> str:
    return f"{dkim.selector}._domainkey.{domain}"


def _key_of(record: str) -> str:
    found = re.search(r"\bp\s*=([^;]*)", record)
    return "".join(found[1].split()) if found else ""


def _up_from(domain: str) -> Iterator[str]:
    """Yield *domain* and what it is part of, down to two labels: DMARC may stand at the organization's."""
    labels = domain.split(".")
    for start in range(max(1, len(labels) - 1)):
        yield ".".join(labels[start:])


def _is_reserved(domain: str) -> bool:
    return any(domain == name or domain.endswith(f".{name}") for name in _RESERVED)
