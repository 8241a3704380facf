"""How good an order is: against what people found relevant."""

import math
from collections.abc import Sequence

TOP = 10
"""Places that count, as in a digest."""


def ndcg(relevance: Sequence[float], *, top: int = TOP) -> float | None:
    """
    Return how near the order is to the best one, 0..1, later places counting less; null where nothing is relevant.

    *relevance* is that of each event in our order; what is below 0 counts as 0.
    Source: Järvelin and Kekäläinen 2002, https://doi.org/10.1145/582415.582418 (linear gain)
    """
    best = _gain(sorted(relevance, reverse=True)[:top])
    return _gain(relevance[:top]) / best if best > 0 else None


def precision_at(relevance: Sequence[float], *, top: int = TOP) -> float | None:
    """
    Return how many of our first *top* belong to the *top* most relevant, 0..1; null where nothing is relevant.

    Events as relevant as the last of those belong too; with fewer relevant events than places,
    only those count, and the places that nothing could fill right are not held against us.
    """
    ranked = sorted((value for value in relevance if value > 0), reverse=True)[:top]
    if not ranked:
        return None
    return min(len(ranked), sum(value >= ranked[-1] for value in relevance[:top])) / len(ranked)


def _gain(relevance: Sequence[float]) -> float:
    return sum(max(0.0, value) / math.log2(place + 2) for place, value in enumerate(relevance))
