"""Which sentences an event turns on, and which of them differ."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.analyze import candidates, words
from bot.analyze.candidates import Candidate

LEAD_BONUS = 0.6
"""The first sentence of an article weighs this much more, the second half of it more, and so on."""
VARIETY = 0.35
"""How much likeness to the chosen lines counts against a sentence."""
TOO_LIKE = 0.5
"""Cosine at which two sentences tell the same."""
MIN_SHARE = 0.25
"""A sentence that has less than this part of the best allowed one's score is padding."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Sentences with their scores and likenesses."""

    candidates: tuple[Candidate, ...]
    scores: tuple[float, ...]
    likeness: NDArray[np.float64]
    """Cosine of each pair."""

    def ordered(self) -> list[Candidate]:
        """Return the sentences, most central first."""
        order = sorted(range(len(self.candidates)), key=lambda i: (-self.scores[i], i))
        return [self.candidates[i] for i in order]

    def score(self, candidate: Candidate) -> float:
        """Return the score of *candidate*."""
        return self.scores[self.candidates.index(candidate)]


def rank(pool: Sequence[Candidate], titles: Sequence[Candidate]) -> Ranking:
    """Score *pool* by likeness to the middle of all its sentences and *titles*, with a bonus for leads."""
    count = len(pool)
    cosines = _cosines([candidate.text for candidate in pool] + [title.text for title in titles])
    # Titles are short and say what the event is about: together they weigh as much as the sentences.
    raw = _to_middle(cosines, slice(0, count)) + _to_middle(cosines, slice(count, None))
    scores = tuple(
        float(raw[i]) * (1 + LEAD_BONUS / (1 + candidate.position)) * candidates.worth(candidate)
        for i, candidate in enumerate(pool)
    )
    return Ranking(tuple(pool), scores, cosines[:count, :count])


def _cosines(texts: Sequence[str]) -> NDArray[np.float64]:
    from scipy.sparse import csr_matrix

    # Counted here: the vectorizer of scikit-learn takes three times as long to check its options as to count.
    places: dict[str, int] = {}
    counts = [Counter(places.setdefault(token, len(places)) for token in words.tokens(text)) for text in texts]
    columns = np.array([column for count in counts for column in count], dtype=np.int64)
    if not columns.size:  # no word but stop words
        return np.zeros((len(texts), len(texts)))
    idf = 1 + np.log((1 + len(texts)) / (1 + np.bincount(columns)))
    weights = (1 + np.log([times for count in counts for times in count.values()])) * idf[columns]
    starts = np.cumsum([0, *map(len, counts)])
    rows = np.repeat(np.arange(len(texts)), np.diff(starts))
    lengths = np.sqrt(np.bincount(rows, weights=weights**2, minlength=len(texts)))
    # Sparse: a dense product wakes the threads of BLAS for a handful of sentences.
    matrix = csr_matrix((weights / lengths[rows], columns, starts), shape=(len(texts), len(places)))
    cosines: NDArray[np.float64] = (matrix @ matrix.T).toarray()
    return cosines


def _to_middle(cosines: NDArray[np.float64], group: slice) -> NDArray[np.float64]:
    """Return the cosine of each text with the centroid of the texts in *group*."""
    columns = cosines[:, group]
    if not columns.shape[1]:
        return np.zeros(len(cosines))
    length = float(np.sqrt(columns[group].mean()))
    likeness: NDArray[np.float64] = columns.mean(axis=1) / (length or 1.0)
    return likeness


def diverse(ranking: Ranking, *, limit: int, is_allowed: Callable[[Candidate], bool]) -> list[Candidate]:
    """
    Return up to *limit* allowed sentences: central ones, each unlike those before it.

    Source: maximal marginal relevance, Carbonell and Goldstein 1998.
    """
    allowed = [i for i, candidate in enumerate(ranking.candidates) if is_allowed(candidate)]
    best = max((ranking.scores[i] for i in allowed), default=0.0)
    left = [i for i in allowed if ranking.scores[i] > MIN_SHARE * best]
    chosen: list[int] = []
    while left and len(chosen) < limit:
        top = max(left, key=lambda i: (_gain(ranking, i, chosen, best=best), -i))
        chosen.append(top)
        left = [i for i in left if i != top and not _is_same(ranking, i, top)]
    return [ranking.candidates[i] for i in chosen]


def _gain(ranking: Ranking, index: int, chosen: Sequence[int], *, best: float) -> float:
    likeness = max((float(ranking.likeness[index, other]) for other in chosen), default=0.0)
    return (1 - VARIETY) * ranking.scores[index] / (best or 1.0) - VARIETY * likeness


def _is_same(ranking: Ranking, index: int, other: int) -> bool:
    if ranking.likeness[index, other] >= TOO_LIKE:
        return True
    return tell_the_same(ranking.candidates[index].text, ranking.candidates[other].text)


def tell_the_same(line: str, other: str) -> bool:
    """Return whether two lines repeat each other in either direction, or give the same figures of the same thing."""
    overlap = words.overlap(line, other)
    if overlap < 0.3:
        return False
    if words.is_repetition(line, other) or words.is_repetition(other, line):
        return True
    shared = len(words.figures(line) & words.figures(other))
    return shared >= 2 or (shared == 1 and overlap >= 0.45)
