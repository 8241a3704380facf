"""Reads the dates of feeds, and says how far each can be believed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from bot.model.article import DateKind

_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)"
    r"(?:[Tt\s]\s*(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d?)(?:[.,]\d+)?)?\s*(?P<zone>[^\d\s].*)?)?"
)
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:[Tt](?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)?(?P<zone>[^\d\s].*)?)?"
)
_RFC822 = re.compile(
    r"(?:[A-Za-z]+\.?\s*,?\s+|[A-Za-z]+,)?(?P<day>\d\d?)(?:\s+|-)(?P<month>[A-Za-z]{3,9})\.?,?(?:\s+|-)(?P<year>\d{4}|\d\d),?"
    r"(?:\s+(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?\s*(?P<zone>[^\d\s].*)?)?"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})\s*[/.年-]\s*(?P<month>\d\d?)\s*[/.月-]\s*(?P<day>\d\d?)(?!\d)\s*日?"
    r"(?:[^\d:]*(?P<hour>\d\d?)[:时](?P<minute>\d\d)(?:[:分](?P<second>\d\d))?\s*(?P<zone>[^\d\s].*)?)?"
)
_OFFSET = re.compile(r"(?:UTC|GMT|Z)?\s*([+-])(\d\d?):?(\d\d)?")
_ZONE_HOURS = {
    # Source: RFC 822 section 5, then zones that European, Asian and Pacific publishers write.
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2,
    "eest": 3, "msk": 3, "ist": 5.5, "sgt": 8, "hkt": 8, "awst": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11,
    "nzst": 12, "nzdt": 13,
}  # fmt: skip
_EARLIEST_YEAR = 1990
"""No feed is older; 1970 and 0001 are zero values of computers, not dates."""


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """When something was published, and how we know."""

    at: datetime | None
    """Aware, UTC; never after the collection."""
    kind: DateKind
    is_clamped: bool = False
    """The feed's date lay in the future."""


def parse(text: str | None, *, guess: datetime | None, collected_at: datetime) -> ParsedDate:
    """
    Return the date that *text* tells.

    RFC 822 and ISO 8601 with time and zone are *given*; with either missing, or in
    another notation, the date is *guessed* (UTC is assumed). feedparser's *guess* is
    taken only where its year, month and day stand in *text*, because it reads
    `2020/1/10` as 1 November. A date after *collected_at* becomes *collected_at*.
    """
    raw = " ".join(re.sub(r"\([^)]*\)", " ", text or "").split())
    at, kind = _read(raw)
    if at is None and guess is not None and _agrees(raw, guess):
        at, kind = guess, DateKind.GUESSED
    if at is None or at.year < _EARLIEST_YEAR:
        return ParsedDate(None, DateKind.MISSING)
    if at > collected_at:
        return ParsedDate(collected_at, kind, is_clamped=True)
    return ParsedDate(at, kind)


def _read(raw: str) -> tuple[datetime | None, DateKind]:
    for pattern, is_strict in ((_ISO, True), (_COMPACT, True), (_RFC822, True), (_YEAR_FIRST, False)):
        found = pattern.fullmatch(raw)
        if found:
            at, is_exact = _moment(found.groupdict())
            if at is not None:
                return at, DateKind.GIVEN if is_strict and is_exact else DateKind.GUESSED
    return None, DateKind.MISSING


def _moment(parts: dict[str, str | None]) -> tuple[datetime | None, bool]:
    month = _month(parts["month"] or "")
    offset = _offset(parts["zone"])
    try:
        day = datetime(_year(parts["year"] or ""), month, int(parts["day"] or 0), tzinfo=UTC)
        # 24:00 and the leap second 60 are legal; adding up takes both.
        clock = timedelta(
            hours=int(parts["hour"] or 0), minutes=int(parts["minute"] or 0), seconds=int(parts["second"] or 0)
        )
        if clock > timedelta(hours=24, seconds=1):
            return None, False
        at = (day + clock).replace(tzinfo=timezone(offset or timedelta())).astimezone(UTC)
    except (ValueError, OverflowError):
        return None, False
    return at, parts["hour"] is not None and offset is not None


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 70 else 1900)


def _month(word: str) -> int:
    if word.isdigit():
        return int(word)
    lowered = word.lower()
    return next(
        (n for n, name in enumerate(_MONTHS, 1) if name.startswith(lowered) or lowered == "sept" == name[:4]), 0
    )


def _offset(zone: str | None) -> timedelta | None:
    if zone is None:
        return None
    hours = _ZONE_HOURS.get(zone.strip().lower())
    if hours is not None:
        return timedelta(hours=hours)
    found = _OFFSET.fullmatch(zone.strip().upper())
    if not found:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if offset > timedelta(hours=14):
        return None
    return -offset if found[1] == "-" else offset


def _agrees(raw: str, guess: datetime) -> bool:
    without_time = re.sub(r"\d\d?:\d\d.*", "", raw)
    numbers = [int(digits) for digits in re.findall(r"\d+", without_time)]
    has_month_word = bool(re.search(r"[^\W\d_]{3,}", re.sub(r"^[^\W\d_]+[,.]?\s", "", without_time)))
    if len(numbers) == 2:
        return has_month_word and sorted(numbers) == sorted([guess.year, guess.day])
    if len(numbers) != 3 or guess.year not in numbers:
        return False
    rest = list(numbers)
    rest.remove(guess.year)
    # 3/4/2026 is the third of April in one country and the fourth of March in the next.
    return sorted(rest) == sorted([guess.month, guess.day]) and (max(rest) > 12 or rest[0] == rest[1])
