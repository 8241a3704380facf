"""Weekdays and days counted from the moment of writing: Tuesday, yesterday, last year, 去年."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_WEEKDAYS = (
    "monday|montag|周一|星期一", "tuesday|dienstag|周二|星期二", "wednesday|mittwoch|周三|星期三",
    "thursday|donnerstag|周四|星期四", "friday|freitag|周五|星期五", "saturday|samstag|周六|星期六",
    "sunday|sonntag|周日|星期日|星期天",
)  # fmt: skip
_DAYS = {
    "yesterday": -1, "last night": -1, "gestern": -1, "昨天": -1, "昨日": -1, "昨晚": -1,
    "today": 0, "tonight": 0, "heute": 0, "今天": 0, "今日": 0, "今晚": 0,
    "tomorrow": 1, "morgen": 1, "明天": 1, "明日": 1,
}  # fmt: skip
_YEARS = {
    "last year": -1,
    "this year": 0,
    "next year": 1,
    "letztes jahr": -1,
    "去年": -1,
    "今年": 0,
    "明年": 1,
    "前年": -2,
}
_MONTHS = {
    "last month": -1,
    "this month": 0,
    "next month": 1,
    "上个月": -1,
    "上月": -1,
    "本月": 0,
    "下个月": 1,
    "下月": 1,
}
_OTHERS = {
    "last week": "week-1", "上周": "week-1", "this week": "week0", "本周": "week0",
    "next week": "week1", "下周": "week1",
    "last quarter": "quarter-1", "this quarter": "quarter0", "next quarter": "quarter1", "上季度": "quarter-1",
    "本季度": "quarter0", "下季度": "quarter1",
}  # fmt: skip
_WORDS = {
    **{name: f"weekday-{number}" for number, names in enumerate(_WEEKDAYS) for name in names.split("|")},
    **{name: f"day{shift}" for name, shift in _DAYS.items()},
    **{name: f"year{shift}" for name, shift in _YEARS.items()},
    **{name: f"month{shift}" for name, shift in _MONTHS.items()},
    **_OTHERS,
}
# German "morgen" is also a noun ("am Morgen"), so case matters there.
_PATTERN = re.compile(
    "|".join(
        name if not name.isascii() else rf"\b(?i:{name})\b" if name != "morgen" else r"\bmorgen\b"
        for name in sorted(_WORDS, key=len, reverse=True)
    )
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A word for a time that only the date of writing places."""

    start: int
    end: int
    word: str
    """The same for words that mean the same, such as `weekday-0` or `year-1`."""


def find(text: str) -> list[Moment]:
    """Return the weekdays and relative times named in *text*, in order."""
    return [Moment(match.start(), match.end(), _WORDS[match[0].casefold()]) for match in _PATTERN.finditer(text)]


def resolve(moment: Moment, written: date) -> set[str]:
    """
    Return the dates (`2023`, `2023-05`, `2023-05-17`) that *moment* may mean in a text *written* then.

    A weekday may be the last or the next one; a week or a quarter has no such date.
    """
    kind = moment.word.rstrip("-0123456789")
    shift = int(moment.word[len(kind) :])
    if kind == "weekday":
        back = (written.weekday() + shift) % 7
        return {(written - timedelta(days=back)).isoformat(), (written + timedelta(days=7 - back)).isoformat()}
    if kind == "day":
        return {(written + timedelta(days=shift)).isoformat()}
    if kind == "year":
        return {f"{written.year + shift:04d}"}
    if kind == "month":
        months = written.year * 12 + written.month - 1 + shift
        return {f"{months // 12:04d}-{months % 12 + 1:02d}"}
    return set()
