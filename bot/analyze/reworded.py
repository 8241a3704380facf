"""Sentences said in other words without another meaning, by rules that cannot make them false."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime

from bot.analyze import cues, dates, words

_VERBS = {
    "said": "stated", "says": "states", "announced": "said", "told": "informed", "unveiled": "presented",
    "launched": "released", "released": "launched", "raised": "secured", "bought": "acquired", "acquired": "bought",
    "rose": "climbed", "fell": "dropped", "cut": "reduced", "plans to": "intends to", "shows": "demonstrates",
    "found": "showed", "began": "started", "started": "began", "reported": "announced", "wrote": "said",
    "sagte": "erklärte", "kündigte": "kündigte", "zegt": "meldt", "sagt": "erklärt",
    "表示": "称", "宣布": "公布", "推出": "发布", "发布": "推出",
    "达到": "达", "指出": "表示", "完成": "获得", "超过": "超",
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_TAIL = re.compile(
    r", (?:which|who|where|while|although|whose|including|wobei|terwijl)\b(?:[^,.]|(?<=\d)[,.](?=\d))*(?=[,.]|$)"
    r"|(?<=\w)，(?:其中|此外|而且|同时|并)[^，。]*(?=。)"
)
_LEAD = re.compile(r"^(?P<lead>(?:In|On|At|During|Since|After|For) [^,]{3,50}), (?P<rest>[^,]{20,})\.$")
_PARENTHESIS = re.compile(r" ?[(（][^()（）]{2,60}[)）]")
_ACTIVE = re.compile(
    r"^(?P<who>(?:[A-Z][\w'’-]+ ?){1,3}) (?P<verb>acquired|announced|released|launched|developed|published|unveiled"
    r"|introduced|bought|built|presented|filed|signed|raised|approved|rejected|blocked|fined)"
    r" (?P<what>(?:the |a |an |its )?[\w$.,%'’ -]{4,80}?)"
    r"(?P<rest>(?: (?:on|in|for|at|after|with|as|to|that|which|by)\b[^.]*)?)\.$"
)

_SAID_LAST = re.compile(r"(?P<what>[^\"“”]{20,}), (?P<who>(?:[A-Z][\w'’-]+ ?){1,3}) (?:said|says|reported|announced)\.")


def ways(sentence: str, published_at: datetime | None) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) for each way in which *sentence* can be said otherwise; see `KINDS`."""
    for kind, reword in _WAYS.items():
        text = reword(sentence)
        if text and words.fold(text) != words.fold(sentence):
            yield kind, text
    if (text := _date_reordered(sentence, published_at)) and text != sentence:
        yield "date", text


def _number_format(sentence: str) -> str | None:
    """Write 5.5 billion for 5.5bn, and the other way round; 12% for 12 percent; 1,200,000 for 1.2 million."""
    for number in reversed(words.numbers(sentence)):
        shown = sentence[number.start : number.end]
        if re.search(r"[\w-]$", sentence[: number.start]) and sentence[number.start - 1].isascii():
            continue  # part of a name
        if (new := _formatted(number, shown)) and new != shown:
            return sentence[: number.start] + new + sentence[number.end :]
    return None


def _formatted(number: words.Number, shown: str) -> str | None:
    if number.is_percent:
        return shown.replace("%", " percent") if "%" in shown else re.sub(r"\s?(?:per ?cent|Prozent)$", "%", shown)
    for word, short in (("billion", "bn"), ("million", "m")):
        if number.scaled != number.value and shown.endswith(f" {word}"):
            return shown.replace(f" {word}", short)
    if shown.endswith("亿"):
        return shown.replace(shown.strip("$€£¥￥ "), f"{number.scaled / 1e4:.0f}万")
    is_long = shown.strip().isdigit() and number.value >= 10_000
    return shown.replace(shown.strip(), f"{number.value:,.0f}") if is_long else None


def _synonym(sentence: str) -> str | None:
    for verb, other in _VERBS.items():
        pattern = rf"\b{verb}\b" if verb.isascii() else verb
        if re.search(pattern, sentence) and not (verb == "told" and "told by" in sentence):
            return re.sub(pattern, other, sentence, count=1)
    return None


def _shortened(sentence: str) -> str | None:
    if cues.quoted_share(sentence):
        return None
    short = _TAIL.sub("", sentence, count=1)
    return short if words.count(short) >= 6 and short != sentence else None


def _without_parenthesis(sentence: str) -> str | None:
    short = _PARENTHESIS.sub("", sentence, count=1)
    return short if words.count(short) >= 6 and short != sentence else None


def _reordered(sentence: str) -> str | None:
    match = _LEAD.match(sentence)
    if not match or cues.quoted_share(sentence):
        return None
    rest, lead = match["rest"], match["lead"]
    return f"{rest[0].upper()}{rest[1:]} {lead[0].lower()}{lead[1:]}."


def _passive(sentence: str) -> str | None:
    match = _ACTIVE.match(sentence)
    if not match or match["what"].startswith("its ") or " that" in match["what"]:
        return None
    what, be = match["what"].strip(), "were" if re.search(r"s$", match["what"].split()[-1]) else "was"
    return f"{what[0].upper()}{what[1:]} {be} {match['verb']} by {match['who'].strip()}{match['rest']}."


def _attributed(sentence: str) -> str | None:
    """Turn "…, Smith said." round to "According to Smith, …"."""
    match = _SAID_LAST.fullmatch(sentence)
    if not match:
        return None
    what = match["what"]
    first = what[0].lower() if what.split()[0] in ("The", "A", "It", "In") else what[0]
    return f"According to {match['who']}, {first}{what[1:]}."


def _date_reordered(sentence: str, published_at: datetime | None) -> str | None:
    """Write 5 March 2025 for March 5, 2025, and 2025-03-05 for 2025年3月5日."""
    for mention in dates.find(sentence, published_at, is_ahead=cues.dates_ahead(sentence)):
        shown = sentence[mention.start : mention.end]
        if len(mention.value) != len("2025-03-05"):
            continue
        day = date.fromisoformat(mention.value)
        new = _written(day, shown)
        if new:
            return sentence[: mention.start] + new + sentence[mention.end :]
    return None


def _written(day: date, shown: str) -> str | None:
    month, year = _MONTHS[day.month - 1], f" {day.year}" if str(day.year) in shown else ""
    if re.match(r"[A-Z]", shown):
        return f"{day.day} {month}{year}"
    if re.match(r"\d{1,2} [A-Z]", shown) and month[:3] in shown:
        return f"{month} {day.day}" + (f", {day.year}" if year else "")
    if "月" in shown and year:
        return day.isoformat()
    return None


_WAYS: dict[str, Callable[[str], str | None]] = {
    "number format": _number_format,
    "reporting verb": _synonym,
    "clause dropped": _shortened,
    "parenthesis dropped": _without_parenthesis,
    "order": _reordered,
    "passive": _passive,
    "attribution": _attributed,
}
KINDS = (*_WAYS, "date")
"""The ways of rewording, by name."""
