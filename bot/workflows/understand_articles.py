"""Understand: join stored articles to events, and say whom each event concerns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.model.article import Article
from bot.model.audience import Audience
from bot.model.event import Clustering, Dossier, EventState
from bot.model.policy import ClusterPolicy, Playbook
from bot.model.source import Source
from bot.model.values import ArticleId
from bot.ports import Embedder, Store, Vector
from bot.understand import cluster, related
from bot.workflows import describe_events, embed_titles

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
    late: int = 0
    """Earlier articles whose titles got their vectors only now: a re-check may join them better."""
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
    max_vectors: int = embed_titles.MAX_TITLES,
) -> UnderstandReport:
    """
    Give every stored article that has no event one, and every new or changed event its kind, hook and audiences.

    At most *max_vectors* titles are embedded, the newest first; the others are compared by words, and
    embedded by later runs that have fewer new ones.
    """
    unjoined = store.load_unjoined_articles()
    embedded = embed_titles.of_articles(unjoined, store=store, embedder=embedder, limit=max_vectors)
    spare = 0 if embedded.note else max_vectors - embedded.made
    since = now - timedelta(days=policy.join_days)
    late = embed_titles.left_over(store=store, embedder=embedder, since=since, limit=spare)
    notes = tuple(note for note in (embedded.note, late.note) if note)
    if not unjoined:
        return UnderstandReport(late=late.made, notes=notes)
    on_progress(f"{len(unjoined)} new articles")
    earlier, known = _load_known(unjoined, store=store, policy=policy, now=now)
    vectors = embed_titles.load([*_articles_of(earlier), *unjoined], store=store, embedder=embedder)
    bonds = store.load_bonds([article.id for article in _articles_of(known)])
    clustering = cluster.into_events(unjoined, known, vectors=vectors, policy=policy, now=now, bonds=bonds)
    clustering = with_threads(clustering, unjoined, earlier, vectors=vectors, policy=policy)
    clustering = describe_events.described(
        clustering, unjoined, known, audiences=audiences, sources=sources, playbook=playbook
    )
    store.save_clustering(clustering)
    report = replace(_report(clustering, unjoined, known=known), late=late.made, notes=notes)
    on_progress(f"{report.started} new events, {report.joined} articles joined known ones")
    log.info("articles.understood", joined=report.joined, started=report.started, changed=report.events_changed)
    return report


def _load_known(
    unjoined: Sequence[Article], *, store: Store, policy: ClusterPolicy, now: datetime
) -> tuple[list[Dossier], list[Dossier]]:
    """Return the events that new ones may continue, and those of them that articles may still join."""
    oldest = max(min(article.dated_at for article in unjoined), now - timedelta(days=_OLDEST_DAYS))
    reach = timedelta(days=policy.join_days + 1)
    earlier = store.load_dossiers(since=oldest - max(reach, timedelta(days=policy.thread_days)))
    return earlier, [dossier for dossier in earlier if dossier.event.last_published_at >= oldest - reach]


def _articles_of(dossiers: Sequence[Dossier]) -> list[Article]:
    return [article for dossier in dossiers for article in dossier.articles]


def with_threads(
    clustering: Clustering,
    articles: Sequence[Article],
    earlier: Sequence[Dossier],
    *,
    vectors: Mapping[ArticleId, Vector],
    policy: ClusterPolicy,
) -> Clustering:
    """Return *clustering* of *articles* with its new events in the threads of *earlier* ones that they continue."""
    known = {dossier.event.id for dossier in earlier}
    told = describe_events.dossiers_of(clustering, articles, earlier)
    new = [dossier for dossier in told if dossier.event.id not in known]
    threads = related.threads(new, [*earlier, *new], vectors=vectors, policy=policy)
    events = tuple(
        event.model_copy(update={"thread_id": threads[event.id], "state": EventState.DEVELOPING})
        if event.id in threads
        else event
        for event in clustering.events
    )
    return replace(clustering, events=events)


def _report(clustering: Clustering, unjoined: Sequence[Article], *, known: Sequence[Dossier]) -> UnderstandReport:
    known_ids = {dossier.event.id for dossier in known}
    joined = sum(1 for membership in clustering.memberships if membership.event_id in known_ids)
    started = sum(1 for event in clustering.events if event.id not in known_ids)
    log.debug("articles.clustered", articles=len(unjoined), events=len(clustering.events))
    return UnderstandReport(joined=joined, started=started, events_changed=len(clustering.events))
