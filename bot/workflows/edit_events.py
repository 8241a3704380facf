"""Edit events: an editor merges or splits them, and that is remembered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

import structlog

from bot.model.article import Article
from bot.model.errors import NotAllowed, NotFound
from bot.model.event import Clustering, Dossier, event_id, split_event_id
from bot.model.values import ArticleId, EventId
from bot.understand import edit
from bot.workflows import describe_events, embed_titles, look_up
from bot.workflows.pool import Desk

log = structlog.get_logger(__name__)

_LEAST_CHARS = 6
"""So many characters of an article's id may stand for it, where they are one article's alone."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit left: of a merge one event, of a split two, the older first."""

    events: tuple[Dossier, ...]
    redirected: EventId | None = None
    """The id that leads to the kept event now."""


def merge(one_id: EventId, other_id: EventId, *, desk: Desk, now: datetime) -> Edited:
    """
    Make one event of two; the earlier founded keeps its id, and the other's address leads there.

    Raises: NotFound, NotAllowed where both are one already.
    """
    one, other = (look_up.dossier_of(each, desk=desk) for each in (one_id, other_id))
    vectors = embed_titles.load([*one.articles, *other.articles], store=desk.store, embedder=desk.embedder)
    clustering = edit.merge(one, other, vectors=vectors, now=now)
    gone = next(iter(clustering.redirects))
    log.info("event.merged", event_id=clustering.events[0].id, gone=gone, articles=len(clustering.memberships))
    return Edited(_saved(clustering, [one, other], desk=desk), gone)


def split(event: EventId, articles: Sequence[str], *, desk: Desk, now: datetime) -> Edited:
    """
    Give *articles* (ids, beginnings of ids, or URLs) of an event one of their own, in the same thread.

    Raises: NotFound for what is no article of the event, NotAllowed where none would stay.
    """
    dossier = look_up.dossier_of(event, desk=desk)
    moved = {_article_of(dossier, reference).id for reference in articles}
    vectors = embed_titles.load(dossier.articles, store=desk.store, embedder=desk.embedder)
    new_id = _new_id(dossier, moved, desk=desk) if 0 < len(moved) < len(dossier.articles) else ""
    clustering = edit.split(dossier, moved, new_id=new_id, vectors=vectors, now=now)
    log.info("event.split", event_id=dossier.event.id, new=new_id, articles=len(moved))
    return Edited(_saved(clustering, [dossier], desk=desk))


def _saved(clustering: Clustering, before: Sequence[Dossier], *, desk: Desk) -> tuple[Dossier, ...]:
    sources = list(desk.sources.values())
    changes = describe_events.described(
        clustering, [], before, audiences=desk.audiences, sources=sources, playbook=desk.playbook
    )
    desk.store.save_clustering(changes)
    return tuple(desk.store.load_dossiers_by_id([event.id for event in changes.events]))


def _article_of(dossier: Dossier, reference: str) -> Article:
    found = [article for article in dossier.articles if _is_meant(article, reference)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotAllowed(
            f"'{reference}' may be any of {len(found)} articles of {dossier.event.id}; write more of its id."
        )
    raise NotFound(
        f"'{reference}' is no article of {dossier.event.id}; `recap event {dossier.event.id} --why` lists them."
    )


def _is_meant(article: Article, reference: str) -> bool:
    is_id = len(reference) >= _LEAST_CHARS and article.id.startswith(reference)
    return is_id or (reference != "" and reference in (article.url, article.canonical_url))


def _new_id(dossier: Dossier, moved: set[ArticleId], *, desk: Desk) -> EventId:
    """
    Return the id of the event that *moved* start: that of their founding article, or another where it is in use.

    An id that led to the event they leave is free: so a split undoes a merge, addresses and all.
    """
    founding = edit.founding_of(article for article in dossier.articles if article.id in moved)
    own = event_id(founding.id)
    candidates = (split_event_id(founding.id, nth=nth) if nth else own for nth in count())
    return next(candidate for candidate in candidates if _is_free(candidate, dossier, desk=desk))


def _is_free(candidate: EventId, dossier: Dossier, *, desk: Desk) -> bool:
    if candidate == dossier.event.id:
        return False
    return all(found.event.id == dossier.event.id for found in desk.store.load_dossiers_by_id([candidate]))
