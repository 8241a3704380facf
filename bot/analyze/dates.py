"""Dates that a text names, in the precision of the text."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_MONTHS = (
    "january|januar|jänner|jan", "february|februar|feb", "march|märz|mar", "april|apr", "may|mai", "june|juni"
    "|jun", "july|juli|jul",
    "august|aug", "september|sept|sep", "october|oktober|oct|okt", "november|nov", "december|dezember|dec|dez",
)  # fmt: skip
_NUMBER_OF_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split("|")}
# Case matters: "may" and "march" are words as well.
_NAME = "(?P<month>" + "|".join(n.capitalize() for names in _MONTHS for n in names.split("|")) + r")\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d|[-–]\d|[.,]\d)"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_NOT_JOINED = r"(?<![\w/.,-])"
_PART = "(?:early |mid-|late |Anfang |Mitte |Ende )?"
_IN = r"(?P<when>[Ii]n|[Dd]uring|[Ss]ince|[Ii]m|[Ll]ast|[Tt]his|[Nn]ext|[Ll]etzten|[Vv]ergangenen) " + _PART
_FOUNDED = r"(?:[Ii]n|[Dd]uring|[Ii]m Jahre?|[Ff]ounded|[Ll]aunched|[Ss]eit|[Ll]ate|[Ee]arly) (?:the year )?" + _PART
_CJK_YEAR = r"(?P<year>(?:19|20)\d\d)\s?[年년]|(?P<relative>去年|今年|明年|前年|昨年|来年|작년)\s?"


@dataclass(frozen=True, slots=True)
class Mention:
    """A date that a text names."""

    start: int
    end: int
    value: str
    """`2023`, `2023-05` or `2023-05-17`."""


def _rule(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


_RULES = (
    _rule(
        r"(?<![A-Za-z0-9_/.,-])(?P<year>(?:19|20)\d\d)-(?P<number>1[0-2]|0[1-9])"
        r"(?:-(?P<day>3[01]|[12]\d|0[1-9]))?(?![A-Za-z0-9_-])"
    ),
    _rule(
        rf"(?:{_CJK_YEAR})\s?(?P<number>1[0-2]|0?[1-9])\s?[月월](?!\w*份?额)(?:\s?(?P<day>3[01]|[12]\d|0?[1-9])\s?[日号일])?"
    ),
    _rule(r"(?<![\d年])(?P<number>1[0-2]|0?[1-9])\s?[月월]\s?(?P<day>3[01]|[12]\d|0?[1-9])\s?[日号일]"),
    _rule(r"(?P<year>(?:19|20)\d\d)\s?[年년](?!\s?(?:\d|以来|代|度))"),
    _rule(_NOT_JOINED + rf"{_NAME} {_DAY},? {_YEAR}"),
    _rule(_NOT_JOINED + rf"{_DAY}\.?(?: of)? {_NAME},? {_YEAR}"),
    _rule(_NOT_JOINED + r"(?P<day>3[01]|[12]\d|0?[1-9])\.(?P<number>1[0-2]|0?[1-9])\.(?P<year>(?:19|20)\d\d)(?!\d)"),
    _rule(_NOT_JOINED + rf"{_NAME},? (?:of )?{_YEAR}"),
    _rule(_NOT_JOINED + rf"{_NAME} {_DAY}(?![\d,.]\d|\w|%)"),
    _rule(_NOT_JOINED + rf"{_DAY}\.?(?: of)? {_NAME}(?! \d)"),
    _rule(r"(?<!\w)" + _IN + _NAME + r"(?! \d)"),
    _rule(r"(?<!\w)" + _FOUNDED + _YEAR + r"(?! (?:percent|people|Prozent|Menschen))"),
)
_OF_ANOTHER_YEAR = re.compile(r",? (?:of )?(?:that|the same|the following|the previous|every|each) year|s? every year")
_PAST = re.compile(
    r"\b(?:\w{2,}ed|was|were|had|did|began|came|went|took|made|sold|bought|won|lost|led|rose|fell|grew|built|held"
    r"|gave|left"
    r"|met|paid|ran|saw|sent|spent|wrote|became|last|hatten?|waren?|wurden?|letzten|vergangenen)\b|[了曾已去昨]"
)
_RELATIVE_YEARS = {"去年": -1, "昨年": -1, "작년": -1, "前年": -2, "今年": 0, "this": 0, "明年": 1, "来年": 1}


def find(text: str, published_at: datetime | None, *, is_ahead: bool = False) -> list[Mention]:
    """
    Return the dates named in *text*, in order, without overlaps.

    A date without its year is the last such one before *published_at*, or the next one after it
    where the text looks ahead (*is_ahead*). It is left out without *published_at*, and where it would lie over
    half a year back although the text tells nothing past.
    """
    taken: list[Mention] = []
    for rule in _RULES:
        for match in rule.finditer(text):
            value = _value(match, published_at, is_ahead=is_ahead)
            if _OF_ANOTHER_YEAR.match(text, match.end()):
                continue
            if value and not match.groupdict().get("year") and _is_doubtful(value, text, published_at):
                continue
            free = all(match.end() <= mention.start or mention.end <= match.start() for mention in taken)
            if value and free:
                taken.append(Mention(match.start(), match.end(), value))
    return sorted(taken, key=lambda mention: mention.start)


def _value(match: re.Match[str], published_at: datetime | None, *, is_ahead: bool) -> str | None:
    parts = match.groupdict()
    month = int(parts["number"]) if parts.get("number") else _NUMBER_OF_MONTH.get((parts.get("month") or "").casefold())
    day = int(parts["day"]) if parts.get("day") else None
    year = int(parts["year"]) if parts.get("year") else None
    if year is None and published_at is not None:
        relative = parts.get("relative") or (parts.get("when") or "").casefold()
        year = _year(relative, published_at.date(), month=month, day=day, is_ahead=is_ahead)
    if year is None or not _exists(year, month, day):
        return None
    return "-".join([f"{year:04d}", *(f"{part:02d}" for part in (month, day) if part)])


def _year(relative: str, published: date, *, month: int | None, day: int | None, is_ahead: bool) -> int:
    if relative in _RELATIVE_YEARS:
        return published.year + _RELATIVE_YEARS[relative]
    named, now = (month or 1, day or published.day), (published.month, published.day)
    if is_ahead or relative == "next":
        return published.year + (named < now)
    if relative in {"last", "letzten", "vergangenen"}:
        return published.year - (named >= now)
    # A feed's zone may put the writer's day one after ours.
    return published.year - (named > now and not _is_next_day(published, month, day))


def _is_doubtful(value: str, text: str, published_at: datetime | None) -> bool:
    if published_at is None or _PAST.search(text):
        return False
    half_a_year_ago = (published_at - timedelta(days=183)).date().isoformat()
    return value < half_a_year_ago[: len(value)]


def _is_next_day(published: date, month: int | None, day: int | None) -> bool:
    if not month or not day or not _exists(published.year, month, day):
        return False
    return (date(published.year, month, day) - published).days in (1, 2)


def _exists(year: int, month: int | None, day: int | None) -> bool:
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return False
    return True
