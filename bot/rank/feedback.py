"""Feedback: what readers' votes say of sources and audiences, fading with time and held within bounds."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from bot.model.event import Dossier
from bot.model.feedback import Feedback, Vote
from bot.model.values import EventId

Trait = tuple[Literal["source", "audience"], str]
"""A kind and the slug or id of what is judged."""

HALF_LIFE = timedelta(weeks=4)
"""The age at which a vote counts half: tastes change with the season, not with the day."""
MEMORY = timedelta(weeks=26)
"""After this a vote counts a hundredth, and is not looked at any more."""
BOUND = 0.2
"""How far votes move a source or an audience at most, up or down."""
_SHRINK = 3.0
"""Voters of one mind who move something half as far as any number of them: one person alone moves it by a quarter."""

_SAYS: Mapping[Vote, Mapping[str, int]] = {
    Vote.USEFUL: {"source": 1, "audience": 1},
    # Not for me says who it is for, not how good the source is; wrong says the opposite.
    Vote.NOT_FOR_ME: {"audience": -1},
    Vote.WRONG: {"source": -1},
}


@dataclass(frozen=True, slots=True)
class Moved:
    """How far votes move one source or audience."""

    lift: float
    """-BOUND..BOUND."""
    votes: int
    voters: int


@dataclass(frozen=True, slots=True)
class Opinion:
    """What readers' votes say; empty until somebody votes."""

    moved: Mapping[Trait, Moved] = field(default_factory=dict)

    def of_sources(self, dossier: Dossier) -> tuple[float, list[Trait]]:
        """Return the mean lift of an event's sources, those without votes as 0, and the judged ones."""
        traits: list[Trait] = [("source", slug) for slug in sorted({article.source for article in dossier.articles})]
        return self._mean([(trait, 1.0) for trait in traits])

    def of_audiences(self, dossier: Dossier) -> tuple[float, list[Trait]]:
        """Return the mean lift of an event's audiences by their confidence, and the judged ones."""
        matches = sorted(dossier.event.audiences, key=lambda match: match.id)
        return self._mean([(("audience", match.id), match.confidence) for match in matches])

    def _mean(self, weighed: Sequence[tuple[Trait, float]]) -> tuple[float, list[Trait]]:
        total = math.fsum(weight for _, weight in weighed)
        known = [(trait, weight) for trait, weight in weighed if trait in self.moved]
        lifts = math.fsum(self.moved[trait].lift * weight for trait, weight in known)
        return (lifts / total if total > 0 else 0.0), [trait for trait, _ in known]


def opinion(votes: Sequence[Feedback], dossiers: Mapping[EventId, Dossier], *, at: datetime) -> Opinion:
    """
    Return what *votes* given up to *at* say; those on events without a dossier say nothing.

    A person counts once for each source and audience however many votes they give, so that nobody can
    outvote the others; and a vote counts half after each HALF_LIFE. The order of *votes* does not matter.
    """
    cast: dict[Trait, dict[tuple[str, str], list[float]]] = defaultdict(lambda: defaultdict(list))
    for vote in votes:
        if vote.event_id in dossiers and at - MEMORY < vote.given_at <= at:
            for trait, sign in _judged(vote.vote, dossiers[vote.event_id]):
                cast[trait][(vote.workspace, vote.person)].append(sign * fresh(at - vote.given_at))
    return Opinion({trait: _moved(people) for trait, people in sorted(cast.items())})


def fresh(age: timedelta) -> float:
    """Return what a vote of *age* still counts: 1 for a new one, half after each HALF_LIFE."""
    return float(0.5 ** (max(timedelta(0), age) / HALF_LIFE))


def _judged(vote: Vote, dossier: Dossier) -> Iterator[tuple[Trait, int]]:
    says = _SAYS[vote]
    if "source" in says:
        yield from ((("source", slug), says["source"]) for slug in {article.source for article in dossier.articles})
    if "audience" in says:
        yield from ((("audience", match.id), says["audience"]) for match in dossier.event.audiences)


def _moved(people: Mapping[tuple[str, str], Sequence[float]]) -> Moved:
    said = math.fsum(math.fsum(sorted(votes)) / _voices(votes, least=1.0) for votes in people.values())
    heard = math.fsum(min(1.0, _voices(votes, least=0.0)) for votes in people.values())
    lift = min(BOUND, max(-BOUND, BOUND * said / (_SHRINK + heard)))
    return Moved(lift, sum(len(votes) for votes in people.values()), len(people))


def _voices(votes: Sequence[float], *, least: float) -> float:
    return max(least, math.fsum(abs(vote) for vote in votes))
