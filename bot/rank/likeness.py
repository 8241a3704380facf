"""Likeness: how near two events of a week are, by the meaning of their titles and by their words."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from bot.model.event import Dossier
from bot.model.values import ArticleId
from bot.model.words import words
from bot.ports.vectors import Vector

_LEAD_CHARS = 450
"""The lead: more text adds background that events share."""
_TITLE_TIMES = 3
_UNSEEN = 50
"""Events that we imagine besides: among a handful, no word would be rare."""
_COMMON = 0.1
"""A word of more of the events than this says nothing."""
_CENTRED_FROM = 20
"""Vectors from which their mean is known well enough. All titles of one trade are near each other (cosines of 0.8):
only what is left without that mean tells events apart; from fewer vectors meaning is not compared."""


class Likeness:
    """How like two of a week's events are, 0..1; made once for all routes, each pair compared once."""

    def __init__(self, dossiers: Sequence[Dossier], vectors: Mapping[ArticleId, Vector]) -> None:
        """
        Take the events, named by their place from here on, and the vectors of their articles, where there are.

        Vectors of other articles help to tell what all have in common.
        """
        self._terms = [_terms(dossier) for dossier in dossiers]
        self._held_by = Counter(term for terms in self._terms for term in terms)
        self._weights: dict[int, dict[str, float]] = {}
        self._meanings = _meanings(dossiers, vectors)
        self._known: dict[tuple[int, int], float] = {}

    def between(self, one: int, other: int) -> float:
        """Return the greater of the likeness in words and, where both have vectors, in meaning."""
        pair = (one, other) if one < other else (other, one)
        if pair not in self._known:
            self._known[pair] = min(1.0, max(0.0, self._in_words(*pair), self._in_meaning(*pair)))
        return self._known[pair]

    def _in_words(self, one: int, other: int) -> float:
        few, many = sorted((self._weighed(one), self._weighed(other)), key=len)
        return math.fsum(weight * many[term] for term, weight in few.items() if term in many)

    def _in_meaning(self, one: int, other: int) -> float:
        here, there = self._meanings[one], self._meanings[other]
        return 0.0 if here is None or there is None else float(here @ there)

    def _weighed(self, event: int) -> dict[str, float]:
        """Return the words of *event* by weight, of unit length: rare ones and those of the title count more."""
        if event not in self._weights:
            count = len(self._terms)
            most = max(_UNSEEN, count * _COMMON)
            weights = {
                term: (1 + math.log(times)) * math.log((count + _UNSEEN) / self._held_by[term])
                for term, times in self._terms[event].items()
                if self._held_by[term] <= most
            }
            length = math.sqrt(math.fsum(weight * weight for weight in weights.values())) or 1.0
            self._weights[event] = {term: weight / length for term, weight in weights.items()}
        return self._weights[event]


def _terms(dossier: Dossier) -> Counter[str]:
    terms = Counter(words(dossier.articles[0].text[:_LEAD_CHARS]))
    for word in words(dossier.event.title):
        terms[word] += _TITLE_TIMES
    return terms


def _meanings(dossiers: Sequence[Dossier], vectors: Mapping[ArticleId, Vector]) -> list[Vector | None]:
    if len(vectors) < _CENTRED_FROM:
        return [None] * len(dossiers)
    shared: Vector = np.mean([vectors[article] for article in sorted(vectors)], axis=0, dtype=np.float32)
    return [_meaning(dossier, vectors, shared) for dossier in dossiers]


def _meaning(dossier: Dossier, vectors: Mapping[ArticleId, Vector], shared: Vector) -> Vector | None:
    own = [vectors[article.id] for article in dossier.articles if article.id in vectors]
    if not own:
        return None
    left: Vector = np.mean(own, axis=0, dtype=np.float32) - shared
    length = float(np.linalg.norm(left))
    return left / np.float32(length) if length else left
