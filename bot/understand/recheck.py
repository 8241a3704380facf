"""The nightly re-check: events of the last days clustered anew, as if all their articles had come at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.event import Bond, Clustering, Dossier, Event, Membership
from bot.model.policy import ClusterPolicy
from bot.model.values import ArticleId, EventId
from bot.ports import Vector
from bot.understand import graph, linkage, settle
from bot.understand.bonds import respected
from bot.understand.graph import Scene


@dataclass(frozen=True, slots=True)
class _Group:
    """Articles that tell one event, and the known events whose founding articles are among them, oldest first."""

    rows: list[int]
    articles: frozenset[ArticleId]
    homed: list[Dossier]


def again(
    free: Sequence[Dossier],
    fixed: Sequence[Dossier],
    *,
    vectors: Mapping[ArticleId, Vector],
    policy: ClusterPolicy,
    now: datetime,
    bonds: Sequence[Bond] = (),
) -> Clustering:
    """
    Return what must change for *free* events to be as if their articles had all come at once; often nothing.

    An event stays with its founding article. Of several that turn out to be one the earliest founded
    stays, and the others lead to it; articles that no event's founding article is among start one.
    *fixed* events (sent, or edited) are neither changed nor joined; they only tell which words are rare.
    """
    told = [article for dossier in free for article in dossier.articles]
    scene = graph.scene(told, fixed, vectors)
    groups = _grouped(scene, free, policy=policy, bonds=bonds)
    changed = [group for group in groups if not _is_as_before(group)]
    kept = [group.homed[0].event if group.homed else None for group in changed]
    settled = settle.events(scene, [group.rows for group in changed], now=now, kept=kept)
    redirects = {gone.event.id: group.homed[0].event.id for group in changed for gone in group.homed[1:]}
    return Clustering(
        events=tuple(event for event, _ in settled),
        memberships=_moved(settled, free, redirects=redirects),
        redirects=redirects,
        restored=tuple(event.id for (event, _), known in zip(settled, kept, strict=True) if known is None),
    )


def _grouped(scene: Scene, free: Sequence[Dossier], *, policy: ClusterPolicy, bonds: Sequence[Bond]) -> list[_Group]:
    found, copies = graph.edges(scene, policy)
    edges = [edge for edge in found if min(edge[:2]) >= scene.first_new]
    pairs = [pair for pair in (*graph.same_pages(scene), *copies) if min(pair) >= scene.first_new]
    merged = linkage.merge(
        graph.starting_groups(scene, pairs),
        respected(edges, bonds, scene.rows) if bonds else edges,
        at_least=policy.same_event,
        fixed=len(scene.known),
    )
    rows = [group for group in merged if min(group) >= scene.first_new]
    groups = [frozenset(scene.articles[row].id for row in group) for group in rows]
    homes = _homes(groups, free)
    return [
        _Group(group, articles, homes.get(place, []))
        for place, (group, articles) in enumerate(zip(rows, groups, strict=True))
    ]


def _homes(groups: Sequence[frozenset[ArticleId]], free: Sequence[Dossier]) -> dict[int, list[Dossier]]:
    """Return for each group the events that live on in it, oldest first."""
    place_of = {article: place for place, group in enumerate(groups) for article in group}
    homes: dict[int, list[Dossier]] = {}
    for dossier in sorted(free, key=lambda dossier: (dossier.founded_at, dossier.event.id)):
        founding = dossier.event.founding_article_id
        anchor = founding if founding in place_of else dossier.articles[0].id
        homes.setdefault(place_of[anchor], []).append(dossier)
    return homes


def _is_as_before(group: _Group) -> bool:
    return len(group.homed) == 1 and group.articles == {article.id for article in group.homed[0].articles}


def _moved(
    settled: Sequence[settle.Settled], free: Sequence[Dossier], *, redirects: Mapping[EventId, EventId]
) -> tuple[Membership, ...]:
    """Return the memberships that change, each saying what was done and why."""
    before = {article.id: dossier.event.id for dossier in free for article in dossier.articles}
    known = set(before.values())
    return tuple(
        membership.model_copy(
            update={"reason": f"{_act(event, before[membership.article_id], redirects, known)}: {membership.reason}"}
        )
        for event, memberships in settled
        for membership in memberships
        if before[membership.article_id] != event.id
    )


def _act(event: Event, before: EventId, redirects: Mapping[EventId, EventId], known: set[EventId]) -> str:
    if redirects.get(before) == event.id:
        return f"merged from {before} at the re-check"
    return f"{'moved' if event.id in known else 'split'} from {before} at the re-check"
