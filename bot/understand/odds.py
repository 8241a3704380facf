"""The odds that two articles tell the same event, from the signals they give."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

_MOST_RARE = 8.0
"""More shared rare names than this prove no more."""
_CALM_HOURS, _DOUBT_PER_DAY = 24.0, 0.5
"""After a day, each further one between two articles takes this much off the log odds."""


@dataclass(frozen=True, slots=True)
class Signals:
    """What pairs of articles show; a value per pair, each 0..1 unless it says else."""

    words: Floats
    """Cosine of the words of title and lead."""
    names: Floats
    """Cosine of names and numbers."""
    rare: Floats
    """Count of shared rare names and numbers."""
    meaning: Floats
    """Cosine of the titles' centred vectors."""
    crowd: Floats
    """How like the likest articles of other languages are to these two, on average."""
    told: Floats
    """How much text the shorter one has besides its title; 1 is a whole lead."""
    read: Floats
    """How much text both have together; 1 is a whole lead."""
    is_other_amount: Mask
    """Both titles name amounts, and none in common."""
    is_one_publisher: Mask
    hours: Floats
    """Between them."""
    is_cross: Mask
    """Of two languages."""
    is_meant: Mask
    """Both have vectors."""
    is_centred: bool
    """The vectors are centred by language; few are not, and have no crowd to stand out from."""


@dataclass(frozen=True, slots=True)
class _Weights:
    """Log odds = bias + the sum of weights times signals; *words* weighs the root of the cosine."""

    bias: float
    words: float = 0.0
    names: float = 0.0
    rare: float = 0.0
    meaning: float = 0.0
    crowd: float = 0.0
    amounts: float = 0.0
    publisher: float = 0.0
    told: float = 0.0


# Fitted by logistic regression, then rounded; docs/measured.md says on what, and what each signal adds.
_SAME_LANGUAGE = _Weights(bias=-6.2, words=7.5, names=2.4, rare=0.33, meaning=5.4, amounts=-1.5, publisher=-1.9)
_SAME_LANGUAGE_UNMEANT = _Weights(bias=-5.9, words=13.2, names=3.4, rare=0.22, amounts=-1.6, publisher=-2, told=0.9)
_CROSS_LANGUAGE = _Weights(bias=-4.2, rare=0.95, meaning=17.5, crowd=-15.6, amounts=-1.25)
_CROSS_LANGUAGE_FEW = _Weights(bias=-7, names=2, rare=1.3, meaning=12, amounts=-1.25)
_CROSS_LANGUAGE_UNMEANT = _Weights(bias=-6, names=5, rare=1.3, amounts=-1.25)


def chances(signals: Signals) -> Floats:
    """Return the chance, pair by pair, that both tell the same event."""
    across = _CROSS_LANGUAGE if signals.is_centred else _CROSS_LANGUAGE_FEW
    log_odds = np.select(
        [~signals.is_cross & signals.is_meant, ~signals.is_cross, signals.is_meant],
        [_within_language(signals), _log_odds(_SAME_LANGUAGE_UNMEANT, signals), _log_odds(across, signals)],
        default=_log_odds(_CROSS_LANGUAGE_UNMEANT, signals),
    )
    doubt = np.maximum(0, signals.hours - _CALM_HOURS) / 24 * _DOUBT_PER_DAY
    chance: Floats = expit(log_odds - doubt).astype(np.float32)
    return chance


def _within_language(signals: Signals) -> Floats:
    """
    Return the log odds of pairs with vectors: the more text there is, the less the meaning of the titles counts.

    The lead of one of the two is enough: it holds the words of the other's title, if it tells the same.
    """
    by_meaning, by_words = _log_odds(_SAME_LANGUAGE, signals), _log_odds(_SAME_LANGUAGE_UNMEANT, signals)
    return (1 - signals.read) * by_meaning + signals.read * by_words


def _log_odds(weights: _Weights, signals: Signals) -> Floats:
    odds = weights.bias + weights.told * signals.told
    odds = odds + weights.words * np.sqrt(signals.words) + weights.names * signals.names
    odds += weights.rare * np.minimum(signals.rare, _MOST_RARE)
    odds += weights.meaning * np.maximum(signals.meaning, 0) + weights.crowd * signals.crowd
    odds += weights.amounts * signals.is_other_amount + weights.publisher * signals.is_one_publisher
    return odds.astype(np.float32)
