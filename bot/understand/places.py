"""Places: the countries that titles name."""

import re
from functools import cache

from babel import Locale, UnknownLocaleError

from bot.model.values import Language
from bot.model.words import is_cjk

_FALLBACK = "en"
_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_PEOPLE_TOO = frozenset({"Chad", "Georgia", "Guernsey", "Jersey", "Jordan", "Tschad"})
"""Names that people and American states bear as well."""
_SHORT = {"US": "US", "U.S": "US", "USA": "US", "UK": "GB", "U.K": "GB", "Britain": "GB", "阿联酋": "AE"}
"""What headlines call them besides; without a last full stop."""
_BETWEEN = re.compile(r"[\s,;:!?()\"“”–—/]+")
_POSSESSIVE = re.compile(r"(?:['’]s?|\.)$")
_LONGEST_WORDS, _LONGEST_CHARS = 4, 6


def countries(title: str, language: Language) -> frozenset[str]:
    """
    Return the codes of the countries that *title* names, as its *language* calls them; no adjectives.

    Source: the territory names of Unicode CLDR, by Babel.
    """
    names = _names(language)
    found = _pieces(title) if is_cjk(title) else _runs(title, _first_words(language))
    return frozenset(names[name] for name in found if name in names)


def differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether two titles both name countries, and none in common."""
    return bool(one) and bool(other) and one.isdisjoint(other)


def _pieces(title: str) -> list[str]:
    return [title[start : start + size] for start in range(len(title)) for size in range(2, _LONGEST_CHARS + 1)]


def _runs(title: str, first_words: frozenset[str]) -> list[str]:
    words = [_POSSESSIVE.sub("", word) for word in _BETWEEN.split(title)]
    starts = [place for place, word in enumerate(words) if word in first_words]
    return [" ".join(words[start : start + size]) for start in starts for size in range(1, _LONGEST_WORDS + 1)]


@cache
def _names(language: Language) -> dict[str, str]:
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse(_FALLBACK)
    told = {str(code): str(name) for code, name in locale.territories.items()}
    is_country = {code for code in told if len(code) == 2 and code.isalpha()} - _NO_COUNTRIES
    return {told[code]: code for code in sorted(is_country) if told[code] not in _PEOPLE_TOO} | _SHORT


@cache
def _first_words(language: Language) -> frozenset[str]:
    return frozenset(name.partition(" ")[0] for name in _names(language))
