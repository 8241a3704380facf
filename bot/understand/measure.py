"""How good a clustering is: found groups against labelled ones."""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, combinations_with_replacement

from bot.model.values import Language

Labels = Sequence[Hashable]
"""One label per article; equal labels mean one event."""
Pair = tuple[int, int]
LanguagePair = tuple[Language, Language]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, each 0..1; 1 where there was nothing to find."""

    precision: float
    recall: float
    f1: float = field(init=False)
    """The harmonic mean of both."""

    def __post_init__(self) -> None:
        total = self.precision + self.recall
        object.__setattr__(self, "f1", 2 * self.precision * self.recall / total if total else 0.0)


def b_cubed(truth: Labels, found: Labels) -> Score:
    """
    Return the mean, over the articles, of how pure and how complete the group of each is.

    Source: Bagga and Baldwin 1998, https://aclanthology.org/P98-1012/
    """
    right, joined, true = Counter(zip(truth, found, strict=True)), Counter(found), Counter(truth)
    return Score(
        precision=_mean([right[here] / joined[here[1]] for here in zip(truth, found, strict=True)]),
        recall=_mean([right[here] / true[here[0]] for here in zip(truth, found, strict=True)]),
    )


def pairwise(truth: Labels, found: Labels) -> Score:
    """Return how many joined pairs belong together, and how many pairs that belong together were joined."""
    right, joined, true = zip(truth, found, strict=True), found, truth
    return _score(*(sum(_pairs_in(size) for size in Counter(kind).values()) for kind in (right, joined, true)))


def pairwise_by_languages(truth: Labels, found: Labels, languages: Sequence[Language]) -> dict[LanguagePair, Score]:
    """Return the pairwise scores of each language and across each two, where there is any pair."""
    right, joined, true = (
        _pairs_by_languages(kind, languages) for kind in (list(zip(truth, found, strict=True)), found, truth)
    )
    return {pair: _score(right[pair], joined[pair], true[pair]) for pair in sorted(joined | true)}


def wrongly_joined(truth: Labels, found: Labels) -> list[Pair]:
    """Return the pairs of places that were joined but do not belong together."""
    return [(one, other) for one, other in _pairs_of(found) if truth[one] != truth[other]]


def missed(truth: Labels, found: Labels) -> list[Pair]:
    """Return the pairs of places that belong together but were not joined."""
    return [(one, other) for one, other in _pairs_of(truth) if found[one] != found[other]]


def found_first(truth: Labels, languages: Sequence[Language], alike: Sequence[tuple[int, int, float]]) -> float | None:
    """
    Return recall@1 across languages: how often the likest article of another language tells the same event.

    *alike* are pairs of places with their likeness; a pair that is missing is not alike. Of articles with
    a counterpart in another language; null where none has one.
    """
    best: dict[int, tuple[float, int]] = {}
    for one, other, likeness in alike:
        if languages[one] != languages[other]:
            for here, there in ((one, other), (other, one)):
                best[here] = max(best.get(here, (0.0, -1)), (likeness, there))
    spoken: dict[Hashable, set[Language]] = {}
    for label, language in zip(truth, languages, strict=True):
        spoken.setdefault(label, set()).add(language)
    asked = [place for place, label in enumerate(truth) if len(spoken[label]) > 1]
    hits = [place in best and truth[best[place][1]] == truth[place] for place in asked]
    return sum(hits) / len(hits) if hits else None


def correlation(alike: Sequence[float], rated: Sequence[float]) -> float:
    """Return the rank correlation (Spearman) of our likeness and people's, -1..1; 0 where either never varies."""
    if min(len(set(alike)), len(set(rated))) < 2:
        return 0.0
    from scipy.stats import spearmanr  # takes a second to load, and only `recap eval` needs it

    return float(spearmanr(alike, rated).statistic)


def ranked_right(alike: Sequence[float], is_same: Sequence[bool]) -> float:
    """Return the chance that a pair of one event is liker than another pair (area under ROC); 0.5 without both."""
    from sklearn.metrics import roc_auc_score  # as above

    return float(roc_auc_score(is_same, alike)) if len(set(is_same)) > 1 else 0.5


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 1.0


def _score(right: int, joined: int, true: int) -> Score:
    return Score(precision=right / joined if joined else 1.0, recall=right / true if true else 1.0)


def _pairs_in(size: int) -> int:
    return size * (size - 1) // 2


def _pairs_by_languages(labels: Labels, languages: Sequence[Language]) -> Counter[LanguagePair]:
    groups: dict[Hashable, Counter[Language]] = {}
    for label, language in zip(labels, languages, strict=True):
        groups.setdefault(label, Counter())[language] += 1
    counts: Counter[LanguagePair] = Counter()
    for group in groups.values():
        for one, other in combinations_with_replacement(sorted(group), 2):
            pairs = _pairs_in(group[one]) if one == other else group[one] * group[other]
            if pairs:
                counts[one, other] += pairs
    return counts


def _pairs_of(labels: Labels) -> Iterator[Pair]:
    places: dict[Hashable, list[int]] = {}
    for place, label in enumerate(labels):
        places.setdefault(label, []).append(place)
    return (pair for group in places.values() for pair in combinations(group, 2))
