"""Weighing: documents as rows of numbers whose products say how much they share."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.understand.counting import Counts

_UNSEEN = 50
"""Documents that we imagine besides: in a handful, a name that two share would not look rare."""
_COMMON = 2_000
"""A word of more documents than this, or of every tenth, tells nothing; and its pairs cost most of the time."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Documents as rows, one column per term."""

    matrix: csr_matrix
    terms: Sequence[str]

    def shared(self, one: int, other: int) -> list[str]:
        """Return the terms that two rows share, the most telling first, ties by the alphabet."""
        columns, here, there = np.intersect1d(
            self._columns(one), self._columns(other), assume_unique=True, return_indices=True
        )
        weights = self._weights(one)[here] * self._weights(other)[there]
        # Rounded, so that the order in which a length was added up cannot decide a tie.
        told = zip((-weights).round(5).tolist(), (self.terms[column] for column in columns), strict=True)
        return [term for _, term in sorted(told)]

    def _columns(self, row: int) -> NDArray[np.int32]:
        columns: NDArray[np.int32] = self.matrix.indices[self.matrix.indptr[row] : self.matrix.indptr[row + 1]]
        return columns

    def _weights(self, row: int) -> NDArray[np.float32]:
        weights: NDArray[np.float32] = self.matrix.data[self.matrix.indptr[row] : self.matrix.indptr[row + 1]]
        return weights


def weigh(counts: Counts) -> Weighed:
    """
    Return documents as rows of unit length with tempered counts, rare terms weighing more.

    Terms of one document alone count in its length, and have no entries: they are shared with none.
    """
    matrix = counts.matrix
    total, held = matrix.shape[0], _held_by(matrix)
    is_telling = held <= max(_UNSEEN, min(total // 10, _COMMON))
    if not (is_telling & (held > 0)).any():
        is_telling = ~is_telling
    rarity = (np.log((1 + total) / (1 + held)) + 1).astype(np.float32)
    weights = (1 + np.log(matrix.data)) * np.where(is_telling, rarity, 0)[matrix.indices]
    weights /= np.repeat(_lengths(weights, matrix.indptr), np.diff(matrix.indptr))
    is_shared = (is_telling & (held > 1))[matrix.indices]
    starts = np.concatenate([[0], np.cumsum(is_shared)])[matrix.indptr]
    return Weighed(csr_matrix((weights[is_shared], matrix.indices[is_shared], starts), matrix.shape), counts.terms)


def weigh_rare(counts: Counts) -> Weighed:
    """
    Return documents so that the product of two rows counts their shared rare terms.

    A term of one document alone counts as 1, one of many documents as nothing.
    """
    matrix = counts.matrix
    total, held = matrix.shape[0] + _UNSEEN, _held_by(matrix)
    rarity = np.log(total / np.maximum(held, 1)) / np.log(total)
    weights = np.sqrt(rarity).astype(np.float32)[matrix.indices]
    is_rare = (held <= _COMMON)[matrix.indices]
    starts = np.concatenate([[0], np.cumsum(is_rare)])[matrix.indptr]
    return Weighed(csr_matrix((weights[is_rare], matrix.indices[is_rare], starts), matrix.shape), counts.terms)


def _held_by(matrix: csr_matrix) -> NDArray[np.int64]:
    """Return how many documents hold each term."""
    return np.bincount(matrix.indices, minlength=matrix.shape[1])


def _lengths(weights: NDArray[np.float32], starts: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return the length of each row; 1 where it has none."""
    squares = np.concatenate([[0.0], np.cumsum(weights.astype(np.float64) ** 2)])
    lengths = np.sqrt(np.diff(squares[starts]))
    return np.where(lengths > 0, lengths, 1).astype(np.float32)
