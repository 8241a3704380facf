"""Selection: which events one route gets, and why not the others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.model.event import Dossier
from bot.model.policy import RankPolicy
from bot.model.recap import ScoredEvent, ScorePart
from bot.model.route import NewsRule, Route
from bot.model.values import AudienceId, EventId, Language
from bot.rank import diversity, rules, score
from bot.rank.candidates import Candidates, Rows
from bot.rank.diversity import Offer, Taken

MAX_ALSO = 10
"""Lines of "Also this week"."""

_EVERYBODY = "*"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a route gets of a week."""

    chosen: tuple[ScoredEvent, ...]
    """Best first, with the parts `audience` and `boost` where they count."""
    also: tuple[ScoredEvent, ...]
    """The best of what did not fit: one line each."""
    near: tuple[EventId, ...]
    """What comes next if chosen events are dropped, the chosen ones first."""
    why_not: Callable[[EventId], str] = field(repr=False, compare=False)
    """Event → why it is not among the chosen; empty for those, and for events of other weeks."""


def for_route(
    week: Candidates, route: Route, *, policy: RankPolicy, near: int = 0, recapped: frozenset[EventId] = frozenset()
) -> Selection:
    """
    Return what *route* gets of *week*.

    Left out are events of *recapped*, of other audiences, topics or languages, muted ones, those
    under the route's minimum score, beyond its cap per publisher (of what one alone
    tells), and too like a better one. For a
    route with named audiences the part `audience` counts in the score, and what it boosts has a
    part `boost`. Of more than `max_events` the best that differ are chosen; *near* says how many
    places the list of next ones has, the chosen included.
    """
    sieve = _Sieve(week, route, policy=policy, recapped=recapped)
    cap = route.max_per_publisher or policy.max_per_publisher
    limit = max(near, route.max_events)
    taken = diversity.take(sieve.offers(), week.likeness, limit=limit, cap=cap, policy=policy)
    chosen = taken.offers[: route.max_events]
    also = _also(sieve, chosen, cap=cap)
    return Selection(
        chosen=tuple(sieve.scored(chosen)),
        also=tuple(sieve.scored(also)),
        near=tuple(offer.event_id for offer in taken.offers),
        why_not=_Reasons(
            lambda: _Sieve(week, route, policy=policy, recapped=recapped), taken, {each.event_id for each in chosen}
        ).why_not,
    )


def for_audiences(
    route: Route, audiences: Sequence[AudienceId], mutes: Sequence[str] = (), *, language: Language | None = None
) -> Route:
    """
    Return *route* as one person, or several who want the same, get it.

    Their *audiences* stand for the route's (none, or `*`: the route's own), what they mute is muted
    besides what the route mutes. An event that concerns several of their audiences comes once.
    """
    wanted = sorted(set(audiences))
    words = [*route.mute.words, *(word for word in sorted(set(mutes)) if word not in route.mute.words)]
    return route.model_copy(
        update={
            "audiences": list(route.audiences) if not wanted or _EVERYBODY in wanted else wanted,
            "mute": route.mute.model_copy(update={"words": words}),
            "language": language or route.language,
        }
    )


def _also(sieve: "_Sieve", chosen: Sequence[Offer], *, cap: int) -> list[Offer]:
    shown = {offer.event_id for offer in chosen}
    rest = (offer for offer in sieve.offers() if offer.event_id not in shown)
    likeness, policy = sieve.week.likeness, sieve.policy
    return diversity.take(rest, likeness, limit=MAX_ALSO, cap=cap, policy=policy, beside=chosen).offers


class _Sieve:
    """One route's rules, laid over all events of a week at once."""

    def __init__(
        self, week: Candidates, route: Route, *, policy: RankPolicy, recapped: frozenset[EventId] = frozenset()
    ) -> None:
        self.week = week
        self.route = route
        self.policy = policy
        self.recapped = recapped
        self.is_for_all = not route.audiences or _EVERYBODY in route.audiences
        self.muted = _told_by(week, route.mute, rules.muting)
        self.boosted = _told_by(week, route.boost, rules.boosting)
        self.fit = week.fit([] if self.is_for_all else route.audiences)
        self.scores = self._scores()
        places = np.flatnonzero(self._passes())
        self.ordered: list[int] = places[np.lexsort((week.by_id[places], -self.scores[places]))].tolist()

    def offers(self) -> Iterator[Offer]:
        """Yield the events that pass, best first."""
        week = self.week
        for place in self.ordered:
            yield Offer(place, week.ids[place], week.tellers[place], float(self.scores[place]))

    def scored(self, offers: Sequence[Offer]) -> list[ScoredEvent]:
        """Return the events of *offers*, best first, with the parts that this route adds to their score."""
        return score.best_first([self._with_parts(offer.place) for offer in offers])

    def why_not(self, place: int) -> str:
        """Return why the event at *place* does not pass; empty where it does."""
        route, dossier = self.route, self.week.dossiers[place]
        reasons = {
            "in an earlier recap": dossier.event.id in self.recapped,
            f"for none of its audiences: {', '.join(route.audiences)}": not self.is_for_all and self.fit[place] < 0,
            f"on none of its topics: {', '.join(route.topics)}": not _is_of(route.topics, self.week.of_topics, place),
            f"not told in {', '.join(route.languages)}": not _is_of(route.languages, self.week.of_languages, place),
            f"muted by {self.muted.get(place)}": place in self.muted,
            f"below min_score: {self.scores[place]:.2f}, the route asks for {route.min_score:g}": (
                self.scores[place] < route.min_score
            ),
        }
        return next((reason for reason, applies in reasons.items() if applies), "")

    def _passes(self) -> NDArray[np.bool_]:
        week, route = self.week, self.route
        passes = self.scores >= route.min_score
        if not self.is_for_all:
            passes &= self.fit >= 0
        for wanted, rows_of in ((route.topics, week.of_topics), (route.languages, week.of_languages)):
            if wanted:
                passes &= _mask(rows_of(wanted), len(passes))
        passes[list(self.muted)] = False
        passes[[week.places[event] for event in self.recapped if event in week.places]] = False
        return passes

    def _scores(self) -> NDArray[np.float64]:
        week, policy = self.week, self.policy
        fits = self.fit >= 0
        boosts = _mask(np.array(list(self.boosted), dtype=np.intp), len(week.ids))
        points = week.points + np.where(fits, self.fit * policy.audience_weight, 0.0)
        points += np.where(boosts, policy.boost_weight, 0.0)
        weights = week.weights + np.where(fits, policy.audience_weight, 0.0)
        weights += np.where(boosts, policy.boost_weight, 0.0)
        means = np.clip(np.divide(points, weights, out=np.zeros_like(points), where=weights > 0), 0.0, 1.0)
        return np.where(fits | boosts, means, week.scores)

    def _with_parts(self, place: int) -> ScoredEvent:
        event, added = self.week.scored[place], []
        if match := None if self.is_for_all else self.week.best_match(place, self.route.audiences):
            reason = f"{match.id}: {match.reason}"
            added.append(_part("audience", match.confidence, self.policy.audience_weight, reason))
        if place in self.boosted:
            added.append(_part("boost", 1.0, self.policy.boost_weight, f"this route boosts {self.boosted[place]}"))
        if not added:
            return event
        parts = [part for part in event.parts if part.name != "audience"] + added
        return ScoredEvent(event_id=event.event_id, score=score.mean(parts), parts=parts)


class _Reasons:
    """Why events are not among a route's: worked out anew when somebody asks, for there are thousands."""

    def __init__(self, sieve: "Callable[[], _Sieve]", taken: Taken, chosen: set[EventId]) -> None:
        self.sieve = sieve
        self.passed_over = taken.passed_over
        self.chosen = chosen

    def why_not(self, event: EventId) -> str:
        sieve = self.sieve()
        place = sieve.week.places.get(event)
        if place is None or event in self.chosen:
            return ""
        return sieve.why_not(place) or self.passed_over.get(event) or self._fell_off(event, sieve)

    def _fell_off(self, event: EventId, sieve: _Sieve) -> str:
        passed = [offer.event_id for offer in sieve.offers() if offer.event_id not in self.passed_over]
        place, most = passed.index(event) + 1, sieve.route.max_events
        if place > most:
            return f"fell off at place {place} of {most}"
        return f"at place {place} of {most} by score, but much like others: it gave way to what differs more"


def _told_by(week: Candidates, rule: NewsRule, said: Callable[[NewsRule, Dossier, str], str]) -> Mapping[int, str]:
    """Return the events that *rule* tells, each with what told it."""
    if rule.is_empty:
        return {}
    rows = [week.of_sources(rule.sources), week.of_publishers(rule.publishers), *map(week.with_word, rule.words)]
    near: list[int] = np.unique(np.concatenate(rows)).tolist()
    return {place: reason for place in near if (reason := said(rule, week.dossiers[place], week.titles[place]))}


def _is_of(wanted: Sequence[str], rows_of: Callable[[Sequence[str]], Rows], place: int) -> bool:
    return not wanted or place in rows_of(wanted)


def _mask(rows: Rows, length: int) -> NDArray[np.bool_]:
    mask = np.zeros(length, dtype=np.bool_)
    mask[rows] = True
    return mask


def _part(name: str, value: float, weight: float, reason: str) -> ScorePart:
    return ScorePart(name=name, value=value, weight=weight, reason=reason)
