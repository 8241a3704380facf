"""Candidates: a week's events as selection looks at them, made once for all routes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.model.audience import AudienceMatch
from bot.model.event import Dossier
from bot.model.recap import ScoredEvent
from bot.model.values import ArticleId, AudienceId, EventId
from bot.ports.vectors import Vector
from bot.rank import rules, score
from bot.rank.likeness import Likeness

Rows = NDArray[np.intp]
"""Places of events in `Candidates.scored`, ascending."""

_FIT = "audience"


class Candidates:
    """The events of a week, best first, with what routes ask about at hand."""

    def __init__(
        self,
        scored: Sequence[ScoredEvent],
        dossiers: Mapping[EventId, Dossier],
        *,
        vectors: Mapping[ArticleId, Vector],
    ) -> None:
        """Take the *scored* events that have a dossier, in any order, and the *vectors* of their articles, if any."""
        self.scored = score.best_first([event for event in scored if event.event_id in dossiers])
        self.ids = [event.event_id for event in self.scored]
        self.dossiers = [dossiers[event] for event in self.ids]
        self.places = {event: place for place, event in enumerate(self.ids)}
        self.tellers = [_alone(dossier, event) for dossier, event in zip(self.dossiers, self.scored, strict=True)]
        """Who alone tells each event, the owner or the publisher; empty where several independent ones do."""
        self.titles = [rules.titles(dossier) for dossier in self.dossiers]
        self.likeness = Likeness(self.dossiers, vectors)
        self.scores = np.array([event.score for event in self.scored], dtype=np.float64)
        parts = [[part for part in event.parts if part.name != _FIT] for event in self.scored]
        self.points = np.array([sum(part.points for part in own) for own in parts], dtype=np.float64)
        self.weights = np.array([sum(part.weight for part in own) for own in parts], dtype=np.float64)
        self.by_id = np.argsort(np.argsort(np.array(self.ids, dtype=str)))
        """Where each would stand by its id: the order of equals."""
        self._words: dict[str, Rows] = {}
        self._fit = self._fits()
        self._topics = _rows_by(dossier.topics for dossier in self.dossiers)
        self._languages = _rows_by(dossier.languages for dossier in self.dossiers)
        self._sources = _rows_by(
            {article.source.casefold() for article in dossier.articles} for dossier in self.dossiers
        )
        self._publishers = _rows_by({name.casefold() for name in dossier.publishers} for dossier in self.dossiers)

    def fit(self, audiences: Iterable[AudienceId]) -> NDArray[np.float64]:
        """Return how well each event fits the best of *audiences*, 0..1; -1 where it is for none of them."""
        best = np.full(len(self.ids), -1.0)
        for audience in audiences:
            if audience in self._fit:
                np.maximum(best, self._fit[audience], out=best)
        return best

    def of_topics(self, topics: Iterable[str]) -> Rows:
        """Return the events with one of *topics*."""
        return _union(self._topics, topics)

    def of_languages(self, languages: Iterable[str]) -> Rows:
        """Return the events that are told in one of *languages*."""
        return _union(self._languages, languages)

    def of_sources(self, sources: Iterable[str]) -> Rows:
        """Return the events that one of *sources* tells, with others or alone."""
        return _union(self._sources, (name.casefold() for name in sources))

    def of_publishers(self, publishers: Iterable[str]) -> Rows:
        """Return the events that one of *publishers* tells, with others or alone."""
        return _union(self._publishers, (name.casefold() for name in publishers))

    def with_word(self, word: str) -> Rows:
        """Return the events with *word* in one of their titles."""
        if word not in self._words:
            found = [place for place, told in enumerate(self.titles) if rules.has_word(told, word)]
            self._words[word] = np.array(found, dtype=np.intp)
        return self._words[word]

    def best_match(self, place: int, audiences: Sequence[AudienceId]) -> AudienceMatch | None:
        """Return the strongest match of the event at *place* with one of *audiences*."""
        matches = [match for match in self.dossiers[place].event.audiences if match.id in audiences]
        return max(matches, key=lambda match: (match.confidence, match.id), default=None)

    def _fits(self) -> dict[AudienceId, NDArray[np.float64]]:
        found: dict[AudienceId, NDArray[np.float64]] = {}
        for place, dossier in enumerate(self.dossiers):
            for match in dossier.event.audiences:
                fits = found.setdefault(match.id, np.full(len(self.ids), -1.0))
                fits[place] = max(fits[place], match.confidence)
        return found


def _alone(dossier: Dossier, event: ScoredEvent) -> str:
    told = next((part.inputs for part in event.parts if part.name == "coverage" and part.inputs), {})
    count = told.get("publishers", len(dossier.publishers))
    return str(told.get("alone", dossier.publishers[0])) if count == 1 else ""


def _rows_by(names: Iterable[Iterable[str]]) -> dict[str, Rows]:
    rows: dict[str, list[int]] = defaultdict(list)
    for place, own in enumerate(names):
        for name in own:
            rows[name].append(place)
    return {name: np.array(places, dtype=np.intp) for name, places in rows.items()}


def _union(rows: Mapping[str, Rows], names: Iterable[str]) -> Rows:
    found = [rows[name] for name in names if name in rows]
    return np.unique(np.concatenate(found)) if found else np.array([], dtype=np.intp)
