"""Counting: how often documents hold names, words, and pairs of neighbouring words."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import overload

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

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


def of_terms(documents: Iterable[Sequence[str]]) -> Counts:
    """Return how often each of *documents* holds each of its terms; columns in the order of first occurrence."""
    words, ids, starts = _numbered(documents)
    ones = np.ones(len(ids), dtype=np.float32)
    matrix = csr_matrix((ones, ids, starts), shape=(len(starts) - 1, max(1, len(words))))
    matrix.sum_duplicates()
    return Counts(matrix, words)


def of_grams(passages: Iterable[Passage], count: int, *, without: Collection[str]) -> Counts:
    """
    Return how often each of *count* documents holds each word and each pair of neighbours of its *passages*.

    Words *without* interest are left out, and their neighbours become neighbours of each other.
    """
    rows, times = array("i"), array("f")
    words, ids, starts = _numbered(_noted(passages, rows, times))
    is_telling = np.array([word not in without for word in words], dtype=np.bool_)[ids]
    passage = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(starts))[is_telling]
    if not is_telling.any():
        return Counts(csr_matrix((count, 1), dtype=np.float32), [""])
    keys, passage = _keyed(ids[is_telling], passage, size=len(words))
    order = np.argsort(keys)
    keys = keys[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    known, passage = keys[starts], passage[order]
    del keys, order  # they are the largest of all
    row, weights = (np.frombuffer(told, dtype=kind)[passage] for told, kind in ((rows, np.int32), (times, np.float32)))
    by_term = csc_matrix((weights, row, np.append(starts, len(row))), shape=(count, len(known)))
    by_term.sum_duplicates()
    return Counts(by_term.tocsr(), Grams(words, known))


def _noted(passages: Iterable[Passage], rows: "array[int]", times: "array[float]") -> Iterator[Sequence[str]]:
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


def _numbered(
    documents: Iterable[Sequence[str]],
) -> tuple[list[str], NDArray[np.int32], NDArray[np.int64]]:
    """Return all terms in the order of first occurrence, their numbers as they stand, and where documents start."""
    number_of: defaultdict[str, int] = defaultdict()
    number_of.default_factory = number_of.__len__
    lengths = array("q", [0])
    ids = np.fromiter(map(number_of.__getitem__, chain.from_iterable(_measured(documents, lengths))), dtype=np.int32)
    return list(number_of), ids, np.cumsum(lengths)


def _measured(documents: Iterable[Sequence[str]], lengths: "array[int]") -> Iterator[Sequence[str]]:
    for terms in documents:
        lengths.append(len(terms))
        yield terms
