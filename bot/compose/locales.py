"""What a language brings: its dates, numbers, names of languages and words for freshness."""

from collections.abc import Callable
from datetime import date, datetime
from gettext import NullTranslations
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, lists, numbers

from bot.compose import facts, words
from bot.model.event import EventState
from bot.model.policy import FreshnessPolicy
from bot.model.values import Language

DATE_LOCALES = {"en": "en_GB"}
"""Readers are everywhere: 16–22 Nov 2026 is read rightly by more of them than Nov 16 – 22, 2026."""


def filters(language: Language, catalogue: NullTranslations) -> dict[str, Callable[..., str]]:
    """Return the filters of templates in *language*."""
    locale = locale_of(language)

    def freshness(published_at: datetime, now: datetime, policy: FreshnessPolicy) -> str:
        return catalogue.gettext(facts.freshness(published_at, policy=policy, now=now).capitalize())

    def word(text: str) -> str:
        return catalogue.gettext(text) if text else ""

    def note(text: str) -> str:
        return " · ".join(word(part.capitalize()) if part in set(EventState) else part for part in text.split())

    def digest_line(title: str) -> str:
        if topic := words.topic(title):
            return catalogue.gettext("Read this week's curated digest of top %(topic)s events →") % {"topic": topic}
        return catalogue.gettext("Read this week's curated digest of top events →")

    return {
        "digest_line": digest_line,
        "note": note,
        "freshness": freshness,
        "freshness_key": lambda at, now, policy: facts.freshness(at, policy=policy, now=now),
        "word": word,
        "latency": words.latency,
        "direction": words.direction,
        "language_name": lambda code: language_name(code, locale),
        "number": lambda value: numbers.format_decimal(value, locale=locale),
        "percent": lambda value: numbers.format_percent(value, locale=locale),
        "date": lambda value: dates.format_date(_day(value), "long", locale=locale),
        "day": lambda value: dates.format_skeleton("MMMd", _day(value), locale=locale),
        "moment": lambda value, zone="UTC": _moment(value, zone, locale),
        "days": lambda first, last: _days(first, last, locale, skeleton="yMMMd"),
        "short_days": lambda first, last: _days(first, last, locale, skeleton="MMMd"),
        "and_list": lambda values: lists.format_list(list(values), locale=locale),
        "timeline_date": lambda value: _partial_date(value, locale),
    }


def locale_of(language: Language) -> Locale:
    """Return the Babel locale of *language*, English where Babel knows none."""
    try:
        return Locale.parse(DATE_LOCALES.get(language, language))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def language_name(code: Language, locale: Locale) -> str:
    """Return the name of the language *code* in the words of *locale*; the code where there is none."""
    try:
        return Locale.parse(code).get_language_name(locale) or code
    except (UnknownLocaleError, ValueError):
        return code


def own_name(code: Language) -> str:
    """Return what the language *code* calls itself (`中文`); the code where that is unknown."""
    return language_name(code, locale_of(code))


def _day(value: datetime | date | str) -> date:
    if isinstance(value, datetime):
        return value.date()
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: datetime, zone: str, locale: Locale) -> str:
    local = value.astimezone(ZoneInfo(zone))
    return f"{dates.format_skeleton('yMMMd', local, locale=locale)}, {local:%H:%M} {local:%Z}"


def _days(first: str, last: str, locale: Locale, *, skeleton: str) -> str:
    if not first:
        return ""
    # CLDR parts months by thin spaces, which not every terminal and mail program has.
    return dates.format_interval(_day(first), _day(last), skeleton, locale=locale).replace("\u2009", " ")


def _partial_date(value: str, locale: Locale) -> str:
    """Return a date in its own precision: `2023`, `2023-05` or `2023-05-17`."""
    parts = value.split("-")
    try:
        day = date(*(int(part) for part in (*parts, "1", "1")[:3]))
    except ValueError:
        return value
    skeleton = {1: "y", 2: "yMMM"}.get(len(parts), "yMMMd")
    return dates.format_skeleton(skeleton, day, locale=locale)
