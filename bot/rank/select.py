"""Selection: which events one route gets."""

from collections import Counter
from collections.abc import Mapping, Sequence

from bot.model.audience import AudienceMatch
from bot.model.digest import Route
from bot.model.event import Dossier
from bot.model.policy import RankPolicy
from bot.model.recap import ScoredEvent, ScorePart
from bot.model.values import EventId
from bot.model.words import words
from bot.rank import score

_EVERYBODY = "*"


def shortlist(
    scored: Sequence[ScoredEvent],
    dossiers: Mapping[EventId, Dossier],
    route: Route,
    *,
    policy: RankPolicy,
    limit: int,
    recapped: frozenset[EventId] = frozenset(),
) -> list[ScoredEvent]:
    """
    Return the events for *route*, best first, at most *limit*.

    Left out are events of *recapped*, of other audiences, topics or languages, under the
    route's minimum score, beyond its cap per publisher, and too like a better one. For a
    route with named audiences the part `audience` counts in the score.
    """
    wanted = [
        event for event in scored if event.event_id not in recapped and _is_for(route, dossiers.get(event.event_id))
    ]
    fitted = score.best_first(
        [_with_audience(event, dossiers[event.event_id], route, policy=policy) for event in wanted]
    )
    return _spread([event for event in fitted if event.score >= route.min_score], dossiers, policy=policy, limit=limit)


def _is_for(route: Route, dossier: Dossier | None) -> bool:
    if dossier is None:
        return False
    return (
        (_is_for_everybody(route) or _best_match(route, dossier) is not None)
        and (not route.topics or not _topics(dossier).isdisjoint(route.topics))
        and (not route.languages or not set(dossier.languages).isdisjoint(route.languages))
    )


def _topics(dossier: Dossier) -> set[str]:
    return {*dossier.event.topics, *(topic for article in dossier.articles for topic in article.topics)}


def _is_for_everybody(route: Route) -> bool:
    return not route.audiences or _EVERYBODY in route.audiences


def _best_match(route: Route, dossier: Dossier) -> AudienceMatch | None:
    matches = [match for match in dossier.event.audiences if match.id in route.audiences]
    return max(matches, key=lambda match: (match.confidence, match.id), default=None)


def _with_audience(event: ScoredEvent, dossier: Dossier, route: Route, *, policy: RankPolicy) -> ScoredEvent:
    match = None if _is_for_everybody(route) else _best_match(route, dossier)
    if match is None:
        return event
    fit = ScorePart(
        name="audience", value=match.confidence, weight=policy.audience_weight, reason=f"{match.id}: {match.reason}"
    )
    parts = [part for part in event.parts if part.name != fit.name] + [fit]
    return ScoredEvent(event_id=event.event_id, score=score.mean(parts), parts=parts)


def _spread(
    fitted: Sequence[ScoredEvent], dossiers: Mapping[EventId, Dossier], *, policy: RankPolicy, limit: int
) -> list[ScoredEvent]:
    chosen: list[ScoredEvent] = []
    per_publisher: Counter[str] = Counter()
    told: list[frozenset[str]] = []
    for event in fitted:
        if len(chosen) >= limit:
            break
        dossier = dossiers[event.event_id]
        publisher, title = dossier.publishers[0], frozenset(words(dossier.event.title))
        if per_publisher[publisher] >= policy.max_per_publisher:
            continue
        if any(_likeness(title, other) > policy.max_likeness for other in told):
            continue
        chosen.append(event)
        per_publisher[publisher] += 1
        told.append(title)
    return chosen


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    union = len(one | other)
    return len(one & other) / union if union else 0.0
