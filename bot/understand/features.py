"""What articles are compared by: words, and names and numbers that look the same in every language."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.model.article import Article
from bot.model.words import words

LEAD_CHARS = 450
"""The lead: news is told in the first paragraphs; more text adds background that events share."""
_NAMED_CHARS = 1500
_TITLE_TIMES = 3
"""A word of the title counts as often as three words of the lead."""

_UNSEEN = 50
"""Documents that we imagine besides: in a handful, a name that two share would not look rare."""

_NAME = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z][A-Za-z]{2,}|[A-Z]{2,}|[a-z]+[A-Z][A-Za-z]+|[A-Z][A-Za-z]*\d[A-Za-z0-9]*)")
_NUMBER = re.compile(
    r"(?<![\w.,-])(\d+(?:[.,]\d+)*)\s?"
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


def terms(article: Article) -> list[str]:
    """Return the words and pairs of neighbouring words of title and lead; those of the title several times."""
    title, lead = words(article.title), words(article.text[:LEAD_CHARS])
    return _TITLE_TIMES * grams(title) + grams(lead)


def names(article: Article) -> list[str]:
    """Return names (Latin letters) and numbers of title and text; those of the title several times."""
    return _TITLE_TIMES * list(_named(article.title)) + list(_named(article.text[:_NAMED_CHARS]))


def amounts(text: str) -> Iterator[str]:
    """Yield the numbers of *text* written the same in every language: `1.9 billion` and `19 亿` are one."""
    for digits, written in _NUMBER.findall(text):
        unit = written.lower()
        value = _value(digits, is_german=unit in ("prozent", "mio", "mrd") or unit.startswith("milli"))
        if unit in _PERCENT:
            yield f"{value:g}%"
        elif unit in _SCALES:
            yield f"#{value * _SCALES[unit]:.6g}"
        elif value > 12 and not (value in _YEARS and len(digits) == 4):
            yield f"#{value:.6g}"


@dataclass(frozen=True, slots=True)
class Weighed:
    """Documents as rows of unit length, one column per term."""

    matrix: csr_matrix
    terms: list[str]

    def shared(self, one: int, other: int) -> list[str]:
        """Return the terms that two rows share, the most telling first."""
        columns, here, there = np.intersect1d(
            self._columns(one), self._columns(other), assume_unique=True, return_indices=True
        )
        weights = self._weights(one)[here] * self._weights(other)[there]
        return [self.terms[column] for column in columns[np.lexsort((columns, -weights))]]

    def _columns(self, row: int) -> NDArray[np.int32]:
        columns: NDArray[np.int32] = self.matrix.indices[self.matrix.indptr[row] : self.matrix.indptr[row + 1]]
        return columns

    def _weights(self, row: int) -> NDArray[np.float32]:
        weights: NDArray[np.float32] = self.matrix.data[self.matrix.indptr[row] : self.matrix.indptr[row + 1]]
        return weights


def weigh(documents: Sequence[list[str]]) -> Weighed:
    """Return *documents* (lists of terms) with tempered counts, rare terms weighing more."""
    if not any(documents):
        return Weighed(csr_matrix((len(documents), 1), dtype=np.float32), [""])
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

    counter = CountVectorizer(analyzer=list, dtype=np.float32)
    counts = csr_matrix(counter.fit_transform(documents))
    # A word of every tenth document tells nothing, and costs most of the time.
    is_telling = counts.getnnz(axis=0) <= max(_UNSEEN, len(documents) // 10)
    kept = np.flatnonzero(is_telling if is_telling.any() else ~is_telling)
    matrix = csr_matrix(TfidfTransformer(sublinear_tf=True).fit_transform(counts[:, kept]))
    return Weighed(matrix, counter.get_feature_names_out()[kept].tolist())


def weigh_rare(documents: Sequence[list[str]]) -> Weighed:
    """
    Return *documents* so that the product of two rows counts their shared rare terms.

    A term of one document alone counts as 1, one of every document as next to nothing.
    """
    if not any(documents):
        return Weighed(csr_matrix((len(documents), 1), dtype=np.float32), [""])
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(analyzer=set, binary=True, dtype=np.float32)
    matrix = csr_matrix(counter.fit_transform(documents))
    total = len(documents) + _UNSEEN
    rarity = np.log(total / matrix.getnnz(axis=0)) / np.log(total)
    matrix.data *= np.sqrt(rarity)[matrix.indices].astype(np.float32)
    return Weighed(matrix, counter.get_feature_names_out().tolist())


def mark(documents: Sequence[list[str]]) -> csr_matrix:
    """Return *documents* as rows of ones, one column per term."""
    columns = {term: column for column, term in enumerate(sorted({term for terms in documents for term in terms}))}
    rows = [sorted({columns[term] for term in terms}) for terms in documents]
    starts = np.cumsum([0, *map(len, rows)])
    indices = np.array([column for row in rows for column in row], dtype=np.int32)
    ones = np.ones(len(indices), dtype=np.float32)
    return csr_matrix((ones, indices, starts), shape=(len(documents), max(1, len(columns))))


def grams(tokens: list[str]) -> list[str]:
    """Return the telling ones of *tokens* and their pairs of neighbours."""
    stop_words = _stop_words()
    telling = [token for token in tokens if token not in stop_words]
    return telling + [f"{one} {two}" for one, two in pairwise(telling)]


@cache
def _stop_words() -> frozenset[str]:
    # Imported where it is needed: scikit-learn takes longer to load than most commands take to run.
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS)


def _named(text: str) -> Iterator[str]:
    for name in _NAME.findall(text):
        folded = name.lower()
        if folded not in _stop_words():
            yield folded
    yield from amounts(text)


def _value(digits: str, *, is_german: bool) -> float:
    """Read `1,140`, `1.140`, `83,4` and `1.9`: three digits after a mark are thousands, unless the unit says else."""
    groups = re.split(r"[.,]", digits)
    is_thousands = len(groups) > 1 and all(len(group) == 3 for group in groups[1:]) and groups[0] != "0"
    if is_thousands and not (is_german and len(groups) == 2 and "," in digits):
        return float("".join(groups))
    return float("".join(groups[:-1]) + "." + groups[-1]) if len(groups) > 1 else float(digits)
