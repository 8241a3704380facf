"""Partners: articles of two languages, each the other's one best match; they come first, and others must be surer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from bot.understand.likeness import Compared, Floats, Indexes, Mask, Pairs

_LEAST, _MARGIN = 0.25, 0.5
"""A partner is at least so likely, and by so much (log odds) likelier than the next article of its language."""
_FAVOUR = 2.0
"""Added to the log odds of partners."""
_DOUBT = 4.0
"""Taken from the log odds of any other pair of one that has a partner, where nothing but titles is known."""
_FLOOR = 0.02
"""Less likely pairs count as this: far down, odds are noise."""
# The four were fitted to the joins of 1,500 English and Chinese titles; docs/measured.md has those held out.

_NOBODY = -1


@dataclass(frozen=True, slots=True)
class Settled:
    """What earlier runs decided: known events have what partners they have."""

    owners: Indexes
    """The event of each of the first rows; the rows after these are new."""
    is_undated: Mask
    """Of each row, whether nobody said when it was published."""


def weighed(compared: Compared, pairs: Pairs, settled: Settled) -> Floats:
    """
    Return the chances of *pairs*, partners raised, and what speaks against a partner lowered.

    Two titles of one language may both sound like a happening of which each has its own report in another
    language. Where both have a text or a date, these tell; where they have neither, the other language does.
    """
    is_cross = compared.languages[pairs.one] != compared.languages[pairs.other]
    if not is_cross.any():
        return pairs.chance
    spoken, speaks = np.unique(compared.languages, return_inverse=True)
    taken = _taken(settled.owners, speaks, len(spoken))
    log_odds = logit(np.clip(np.round(pairs.chance.astype(np.float64), 6), _FLOOR, 1 - 1e-6))
    partner = _partners(pairs, log_odds, is_cross, speaks=speaks, taken=taken)
    is_partner = partner[pairs.one, speaks[pairs.other]] == pairs.other
    has_partner = (partner != _NOBODY).any(axis=1) | taken.any(axis=1)
    told = np.minimum(compared.told[pairs.one], compared.told[pairs.other])
    is_undated = settled.is_undated[pairs.one] | settled.is_undated[pairs.other]
    is_claimed = (has_partner[pairs.one] | has_partner[pairs.other]) & ~is_partner
    change = _FAVOUR * is_partner - _DOUBT * (1 - told) * (is_claimed & is_undated)
    chance: Floats = np.where(change == 0, pairs.chance, expit(log_odds + change)).astype(np.float32)
    return chance


def _taken(owners: Indexes, speaks: Indexes, count: int) -> Mask:
    """Return per row and language whether its known event is told in that other language already."""
    taken = np.zeros((len(speaks), count), dtype=np.bool_)
    known = speaks[: len(owners)]
    told = np.zeros((owners.max(initial=0) + 1, count), dtype=np.bool_)
    told[owners, known] = True
    taken[: len(owners)] = told[owners]
    taken[np.arange(len(owners)), known] = False
    return taken


def _partners(pairs: Pairs, log_odds: NDArray[np.float64], is_cross: Mask, *, speaks: Indexes, taken: Mask) -> Indexes:
    """Return per row and language the row of its partner, or nobody."""
    one, other, odds = pairs.one[is_cross], pairs.other[is_cross], log_odds[is_cross]
    is_free = ~taken[one, speaks[other]] & ~taken[other, speaks[one]]
    one, other, odds = one[is_free], other[is_free], odds[is_free]
    best, first, second = _best(
        np.concatenate([one, other]),
        np.concatenate([other, one]),
        np.concatenate([odds, odds]),
        speaks=speaks,
        shape=taken.shape,
    )
    rows, languages = np.nonzero(best != _NOBODY)
    there = best[rows, languages]
    back = speaks[rows]
    rival = np.maximum(second[rows, languages], second[there, back])
    stands_out = (first[rows, languages] >= logit(_LEAST)) & (first[rows, languages] - rival >= _MARGIN)
    is_mutual = best[there, back] == rows
    partner = np.full(taken.shape, _NOBODY, dtype=np.int64)
    partner[rows, languages] = np.where(stands_out & is_mutual, there, _NOBODY)
    return partner


def _best(
    asked: Indexes, found: Indexes, odds: NDArray[np.float64], *, speaks: Indexes, shape: tuple[int, ...]
) -> tuple[Indexes, NDArray[np.float64], NDArray[np.float64]]:
    """Return per row and language the best match, its log odds, and those of the second best; ties to the first row."""
    best = np.full(shape, _NOBODY, dtype=np.int64)
    first, second = np.full(shape, logit(_FLOOR)), np.full(shape, logit(_FLOOR))
    order = np.lexsort((found, -odds, speaks[found], asked))
    keys = asked[order] * shape[1] + speaks[found[order]]
    is_first = np.diff(keys, prepend=-1) != 0
    is_second = np.diff(keys, prepend=-1, n=1) == 0
    is_second[1:] &= is_first[:-1]
    for is_place, odds_of in ((is_first, first), (is_second, second)):
        odds_of.flat[keys[is_place]] = odds[order][is_place]
    best.flat[keys[is_first]] = found[order][is_first]
    return best, first, second
