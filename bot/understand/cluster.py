"""Clustering: which articles tell the same event."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.model.article import Article
from bot.model.event import Bond, Clustering, Dossier
from bot.model.policy import ClusterPolicy
from bot.model.values import ArticleId
from bot.ports import Vector
from bot.understand import graph, linkage, settle
from bot.understand.bonds import respected


def into_events(
    articles: Sequence[Article],
    known: Sequence[Dossier],
    *,
    vectors: Mapping[ArticleId, Vector],
    policy: ClusterPolicy,
    now: datetime,
    bonds: Sequence[Bond] = (),
) -> Clustering:
    """
    Return the events of *articles*, which have none yet: known ones that they join, or new ones.

    The same input gives the same output, whatever its order. Known events are neither
    merged nor split. Where two articles have no *vectors*, words and names decide alone.
    *bonds* are what editors said of pairs of these articles and those of the known events.
    """
    scene = graph.scene(articles, known, vectors)
    edges, copies = graph.edges(scene, policy)
    edges = respected(edges, bonds, scene.rows) if bonds else edges
    groups = linkage.merge(
        graph.starting_groups(scene, [*graph.same_pages(scene), *copies]),
        edges,
        at_least=policy.same_event,
        fixed=len(scene.known),
    )
    settled = settle.events(scene, [group for group in groups if max(group) >= scene.first_new], now=now)
    return Clustering(
        events=tuple(event for event, _ in settled),
        memberships=tuple(membership for _, memberships in settled for membership in memberships),
    )
