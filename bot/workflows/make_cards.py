"""Make the cards of an edition: what is read is put together once, for all routes and segments."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.analyze import extract
from bot.compose import card as cards
from bot.model.digest import Card, CardLink
from bot.model.event import Dossier
from bot.model.insight import Claim, Insight
from bot.model.recap import Recap, ScoredEvent, Standing
from bot.model.route import Route
from bot.model.values import EventId, Language
from bot.model.week import Week
from bot.understand import related
from bot.workflows.pool import Desk, Pool

RELATED_EVENTS = 4
"""Links under "Related Updates"."""

Insights = Mapping[tuple[EventId, Language], Insight]


class Maker(Protocol):
    """Makes the card of a scored event in a language, as it is news to the readers of a pool (the week's)."""

    def __call__(self, scored: ScoredEvent, language: Language, told: Pool | None = None, /) -> Card:
        """Return the card."""
        ...


def extracted(
    dossier: Dossier, *, language: Language, earlier: Sequence[Dossier], desk: Desk, now: datetime
) -> Insight:
    """Return the extractive insight of an event: what every page can have."""
    return extract.insight(
        dossier, audiences=desk.audiences, playbook=desk.playbook, language=language, earlier=earlier, now=now
    )


def nearest(dossier: Dossier, among: Sequence[Dossier], *, desk: Desk) -> list[Dossier]:
    """Return those *among* the given events that are likest, to link to, best first."""
    found = {other.event.id: other for other in (*among, dossier)}
    articles = [article.id for other in found.values() for article in other.articles]
    vectors = desk.store.load_vectors(articles, embedder=desk.embedder.name) if desk.embedder.name else {}
    near = related.nearest([dossier], list(found.values()), vectors=vectors, limit=RELATED_EVENTS)
    return [found[other] for other in near.get(dossier.event.id, [])]


def line(scored: ScoredEvent, pool: Pool, route: Route, *, desk: Desk) -> CardLink:
    """Return an event in one line, in the route's language."""
    return cards.event_link(pool.dossiers[scored.event_id], policy=desk.card, language=route.language)


def _whats_new(pool: Pool, dossier: Dossier, *, recap: Recap, language: Language) -> Claim | None:
    """Return what is new about an event, dated where the recap that told of it is not last week's."""
    claim = pool.whats_new(dossier, language=language)
    since = pool.standings[dossier.event.id].since
    if claim is None or since is None or Week.parse(since, zone=recap.zone).next.id == recap.week:
        return claim
    return claim.model_copy(update={"date": Week.parse(since, zone=recap.zone).last_day.isoformat()})


def maker(recap: Recap, pool: Pool, insights: Insights, *, desk: Desk) -> Maker:
    """Return what makes the card of a scored event in a language, each once; *insights* say which may be asked for."""
    hot = cards.hot_events(recap.events)
    shown = [pool.dossiers[event] for event in dict.fromkeys(event for event, _ in insights)]
    among = {dossier.event.id: dossier for dossier in (*pool.earlier, *pool.dossiers.values())}
    near = related.nearest(shown, list(among.values()), vectors=pool.vectors, limit=RELATED_EVENTS)

    made: dict[tuple[EventId, Language, Standing], Card] = {}

    def card(scored: ScoredEvent, language: Language, told: Pool | None = None, /) -> Card:
        # Routes differ in the score alone, segments in what they were told: what is read is put together once.
        view = told or pool
        key = (scored.event_id, language, view.standings[scored.event_id])
        if key not in made:
            made[key] = make(scored, language, view)
        own = {"score": scored.score, "score_parts": scored.parts}
        return made[key].model_copy(update=own)

    def make(scored: ScoredEvent, language: Language, view: Pool) -> Card:
        dossier = pool.dossiers[scored.event_id]
        return cards.of_event(
            dossier,
            insights.get((scored.event_id, language)),
            scored,
            recap=recap,
            is_hot=scored.event_id in hot,
            related=[among[other] for other in near.get(scored.event_id, [])],
            thread=pool.thread_of(dossier),
            state=view.standings[scored.event_id].state,
            whats_new=_whats_new(view, dossier, recap=recap, language=language),
            policy=desk.card,
            language=language,
        )

    return card
