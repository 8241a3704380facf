"""Weeks of a few events, and what a route makes of them."""

from collections.abc import Sequence

from bot.model.audience import AudienceMatch
from bot.model.event import Dossier
from bot.model.policy import RankPolicy
from bot.model.recap import ScoredEvent, ScorePart
from bot.model.route import Route
from bot.rank import select
from bot.rank.candidates import Candidates
from bot.rank.select import Selection
from tests.builders import a_dossier, an_article

POLICY = RankPolicy(max_per_publisher=2)


def an_event(title: str, *audiences: str, source: str = "halden", **values: object) -> Dossier:
    matches = [AudienceMatch(id=audience, confidence=0.8, reason="mentions it") for audience in audiences]
    return a_dossier(an_article(title, source=source, **values), audiences=matches)


def a_week(dossiers: Sequence[Dossier], scores: Sequence[float] = ()) -> Candidates:
    """Return the events with one part `coverage` of weight 1 each; 0.5 where no score is given."""
    scored = [
        ScoredEvent(event_id=dossier.event.id, score=value, parts=[ScorePart(name="coverage", value=value, weight=1)])
        for dossier, value in zip(dossiers, scores or [0.5] * len(dossiers), strict=True)
    ]
    return Candidates(scored, {dossier.event.id: dossier for dossier in dossiers}, vectors={})


def a_route(**values: object) -> Route:
    return Route.model_validate({"id": "r", "name": "R"} | values)


def selected(
    dossiers: Sequence[Dossier],
    scores: Sequence[float] = (),
    *,
    told: Sequence[Dossier] = (),
    near: int = 0,
    **route: object,
) -> Selection:
    recapped = frozenset(dossier.event.id for dossier in told)
    week = a_week(dossiers, scores)
    return select.for_route(week, a_route(**route), policy=POLICY, near=near, recapped=recapped)


def ids(scored: Sequence[ScoredEvent]) -> list[str]:
    return [event.event_id for event in scored]
