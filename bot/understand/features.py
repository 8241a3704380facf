"""What articles are compared by: words, and names and numbers that look the same in every language."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

from bot.model.article import Article
from bot.model.words import words
from bot.understand import counting
from bot.understand.counting import Counts

LEAD_CHARS = 450
"""The lead: news is told in the first paragraphs; more text adds background that events share."""
_NAMED_CHARS = 1500
_TITLE_TIMES = 3
"""A word of the title counts as often as three words of the lead."""

_NAME = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z][A-Za-z]{2,}|[A-Z]{2,}|[a-z]+[A-Z][A-Za-z]+|[A-Z][A-Za-z]*\d[A-Za-z0-9]*)")
# What stands before is looked at last: a pattern that begins with its first character skips the others fast.
_CAPITAL_NAME = re.compile(r"[A-Z](?<![A-Za-z0-9].)(?:[A-Za-z]{2,}|[A-Z]|[A-Za-z]*\d[A-Za-z0-9]*)")
_CAPITAL_INSIDE = re.compile(r"[A-Z](?<=[a-z].)")
_NUMBER = re.compile(
    r"(\d(?<![\w.,-].)\d*(?:[.,]\d+)*)\s?"
    r"(%|percent\b|per cent\b|prozent\b|thousand\b|millions?\b|millionen\b|mio\b|mn\b|m\b|billions?\b|bn\b|b\b"
    r"|milliarden?\b|mrd\b|trillions?\b|[万亿千億萬]+)?",
    re.IGNORECASE,
)
_SCALES = {
    "千": 1e3, "thousand": 1e3, "万": 1e4, "萬": 1e4, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "millions": 1e6,
    "millionen": 1e6, "亿": 1e8, "億": 1e8, "b": 1e9, "bn": 1e9, "billion": 1e9, "billions": 1e9, "milliarde": 1e9,
    "milliarden": 1e9, "mrd": 1e9, "trillion": 1e12, "trillions": 1e12, "万亿": 1e12, "千万": 1e7,
}  # fmt: skip
_PERCENT = frozenset({"%", "percent", "per cent", "prozent"})
_YEARS = range(1990, 2050)


def names(article: Article) -> list[str]:
    """Return names (Latin letters) and numbers of title and text; those of the title several times."""
    return _TITLE_TIMES * list(_named(article.title)) + list(_named(article.text[:_NAMED_CHARS]))


def amounts(text: str) -> list[str]:
    """Return the numbers of *text* written the same in every language: `1.9 billion` and `19 亿` are one."""
    found = (_amount(digits, unit) for digits, unit in _NUMBER.findall(text))
    return [amount for amount in found if amount]


def count_words(documents: Sequence[Sequence[Article | str]]) -> Counts:
    """
    Return how often *documents* hold words and pairs of neighbouring words.

    A document is made of articles (title and lead, a word of the title several times) and of plain texts.
    """
    told = enumerate(documents)
    passages = ((row, words(text), times) for row, parts in told for part in parts for text, times in _passages(part))
    return counting.of_grams(passages, len(documents), without=_stop_words())


def count_names(articles: Iterable[Article]) -> Counts:
    """Return how often *articles* hold each of their names."""
    return counting.of_terms(map(names, articles))


def count_amounts(texts: Iterable[str]) -> Counts:
    """Return how often *texts* hold each of their amounts."""
    return counting.of_terms(map(amounts, texts))


def _passages(part: Article | str) -> tuple[tuple[str, int], ...]:
    if isinstance(part, str):
        return ((part, 1),)
    return (part.title, _TITLE_TIMES), (part.text[:LEAD_CHARS], 1)


@cache
def _stop_words() -> frozenset[str]:
    # Imported where it is needed: scikit-learn takes longer to load than most commands take to run.
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS)


def _named(text: str) -> Iterator[str]:
    stop_words = _stop_words()
    is_plain = _CAPITAL_INSIDE.search(text) is None
    for name in (_CAPITAL_NAME if is_plain else _NAME).findall(text):
        folded = name.lower()
        if folded not in stop_words:
            yield folded
    yield from amounts(text)


@lru_cache(maxsize=2**14)
def _amount(digits: str, written: str) -> str:
    """Return one amount; empty where a number is too common to tell anything: a small one, or a year."""
    unit = written.lower()
    value = _value(digits, is_german=unit in ("prozent", "mio", "mrd") or unit.startswith("milli"))
    if unit in _PERCENT:
        return f"{value:g}%"
    if unit in _SCALES:
        return f"#{value * _SCALES[unit]:.6g}"
    is_year = value in _YEARS and len(digits) == 4
    return f"#{value:.6g}" if value > 12 and not is_year else ""


def _value(digits: str, *, is_german: bool) -> float:
    """Read `1,140`, `1.140`, `83,4` and `1.9`: three digits after a mark are thousands, unless the unit says else."""
    groups = re.split(r"[.,]", digits)
    is_thousands = len(groups) > 1 and all(len(group) == 3 for group in groups[1:]) and groups[0] != "0"
    if is_thousands and not (is_german and len(groups) == 2 and "," in digits):
        return float("".join(groups))
    return float("".join(groups[:-1]) + "." + groups[-1]) if len(groups) > 1 else float(digits)
