"""Re-check: look at the last days' events again, and merge or split what nobody was shown yet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.model.audience import Audience
from bot.model.event import Clustering, Dossier
from bot.model.policy import ClusterPolicy, Playbook
from bot.model.source import Source
from bot.ports import Embedder, Store
from bot.understand import recheck as rules
from bot.workflows import describe_events, embed_titles, understand_articles

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RecheckReport:
    """What a re-check did."""

    checked: int = 0
    """Events of the window that the machine may still change."""
    merged: int = 0
    """Events that became part of an older one."""
    started: int = 0
    """Events split off from others."""
    moved: int = 0
    """Articles that changed their event."""
    embedded: int = 0
    """Titles that got their vectors."""
    notes: tuple[str, ...] = ()


def recheck(
    *,
    store: Store,
    embedder: Embedder,
    audiences: Sequence[Audience],
    sources: Sequence[Source],
    playbook: Playbook,
    policy: ClusterPolicy,
    now: datetime,
    on_progress: Callable[[str], None] = lambda _: None,
    max_vectors: int = embed_titles.MAX_TITLES,
) -> RecheckReport:
    """
    Merge and split the events of the last join window as if all their articles had come at once.

    What a digest shows or an editor arranged stays as it is. A second run changes nothing.
    """
    since = now - timedelta(days=policy.join_days)
    late = embed_titles.left_over(store=store, embedder=embedder, since=since, limit=max_vectors)
    window = store.load_dossiers(since=since)
    shown = store.load_shown([dossier.event.id for dossier in window])
    free = [dossier for dossier in window if dossier.event.id not in shown and not dossier.is_edited]
    fixed = [dossier for dossier in window if dossier.event.id in shown or dossier.is_edited]
    on_progress(f"{len(free)} events to look at again")
    articles = [article for dossier in window for article in dossier.articles]
    vectors = embed_titles.load(articles, store=store, embedder=embedder)
    bonds = store.load_bonds([article.id for article in articles])
    clustering = rules.again(free, fixed, vectors=vectors, policy=policy, now=now, bonds=bonds)
    clustering = understand_articles.with_threads(clustering, articles, window, vectors=vectors, policy=policy)
    if clustering.events:
        clustering = describe_events.described(
            clustering, articles, window, audiences=audiences, sources=sources, playbook=playbook
        )
        store.save_clustering(clustering)
    return _reported(clustering, free, late=late)


def _reported(clustering: Clustering, free: Sequence[Dossier], *, late: embed_titles.Embedded) -> RecheckReport:
    for membership in clustering.memberships:
        log.info(
            "article.moved",
            article_id=membership.article_id,
            event_id=membership.event_id,
            reason=membership.reason,
        )
    report = RecheckReport(
        checked=len(free),
        merged=len(clustering.redirects),
        started=len(clustering.restored),
        moved=len(clustering.memberships),
        embedded=late.made,
        notes=(late.note,) if late.note else (),
    )
    log.info("events.rechecked", checked=report.checked, merged=report.merged, started=report.started)
    return report
