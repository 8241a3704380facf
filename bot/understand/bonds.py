"""Bonds: how an editor's word on pairs of articles changes what clustering sees."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.model.event import Bond, Verdict
from bot.model.values import ArticleId
from bot.understand.linkage import APART, Edge

_SURE = 1.0

Likeness = dict[tuple[int, int], float]


def respected(edges: Iterable[Edge], bonds: Sequence[Bond], rows: Mapping[ArticleId, int]) -> list[Edge]:
    """
    Return *edges* as *bonds* (of the articles at *rows*) would have them.

    Two articles that belong apart count as a veto, two that belong together as surely alike. And whoever
    is like an article is as like, on average, to those that belong together with it: an event that an
    editor merged of two takes in what is like either.
    """
    known = [bond for bond in bonds if bond.one_id in rows and bond.other_id in rows]
    if not known:
        return list(edges)
    likeness: Likeness = {(min(one, other), max(one, other)): alike for one, other, alike in edges}
    together: dict[int, set[int]] = defaultdict(set)
    for bond in known:
        if bond.verdict == Verdict.TOGETHER:
            together[rows[bond.one_id]].add(rows[bond.other_id])
            together[rows[bond.other_id]].add(rows[bond.one_id])
    lent = _lent(likeness, together)
    for pair, alike in lent.items():
        if likeness.get(pair, 0.0) >= 0:
            likeness[pair] = max(likeness.get(pair, 0.0), alike)
    for bond in known:
        one, other = sorted((rows[bond.one_id], rows[bond.other_id]))
        likeness[one, other] = _SURE if bond.verdict == Verdict.TOGETHER else APART
    return [(one, other, alike) for (one, other), alike in likeness.items()]


def _lent(likeness: Likeness, together: Mapping[int, set[int]]) -> Likeness:
    """Return how like each article is to the bonded ones by its likeness to those that belong together with them."""
    of_bonded: dict[int, dict[int, float]] = defaultdict(dict)
    for (one, other), alike in likeness.items():
        for bonded, third in ((one, other), (other, one)):
            if bonded in together and third not in together[bonded]:
                of_bonded[third][bonded] = alike
    lent: Likeness = {}
    for third, alikes in of_bonded.items():
        for bonded, partners in together.items():
            told = sum(alikes.get(partner, 0.0) for partner in partners) / len(partners)
            if told > 0 and third != bonded and third not in partners:
                lent[min(third, bonded), max(third, bonded)] = round(told, 6)
    return lent
