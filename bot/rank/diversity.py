"""Diversity: the best events that differ, by maximal marginal relevance."""

import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.model.policy import RankPolicy
from bot.rank.likeness import Likeness


@dataclass(frozen=True, slots=True)
class Offer:
    """An event that may be taken."""

    place: int
    """Its place in the week's `Likeness`."""
    event_id: str
    teller: str
    """Who alone tells it; empty where several independent publishers do, which no cap counts."""
    score: float


@dataclass(slots=True)
class Taken:
    """What was taken, and why not the rest that was looked at."""

    offers: list[Offer] = field(default_factory=list)
    """In the order of taking."""
    passed_over: dict[str, str] = field(default_factory=dict)
    """Event → reason."""


def take(
    offers: Iterable[Offer],
    likeness: Likeness,
    *,
    limit: int,
    cap: int,
    policy: RankPolicy,
    beside: Sequence[Offer] = (),
) -> Taken:
    """
    Take the best of *offers* (best first), at most *limit*, and at most *cap* that one teller alone tells.

    Each time the one with the highest score less what its likeness to those taken, and to those *beside*,
    costs it; never one liker than the policy allows.
    Source: Carbonell and Goldstein 1998, https://dl.acm.org/doi/10.1145/290941.291025
    """
    taken = Taken()
    per_teller: Counter[str] = Counter()
    queue = _Queue(offers)
    while (waiting := queue.pop()) and len(taken.offers) < limit:
        offer = waiting.offer
        shown = [*beside, *taken.offers]
        if offer.teller and per_teller[offer.teller] >= cap:
            taken.passed_over[offer.event_id] = f"publisher cap: already {cap} that {offer.teller} alone tells"
        elif twin := waiting.compare(shown, likeness, most=policy.max_likeness):
            taken.passed_over[offer.event_id] = f"too like {twin}"
        elif not queue.takes_back(waiting, cost=policy.diversity * waiting.likest):
            taken.offers.append(offer)
            per_teller[offer.teller] += 1
    return taken


@dataclass(slots=True)
class _Waiting:
    """An offer with what it was compared with so far."""

    offer: Offer
    number: int
    compared: int = 0
    likest: float = 0.0

    def compare(self, shown: Sequence[Offer], likeness: Likeness, *, most: float) -> str:
        """Compare with those of *shown* that are new; return the first that it is liker than *most*, or nothing."""
        for other in shown[self.compared :]:
            like = likeness.between(self.offer.place, other.place)
            if like > most:
                return f"{other.event_id} ({like:.2f})"
            self.likest = max(self.likest, like)
        self.compared = len(shown)
        return ""


class _Queue:
    """
    Offers by what they are worth at most: a score less what likeness costs so far.

    Worth only falls as more are taken, so the first is weighed anew and goes back where another may
    be worth more now. Most offers are never looked at.
    """

    def __init__(self, offers: Iterable[Offer]) -> None:
        self._coming = enumerate(offers)
        self._heap: list[tuple[float, int, _Waiting]] = []
        self._newest = -1
        self._draw()

    def pop(self) -> _Waiting | None:
        if not self._heap:
            return None
        waiting = heapq.heappop(self._heap)[2]
        if waiting.number == self._newest:
            self._draw()
        return waiting

    def takes_back(self, waiting: _Waiting, *, cost: float) -> bool:
        """Take *waiting* back if another may be worth more; return whether it did."""
        entry = (cost - waiting.offer.score, waiting.number, waiting)
        if not self._heap or entry[:2] < self._heap[0][:2]:
            return False
        heapq.heappush(self._heap, entry)
        return True

    def _draw(self) -> None:
        for number, offer in self._coming:
            heapq.heappush(self._heap, (-offer.score, number, _Waiting(offer, number)))
            self._newest = number
            return
