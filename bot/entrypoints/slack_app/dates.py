"""Days as people write them."""

import re
from datetime import date, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS_ZH = "一二三四五六日"
_NAMED = {"today": 0, "yesterday": 1, "今天": 0, "昨天": 1, "前天": 2}
_UNITS = {"d": 1, "day": 1, "days": 1, "天": 1, "w": 7, "week": 7, "weeks": 7, "周": 7, "month": 30, "months": 30}
_AGO = re.compile(r"(\d{1,3}|an?|the)? *(d|days?|w|weeks?|months?|天|周)(?: +ago|前)?", re.IGNORECASE)
_WEEKDAY = re.compile(r"(?:last +|on +|this +)?([a-z]{3,9})", re.IGNORECASE)
_WEEKDAY_ZH = re.compile(r"(上?)(?:周|星期)([一二三四五六日天])")


def day_of(words: str, *, today: date) -> date | None:
    """
    Return the day that *words* name: ISO, `yesterday`, `last monday`, `3 days ago`, `last week`, or their Chinese.

    A weekday is the last one before *today*; never a day to come. Null where they name none.
    """
    text = " ".join(words.casefold().split()).removeprefix("since ")
    if text in _NAMED:
        return today - timedelta(days=_NAMED[text])
    found = _iso(text) or _weekday(text, today) or _ago(text.removeprefix("last ").removeprefix("past "), today)
    return found if found and found <= today else None


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _ago(text: str, today: date) -> date | None:
    found = _AGO.fullmatch(text)
    if found is None:
        return None
    count = int(found[1]) if (found[1] or "").isdigit() else 1
    return today - timedelta(days=count * _UNITS[found[2]])


def _weekday(text: str, today: date) -> date | None:
    number = _number(text)
    if number is None:
        return None
    return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)


def _number(text: str) -> int | None:
    if chinese := _WEEKDAY_ZH.fullmatch(text):
        return _DAYS_ZH.index(chinese[2].replace("天", "日"))
    found = _WEEKDAY.fullmatch(text)
    return next((n for n, day in enumerate(_DAYS) if found and day.startswith(found[1])), None)
