"""The week's events with their scores, and what is known about the weeks before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.model.article import Article
from bot.model.audience import Audience
from bot.model.digest import Route
from bot.model.event import Dossier
from bot.model.policy import CardPolicy, ClusterPolicy, Playbook, RankPolicy, RecapPolicy
from bot.model.recap import ScoredEvent
from bot.model.source import Source
from bot.model.values import ArticleId, EventId, SourceSlug
from bot.model.week import Week
from bot.ports import Analyst, Embedder, FullText, Renderer, Store, Vector
from bot.rank import learn, score

MAX_AGE_AT_COLLECTION = timedelta(days=14)
"""What was dated longer than this before we collected it is a backlog, not news (DESIGN.md section 6)."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All that working on editions needs besides the week and the time."""

    store: Store
    analyst: Analyst
    embedder: Embedder
    full_text: FullText
    renderer: Renderer
    sources: Mapping[SourceSlug, Source]
    audiences: Sequence[Audience]
    routes: Sequence[Route]
    playbook: Playbook
    cluster: ClusterPolicy
    ranking: RankPolicy
    recap: RecapPolicy
    card: CardPolicy
    teaser_words: int
    """Under this, a feed's text is a teaser, and the article's page is read."""

    def week_of(self, at: datetime) -> Week:
        """Return the week that holds *at*, in the edition's zone."""
        return Week.of(at, zone=self.recap.zone, starts_on=self.recap.week_starts)

    def week(self, week_id: str) -> Week:
        """Return the named week in the edition's zone. Raises: NotFound."""
        return Week.parse(week_id, zone=self.recap.zone, starts_on=self.recap.week_starts)


@dataclass(frozen=True, slots=True)
class Pool:
    """The eligible events of a week, scored, beside the events of the weeks before."""

    dossiers: Mapping[EventId, Dossier]
    scored: Sequence[ScoredEvent]
    """Best first."""
    recapped: frozenset[EventId]
    """Events that earlier recaps showed."""
    earlier: Sequence[Dossier]
    vectors: Mapping[ArticleId, Vector]

    def thread_of(self, dossier: Dossier) -> list[Dossier]:
        """Return the earlier events of the same thread, oldest first."""
        same = [other for other in self.earlier if other.event.thread_id == dossier.event.thread_id]
        return sorted(same, key=lambda other: (other.event.first_published_at, other.event.id))

    def with_articles(self, changed: Mapping[ArticleId, Article]) -> "Pool":
        """Return the pool with *changed* articles in place of the known ones."""
        if not changed:
            return self
        dossiers = {
            event: replace(dossier, articles=tuple(changed.get(article.id, article) for article in dossier.articles))
            for event, dossier in self.dossiers.items()
        }
        return replace(self, dossiers=dossiers)


def load(week: Week, *, desk: Desk, until: datetime) -> Pool:
    """Load the events of *week*, as far as the moment *until*, and score them."""
    dossiers = _of_week(week, desk=desk, until=until)
    since = week.starts_at - timedelta(weeks=desk.recap.related_weeks)
    earlier = [
        dossier
        for dossier in desk.store.load_dossiers(since=since, until=week.starts_at)
        if dossier.event.id not in dossiers
    ]
    recapped = desk.store.load_recapped(before=week.starts_at)
    scored = score.events(
        list(dossiers.values()),
        sources=desk.sources,
        policy=desk.ranking,
        at=until,
        recapped=recapped,
        earlier=earlier,
        learned=learn.taught(learn.lessons([article for dossier in earlier for article in dossier.articles])),
    )
    return Pool(dossiers, scored, recapped, earlier, _vectors([*dossiers.values(), *earlier], desk=desk))


def is_eligible(article: Article, week: Week, *, previous_built_at: datetime | None, until: datetime) -> bool:
    """
    Return whether *article* counts for *week*, as far as *until*.

    It was published in the week (or collected in it, undated), or in the week before but
    collected after that week's recap was built (*previous_built_at*). Backlogs never count.
    """
    if article.collected_at - article.dated_at > MAX_AGE_AT_COLLECTION:
        return False
    if week.starts_at <= article.dated_at < until:
        return True
    was_missed = previous_built_at is not None and article.collected_at > previous_built_at
    return week.previous.holds(article.dated_at) and was_missed


def _of_week(week: Week, *, desk: Desk, until: datetime) -> dict[EventId, Dossier]:
    before = desk.store.load_recap(week.previous.id)
    built_at = before.built_at if before else None
    loaded = desk.store.load_dossiers(since=week.previous.starts_at, until=until)
    return {
        dossier.event.id: _as_of(dossier, until=until)
        for dossier in loaded
        if any(is_eligible(article, week, previous_built_at=built_at, until=until) for article in dossier.articles)
    }


def _as_of(dossier: Dossier, *, until: datetime) -> Dossier:
    told = tuple(article for article in dossier.articles if article.dated_at < until)
    return Dossier(dossier.event, told, dossier.memberships)


def _vectors(dossiers: Iterable[Dossier], *, desk: Desk) -> dict[ArticleId, Vector]:
    if not desk.embedder.name:
        return {}
    ids = [article.id for dossier in dossiers for article in dossier.articles]
    return desk.store.load_vectors(ids, embedder=desk.embedder.name)
