"""Describe events: their kind, hook and audiences, from the articles that they are about to have."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.analyze import endings, extract, kinds
from bot.model.article import Article
from bot.model.audience import Audience, AudienceMatch
from bot.model.event import Clustering, Dossier, Event, EventState
from bot.model.policy import Playbook
from bot.model.source import Source
from bot.model.values import ArticleId, EventId
from bot.understand import interest


def described(
    clustering: Clustering,
    articles: Sequence[Article],
    before: Sequence[Dossier],
    *,
    audiences: Sequence[Audience],
    sources: Sequence[Source],
    playbook: Playbook,
) -> Clustering:
    """
    Return *clustering* (of *articles* and the events *before*) with the kind, hook and audiences of its events.

    They are described before they are stored: a process that ends in between would leave events that
    nobody describes later.
    """
    dossiers = dossiers_of(clustering, articles, before)
    told = kinds.of_each(dossiers, playbook)
    matches = interest.match_all(
        dossiers,
        audiences,
        sources={source.slug: source for source in sources},
        kinds={event: kind for event, (kind, _) in told.items()},
    )
    events = tuple(
        _described(dossier, matches=matches[dossier.event.id], kind=told[dossier.event.id], playbook=playbook)
        for dossier in dossiers
    )
    return replace(clustering, events=events)


def dossiers_of(clustering: Clustering, articles: Sequence[Article], before: Sequence[Dossier]) -> list[Dossier]:
    """Return the events of *clustering* with the articles that they have once it is stored."""
    by_id = {article.id: article for dossier in before for article in dossier.articles}
    by_id |= {article.id: article for article in articles}
    event_of: dict[ArticleId, EventId] = {
        article.id: dossier.event.id for dossier in before for article in dossier.articles
    }
    event_of |= {membership.article_id: membership.event_id for membership in clustering.memberships}
    told: dict[EventId, list[Article]] = {event.id: [] for event in clustering.events}
    for article_id, event in event_of.items():
        if event in told:
            told[event].append(by_id[article_id])
    return [
        Dossier(event, tuple(sorted(told[event.id], key=lambda article: (article.dated_at, article.id))))
        for event in clustering.events
    ]


def _described(dossier: Dossier, *, matches: list[AudienceMatch], kind: tuple[str, str], playbook: Playbook) -> Event:
    facts = {"kind": kind[0], "kind_reason": kind[1], "hook": extract.hook(dossier), "audiences": matches}
    if endings.told(dossier.articles, [kind[0]], playbook=playbook, began_at=_began_at(dossier.event)):
        facts["state"] = EventState.RESOLVED
    return dossier.event.model_copy(update=facts)


def _began_at(event: Event) -> datetime:
    """Return when its affair began, or any time well before it, where it continues another event's."""
    began = event.first_published_at
    return began if event.state == EventState.NEW else began - endings.SOONEST
