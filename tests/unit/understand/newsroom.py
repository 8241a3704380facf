"""A newsroom without a database: articles arrive in batches, events are kept as the store would."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.model.article import Article
from bot.model.event import Bond, Clustering, Dossier, Event, JoinedBy, Membership
from bot.model.policy import ClusterPolicy
from bot.model.values import ArticleId, EventId
from bot.ports import Vector
from bot.understand import cluster, recheck
from tests.builders import NOW

POLICY = ClusterPolicy()


class Newsroom:
    """Events, memberships, redirects and bonds, in memory."""

    def __init__(self, vectors: dict[ArticleId, Vector] | None = None) -> None:
        self.vectors = vectors or {}
        self.articles: dict[ArticleId, Article] = {}
        self.events: dict[EventId, Event] = {}
        self.memberships: dict[ArticleId, Membership] = {}
        self.redirects: dict[EventId, EventId] = {}
        self.bonds: dict[tuple[ArticleId, ArticleId], Bond] = {}

    def arrive(self, articles: Sequence[Article], *, now: datetime = NOW) -> None:
        """Join *articles* to the events that are known."""
        self.articles |= {article.id: article for article in articles}
        self.take(
            cluster.into_events(
                articles,
                self.dossiers(),
                vectors=self.vectors,
                policy=POLICY,
                now=now,
                bonds=list(self.bonds.values()),
            )
        )

    def arrive_in(self, batches: Iterable[Sequence[Article]]) -> "Newsroom":
        """Join each of *batches* after the other."""
        for batch in batches:
            self.arrive(batch)
        return self

    def recheck(self, *, fixed: Sequence[EventId] = ()) -> Clustering:
        """Look at all events but the *fixed* and edited ones again."""
        dossiers = self.dossiers()
        held = [each for each in dossiers if each.event.id in fixed or each.is_edited]
        free = [each for each in dossiers if each not in held]
        changes = recheck.again(free, held, vectors=self.vectors, policy=POLICY, now=NOW + timedelta(days=1))
        self.take(changes)
        return changes

    def take(self, changes: Clustering) -> None:
        """Do as the store does with *changes*."""
        self.events |= {event.id: event for event in changes.events}
        for restored in changes.restored:
            self.redirects.pop(restored, None)
        self.redirects |= changes.redirects
        for membership in changes.memberships:
            old = self.memberships.get(membership.article_id)
            if old is None or old.by == JoinedBy.MACHINE or membership.by == JoinedBy.EDITOR:
                self.memberships[membership.article_id] = membership
        self.bonds |= {(bond.one_id, bond.other_id): bond for bond in changes.bonds}

    def dossiers(self) -> list[Dossier]:
        """Return the events that have articles."""
        told: dict[EventId, list[Article]] = {}
        for article in sorted(self.articles.values(), key=lambda article: (article.dated_at, article.id)):
            if membership := self.memberships.get(article.id):
                told.setdefault(membership.event_id, []).append(article)
        return [
            Dossier(self.events[event], tuple(held), tuple(self.memberships[article.id] for article in held))
            for event, held in sorted(told.items())
        ]

    def dossier(self, article: Article) -> Dossier:
        """Return the event of *article*."""
        wanted = self.memberships[article.id].event_id
        return next(each for each in self.dossiers() if each.event.id == wanted)

    def resolve(self, event: EventId) -> EventId:
        """Follow the redirects from *event*."""
        while event in self.redirects:
            event = self.redirects[event]
        return event

    def partition(self) -> dict[ArticleId, EventId]:
        """Return the event of each article."""
        return {article: membership.event_id for article, membership in self.memberships.items()}


def b_cubed(one: dict[ArticleId, str], other: dict[ArticleId, str]) -> float:
    """Return the B-cubed F1 between two partitions of the same articles; 1 where they are the same."""

    def overlap(left: dict[ArticleId, str], right: dict[ArticleId, str]) -> float:
        shares = []
        for article, event in left.items():
            mine = {each for each in left if left[each] == event}
            theirs = {each for each in right if right[each] == right[article]}
            shares.append(len(mine & theirs) / len(mine))
        return sum(shares) / len(shares)

    precision, recall = overlap(one, other), overlap(other, one)
    return 2 * precision * recall / (precision + recall)
