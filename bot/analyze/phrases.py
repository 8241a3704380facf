"""The few words of our own that an extracted insight needs, by language."""

from datetime import timedelta

from bot.model.values import Language

_PHRASES: dict[Language, dict[str, str]] = {
    "en": {
        "says": "says {name}",
        "stated": "as stated by {name}",
        "first": "First reported by {name}",
        "publishers": "Reported by {publishers} publishers",
        "languages": " in {languages} languages",
        "within": " within {span}",
        "minutes": "an hour",
        "hours": "{count} hours",
        "days": "{count} days",
    },
    "zh": {
        "says": "{name}表示",
        "stated": "据{name}报道",
        "first": "{name}率先报道",
        "publishers": "{publishers} 家媒体报道",
        "languages": "，{languages} 种语言",
        "within": "，{span}内",
        "minutes": "1 小时",
        "hours": "{count} 小时",
        "days": "{count} 天",
    },
    "de": {
        "says": "sagt {name}",
        "stated": "laut {name}",
        "first": "Zuerst berichtet von {name}",
        "publishers": "Berichtet von {publishers} Medien",
        "languages": " in {languages} Sprachen",
        "within": " innerhalb {span}",
        "minutes": "einer Stunde",
        "hours": "von {count} Stunden",
        "days": "von {count} Tagen",
    },
}
LANGUAGES = frozenset(_PHRASES)
_ONE_HOUR, _TWO_DAYS = timedelta(hours=1), timedelta(days=2)


def says(name: str, *, language: Language) -> str:
    """Return "says NAME"."""
    return _words(language)["says"].replace("{name}", name)


def stated_by(publisher: str, *, language: Language) -> str:
    """Return "as stated by PUBLISHER"."""
    return _words(language)["stated"].replace("{name}", publisher)


def first_reported(publisher: str, *, language: Language) -> str:
    """Return "First reported by PUBLISHER"."""
    return _words(language)["first"].replace("{name}", publisher)


def coverage(publishers: int, *, languages: int, span: timedelta | None, language: Language) -> str:
    """Return "Reported by 6 publishers in 2 languages within 9 hours"; *span* is null where a date is missing."""
    words = _words(language)
    line = words["publishers"].format(publishers=publishers)
    if languages > 1:
        line += words["languages"].format(languages=languages)
    return line + (words["within"].format(span=_span(span, words)) if span is not None else "")


def language_of(language: Language) -> Language:
    """Return the language in which our own words come for *language*: itself, or English."""
    return language if language in _PHRASES else "en"


def _words(language: Language) -> dict[str, str]:
    return _PHRASES[language_of(language)]


def _span(span: timedelta, words: dict[str, str]) -> str:
    if span <= _ONE_HOUR:
        return words["minutes"]
    if span < _TWO_DAYS:
        return words["hours"].format(count=_ceil(span, timedelta(hours=1)))
    return words["days"].format(count=_ceil(span, timedelta(days=1)))


def _ceil(span: timedelta, unit: timedelta) -> int:
    return -(-span // unit)
