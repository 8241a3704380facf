"""Counting: how often documents hold names, words, and pairs of neighbouring words."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Passage = tuple[int, Sequence[str], int]
"""The document that it stands in (a row), its words in order, and how often each counts."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Documents as rows, one column per term."""

    matrix: csr_matrix
    terms: Sequence[str]


class Grams(Sequence[str]):
    """Words and pairs of words; millions of pairs are kept as numbers, and spelled when somebody asks."""

    def __init__(self, words: Sequence[str], keys: NDArray[np.int64]) -> None:
        """Take the *words*, and the *keys* of the grams: see `_keyed`."""
        self._words = words
        self._keys = keys

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._keys)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> "Grams": ...
    def __getitem__(self, place: int | slice) -> "str | Grams":
        """Return the gram at *place*, a pair with a space between."""
        if isinstance(place, slice):
            return Grams(self._words, self._keys[place])
        first, word = divmod(int(self._keys[place]), len(self._words))
        return f"{self._words[first - 1]} {self._words[word]}" if first else self._words[word]


def of_terms(documents: Iterable[Iterable[str]]) -> Counts:
    """Return how often each of *documents* holds each of its terms; columns in the order of first occurrence."""
    numbered = _Numbered(documents)
    ones = np.ones(len(numbered.ids), dtype=np.float32)
    shape = (len(numbered.starts) - 1, max(1, len(numbered.words)))
    matrix = csr_matrix((ones, numbered.ids, numbered.starts), shape=shape)
    matrix.sum_duplicates()
    return Counts(matrix, numbered.words)


def of_grams(passages: Iterable[Passage], count: int, *, without: Collection[str]) -> Counts:
    """
    Return how often each of *count* documents holds each word and each pair of neighbours of its *passages*.

    Words *without* interest are left out, and their neighbours become neighbours of each other.
    """
    rows, times = array("i"), array("f")
    numbered = _Numbered(_noted(passages, rows, times))
    is_telling = np.array([word not in without for word in numbered.words], dtype=np.bool_)[numbered.ids]
    passage = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(numbered.starts))[is_telling]
    keys, passage = _keyed(numbered.ids[is_telling], passage, size=len(numbered.words))
    known, columns = np.unique(keys, return_inverse=True)
    del keys
    weights = np.frombuffer(times, dtype=np.float32)[passage]
    row = np.frombuffer(rows, dtype=np.int32)[passage]
    matrix = csr_matrix((weights, (row, columns.astype(np.int32))), shape=(count, max(1, len(known))))
    return Counts(matrix, Grams(numbered.words, known))


def _noted(passages: Iterable[Passage], rows: "array[int]", times: "array[float]") -> Iterable[Sequence[str]]:
    """Yield the words of *passages*, noting for each its row and how often it counts."""
    for row, words, often in passages:
        rows.append(row)
        times.append(often)
        yield words


def _keyed(
    ids: NDArray[np.int32], passage: NDArray[np.int32], *, size: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """
    Return a number for each word and each pair of neighbours, each with its passage.

    A word keeps its number (below *size*); of a pair, the number above all words' says the first
    word, the rest the second: no two terms ever fall together, as they would if they were hashed.
    """
    first = np.flatnonzero(passage[1:] == passage[:-1])
    pairs = (ids[first].astype(np.int64) + 1) * size + ids[first + 1]
    return np.concatenate([ids, pairs]), np.concatenate([passage, passage[first]])


class _Numbered:
    """Terms of documents as numbers in the order of first occurrence."""

    def __init__(self, documents: Iterable[Iterable[str]]) -> None:
        number_of: defaultdict[str, int] = defaultdict()
        number_of.default_factory = number_of.__len__
        ids, starts = array("i"), array("q", [0])
        for terms in documents:
            ids.extend(map(number_of.__getitem__, terms))
            starts.append(len(ids))
        self.words = list(number_of)
        self.ids = np.frombuffer(ids, dtype=np.int32) if ids else np.zeros(0, dtype=np.int32)
        self.starts = np.frombuffer(starts, dtype=np.int64)
