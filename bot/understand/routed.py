"""Routed: how well items reach the audiences that people sorted them to."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.model.values import AudienceId


@dataclass(frozen=True, slots=True)
class ByLabel:
    """Precision, recall and F1 of one audience, by strongest matches."""

    label: AudienceId
    items: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Routed:
    """What `measure` finds; all from 0 to 1."""

    coverage: float
    precision: float
    any_of: float
    macro_f1: float
    by_label: tuple[ByLabel, ...]


def measure(wanted: Sequence[AbstractSet[AudienceId]], found: Sequence[Sequence[AudienceId]]) -> Routed:
    """
    Return how well what was *found* for each item (strongest first, empty: abstained) is what was *wanted*.

    Coverage is the part of the items with a match. Precision is the part of these whose strongest match is
    wanted; any_of, with a wanted one among all. F1 counts an item without a match as missed.
    """
    matched = [(want, found_here) for want, found_here in zip(wanted, found, strict=True) if found_here]
    by_label = tuple(_by_label(label, wanted, found) for label in sorted(set().union(*wanted)))
    return Routed(
        coverage=_part(len(matched), len(wanted)),
        precision=_part(sum(each[0] in want for want, each in matched), len(matched)),
        any_of=_part(sum(not want.isdisjoint(each) for want, each in matched), len(matched)),
        macro_f1=sum(each.f1 for each in by_label) / max(len(by_label), 1),
        by_label=by_label,
    )


def _by_label(
    label: AudienceId, wanted: Sequence[AbstractSet[AudienceId]], found: Sequence[Sequence[AudienceId]]
) -> ByLabel:
    right = sum(label in want and each[:1] == [label] for want, each in zip(wanted, found, strict=True))
    precision = _part(right, sum(each[:1] == [label] for each in found))
    items = sum(label in want for want in wanted)
    recall = _part(right, items)
    return ByLabel(label, items, precision, recall, _part(2 * precision * recall, precision + recall))


def _part(one: float, whole: float) -> float:
    return one / whole if whole else 0.0
