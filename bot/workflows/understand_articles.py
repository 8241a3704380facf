"""Understand: join stored articles to events, and say whom each event concerns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.analyze import extract, kinds
from bot.model.article import Article
from bot.model.audience import Audience, AudienceMatch
from bot.model.event import Clustering, Dossier, Event, EventState
from bot.model.policy import ClusterPolicy, Playbook
from bot.model.source import Source
from bot.model.values import ArticleId, EventId
from bot.ports import Embedder, Store, Vector
from bot.understand import cluster, interest, related

log = structlog.get_logger(__name__)

_OLDEST_DAYS = 60
"""An article dated longer ago than this does not make us load events of its time."""


@dataclass(frozen=True, slots=True)
class UnderstandReport:
    """What understanding did."""

    joined: int = 0
    """Articles that joined a known event."""
    started: int = 0
    """New events."""
    events_changed: int = 0
    """New events and known ones that got new articles."""
    notes: tuple[str, ...] = ()


def understand(
    *,
    store: Store,
    embedder: Embedder,
    audiences: Sequence[Audience],
    sources: Sequence[Source],
    playbook: Playbook,
    policy: ClusterPolicy,
    now: datetime,
    on_progress: Callable[[str], None],
    max_vectors: int = 2000,
) -> UnderstandReport:
    """
    Give every stored article that has no event one, and every new or changed event its kind, hook and audiences.

    At most *max_vectors* titles are embedded, the newest first; the others are compared by words.
    """
    unjoined = store.load_unjoined_articles()
    if not unjoined:
        return UnderstandReport()
    on_progress(f"{len(unjoined)} new articles")
    notes = _embed(unjoined, store=store, embedder=embedder, limit=max_vectors)
    earlier, known = _load_known(unjoined, store=store, policy=policy, now=now)
    vectors = _load_vectors([*_articles_of(earlier), *unjoined], store=store, embedder=embedder)
    clustering = cluster.into_events(unjoined, known, vectors=vectors, policy=policy, now=now)
    clustering = _with_threads(clustering, unjoined, earlier, vectors=vectors, policy=policy)
    # Described before they are stored: a process that ends in between would leave events that nobody describes later.
    dossiers = _dossiers_of(clustering, unjoined, known)
    events = _described(dossiers, audiences=audiences, sources=sources, playbook=playbook)
    store.save_clustering(replace(clustering, events=events))
    report = _report(clustering, unjoined, known=known, notes=notes)
    on_progress(f"{report.started} new events, {report.joined} articles joined known ones")
    log.info("articles.understood", joined=report.joined, started=report.started, changed=report.events_changed)
    return report


def _embed(articles: Sequence[Article], *, store: Store, embedder: Embedder, limit: int) -> tuple[str, ...]:
    if not embedder.name:
        return ()
    titled = [article for article in articles if article.title.strip()]
    stored = store.load_vectors([article.id for article in titled], embedder=embedder.name)
    missing = [article for article in titled if article.id not in stored]
    newest = sorted(missing, key=lambda article: (article.dated_at, article.id), reverse=True)[:limit]
    vectors = embedder.embed([article.title for article in newest])
    store.save_vectors(dict(zip((article.id for article in newest), vectors, strict=True)), embedder=embedder.name)
    log.debug("titles.embedded", made=len(newest), left=len(missing) - len(newest))
    left = len(missing) - len(newest)
    return (f"{left} older titles were compared by words alone.",) if left else ()


def _load_known(
    unjoined: Sequence[Article], *, store: Store, policy: ClusterPolicy, now: datetime
) -> tuple[list[Dossier], list[Dossier]]:
    """Return the events that new ones may continue, and those of them that articles may still join."""
    oldest = max(min(article.dated_at for article in unjoined), now - timedelta(days=_OLDEST_DAYS))
    reach = timedelta(days=policy.join_days + 1)
    earlier = store.load_dossiers(since=oldest - max(reach, timedelta(days=policy.thread_days)))
    return earlier, [dossier for dossier in earlier if dossier.event.last_published_at >= oldest - reach]


def _load_vectors(articles: Sequence[Article], *, store: Store, embedder: Embedder) -> dict[ArticleId, Vector]:
    if not embedder.name:
        return {}
    return store.load_vectors([article.id for article in articles], embedder=embedder.name)


def _articles_of(dossiers: Sequence[Dossier]) -> list[Article]:
    return [article for dossier in dossiers for article in dossier.articles]


def _with_threads(
    clustering: Clustering,
    unjoined: Sequence[Article],
    earlier: Sequence[Dossier],
    *,
    vectors: Mapping[ArticleId, Vector],
    policy: ClusterPolicy,
) -> Clustering:
    known = {dossier.event.id for dossier in earlier}
    new = [dossier for dossier in _dossiers_of(clustering, unjoined, ()) if dossier.event.id not in known]
    threads = related.threads(new, [*earlier, *new], vectors=vectors, policy=policy)
    events = tuple(
        event.model_copy(update={"thread_id": threads[event.id], "state": EventState.DEVELOPING})
        if event.id in threads
        else event
        for event in clustering.events
    )
    return replace(clustering, events=events)


def _dossiers_of(clustering: Clustering, articles: Sequence[Article], known: Sequence[Dossier]) -> list[Dossier]:
    """Return the events of *clustering* with the articles that they had as *known* and those that joined them."""
    by_id = {article.id: article for article in articles}
    told: dict[EventId, list[Article]] = {event.id: [] for event in clustering.events}
    for dossier in known:
        if dossier.event.id in told:
            told[dossier.event.id].extend(dossier.articles)
    for membership in clustering.memberships:
        told[membership.event_id].append(by_id[membership.article_id])
    return [
        Dossier(event, tuple(sorted(told[event.id], key=lambda article: (article.dated_at, article.id))))
        for event in clustering.events
    ]


def _report(
    clustering: Clustering, unjoined: Sequence[Article], *, known: Sequence[Dossier], notes: tuple[str, ...]
) -> UnderstandReport:
    known_ids = {dossier.event.id for dossier in known}
    joined = sum(1 for membership in clustering.memberships if membership.event_id in known_ids)
    started = sum(1 for event in clustering.events if event.id not in known_ids)
    log.debug("articles.clustered", articles=len(unjoined), events=len(clustering.events))
    return UnderstandReport(joined=joined, started=started, events_changed=len(clustering.events), notes=notes)


def _described(
    dossiers: Sequence[Dossier],
    *,
    audiences: Sequence[Audience],
    sources: Sequence[Source],
    playbook: Playbook,
) -> tuple[Event, ...]:
    matches = interest.match_all(dossiers, audiences, sources={source.slug: source for source in sources})
    return tuple(_with_facts(dossier, matches=matches, playbook=playbook) for dossier in dossiers)


def _with_facts(dossier: Dossier, *, matches: Mapping[EventId, list[AudienceMatch]], playbook: Playbook) -> Event:
    kind, reason = kinds.of(dossier, playbook)
    facts = {
        "kind": kind,
        "kind_reason": reason,
        "hook": extract.hook(dossier),
        "audiences": matches[dossier.event.id],
    }
    return dossier.event.model_copy(update=facts)
