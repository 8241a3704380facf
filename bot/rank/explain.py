"""What carried a score, and what would change it: worked out from the stored parts alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.model.recap import ScorePart
from bot.rank import score, signals

ChangeKind = Literal["publisher", "pin", "unpinned", "untold", "no_offer", "unvoted"]

_CARRIERS = 3
_NO_OPINION = 0.5
"""Value of the part `feedback` where votes say nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that would move the score."""

    kind: ChangeKind
    """
    One more independent publisher; an editor's pin in one digest, or its end; had no recap told it; were it no offer;
    had nobody voted on its sources and audiences.
    """
    score: float
    """What the score would be, 0..1."""


def carried(parts: Sequence[ScorePart]) -> list[ScorePart]:
    """Return the parts that carried the score: those of most points, at most three, best first."""
    counting = [part for part in parts if part.points > 0]
    return sorted(counting, key=lambda part: (-part.points, part.name))[:_CARRIERS]


def changes(parts: Sequence[ScorePart]) -> list[Change]:
    """
    Return what would change the score most, the greatest change first; nothing for parts stored without inputs.

    Each is worked out alone, with all else as it is: one more publisher changes coverage, not momentum.
    """
    named = {part.name: part for part in parts}
    before = score.mean(parts)
    found = [
        change
        for change in (_publisher(named), _pin(named), _untold(named), _no_offer(named), _unvoted(named))
        if change
    ]
    telling = [change for change in found if round(change.score, 2) != round(before, 2)]
    return sorted(telling, key=lambda change: (-abs(change.score - before), change.kind))


def _publisher(named: dict[str, ScorePart]) -> Change | None:
    part = named.get("coverage")
    count, full = (_number(part, "publishers"), _number(part, "full")) if part else (None, None)
    if part is None or count is None or full is None or count >= full:
        return None
    more = signals.coverage_of(int(count) + 1, full=int(full))
    return Change("publisher", _with(named, part.model_copy(update={"value": more})))


def _pin(named: dict[str, ScorePart]) -> Change | None:
    part = named.get("pin")
    if part is None:
        return None
    if part.value > 0:
        return Change("unpinned", _with(named, part.model_copy(update={"value": 0.0, "weight": 0.0})))
    weight = _number(part, "weight")
    return Change("pin", _with(named, part.model_copy(update={"value": 1.0, "weight": weight}))) if weight else None


def _untold(named: dict[str, ScorePart]) -> Change | None:
    part = named.get("novelty")
    if part is None or part.value >= 1:
        return None
    return Change("untold", _with(named, part.model_copy(update={"value": 1.0})))


def _no_offer(named: dict[str, ScorePart]) -> Change | None:
    if "offer" not in named:
        return None
    return Change("no_offer", score.mean([part for name, part in named.items() if name != "offer"]))


def _unvoted(named: dict[str, ScorePart]) -> Change | None:
    part = named.get("feedback")
    if part is None or part.weight == 0 or part.value == _NO_OPINION:
        return None
    return Change("unvoted", _with(named, part.model_copy(update={"value": _NO_OPINION})))


def _with(named: dict[str, ScorePart], changed: ScorePart) -> float:
    return score.mean([changed if name == changed.name else part for name, part in named.items()])


def _number(part: ScorePart, name: str) -> float | None:
    value = part.inputs.get(name)
    return float(value) if isinstance(value, int | float) else None
