"""The week's events with their scores, and what is known about the weeks before."""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.deliver import owned
from bot.model.article import Article
from bot.model.audience import Audience
from bot.model.errors import NotFound
from bot.model.event import Dossier
from bot.model.insight import Claim
from bot.model.policy import CardPolicy, ClusterPolicy, Playbook, RankPolicy, RecapPolicy
from bot.model.recap import ScoredEvent, Standing
from bot.model.route import Route
from bot.model.source import Source
from bot.model.values import ArticleId, EventId, Language, RouteId, SourceSlug
from bot.model.week import Week
from bot.ports import Analyst, Embedder, FullText, Renderer, Store, Vector
from bot.rank import learn, memory, score
from bot.rank.feedback import Opinion
from bot.rank.learn import Learned
from bot.workflows import hear_readers, recall
from bot.workflows.recall import Memory

MAX_AGE_AT_COLLECTION = timedelta(days=14)
"""What was dated longer than this before we collected it is a backlog, not news (DESIGN.md section 6)."""

Held = Mapping[tuple[RouteId, str], frozenset[EventId]]
"""Events that a route, or a segment of its readers, held over for too little news; no segment: the route itself."""


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
    """Those of routes.yaml; see `load_routes`."""
    playbook: Playbook
    cluster: ClusterPolicy
    ranking: RankPolicy
    recap: RecapPolicy
    card: CardPolicy
    teaser_words: int
    """Under this, a feed's text is a teaser, and the article's page is read."""

    def route(self, route_id: RouteId) -> Route:
        """Return a route as it is now. Raises: NotFound."""
        for route in self.load_routes():
            if route.id == route_id:
                return route
        raise NotFound(f"Route '{route_id}' is no route any more; `recap routes` lists them.")

    def load_routes(self) -> list[Route]:
        """Return the routes as they are now: those of the config, then those that channels have of their own."""
        return owned.in_use(self.routes, self.store.load_routes())

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
    standings: MutableMapping[EventId, Standing]
    memory: Memory
    earlier: Sequence[Dossier]
    vectors: Mapping[ArticleId, Vector]
    held: Held = field(default_factory=dict)
    older: frozenset[EventId] = frozenset()
    """Held events without an article of the week: only for the routes that held them."""
    repeats: frozenset[EventId] = frozenset()
    """What an earlier recap told already, and of which there is no news."""

    @property
    def carried(self) -> frozenset[EventId]:
        """Return the held events that are no news of the week."""
        return self.older | (_all(self.held) & self.repeats)

    @property
    def told(self) -> list[ScoredEvent]:
        """Return what the week's recap tells, best first: all but the repeats that no route held over."""
        kept = self.carried
        return [each for each in self.scored if each.event_id in kept or each.event_id not in self.repeats]

    def left_out(self, route: RouteId, *, segment: str = "") -> frozenset[EventId]:
        """
        Return the events that *route* must not get: told before without news since, or held over by others.

        What a *segment* of its readers gets is held over by itself.
        """
        return (self.repeats | self.older) - self.held.get((route, segment), frozenset())

    def why_left_out(self, event: EventId, route: RouteId) -> str:
        """Return why *route* must not get *event* this week, where it must not; else nothing."""
        if event not in self.left_out(route):
            return ""
        if event in self.repeats:
            return f"told before: {self.standings[event].reason}"
        holders = sorted({holder for (holder, _), events in self.held.items() if event in events})
        return f"no news of this week: only there because other routes held it over ({', '.join(holders)})"

    def whats_new(self, dossier: Dossier, *, language: Language) -> Claim | None:
        """Return the sentence that says what is new about an event that an earlier recap told of, else null."""
        return self.memory.whats_new(dossier, self.standings[dossier.event.id], language=language)

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
        known = recall.of(self.memory.past, [*dossiers.values(), *self.earlier], playbook=self.memory.playbook)
        standings = recall.standings(known, dossiers)
        scored = [_standing(each, standings) for each in self.scored]
        return replace(
            self, dossiers=dossiers, memory=known, standings=standings, scored=scored, repeats=_repeats(standings)
        )


def load(
    week: Week,
    *,
    desk: Desk,
    until: datetime,
    held: Held | None = None,
    learned: Learned | None = None,
    opinion: Opinion | None = None,
) -> Pool:
    """
    Load the events of *week*, as far as the moment *until*, and score them.

    The events that routes *held* over from the weeks before come with them. What was *learned*
    of earlier weeks, and the *opinion* of readers, are looked up where they are not given.
    """
    own = _of_week(week, desk=desk, until=until)
    carried = _carried(held or {}, own, desk=desk, until=until)
    dossiers = own | carried
    since = week.starts_at - timedelta(weeks=desk.recap.related_weeks)
    earlier = [
        dossier
        for dossier in desk.store.load_dossiers(since=since, until=week.starts_at)
        if dossier.event.id not in dossiers
    ]
    past = memory.past(desk.store.load_showings(before=week.starts_at))
    known = recall.of(past, [*dossiers.values(), *earlier], playbook=desk.playbook)
    standings = recall.standings(known, dossiers)
    scored = score.events(
        list(dossiers.values()),
        sources=desk.sources,
        policy=desk.ranking,
        at=until,
        recapped=_repeats(standings),
        earlier_threads=frozenset(past.by_thread),
        told=[dossier.event.title for dossier in earlier if dossier.event.id in past.by_event],
        learned=learned or _learned(week, desk=desk),
        opinion=opinion or hear_readers.opinion(store=desk.store, at=until),
    )
    return Pool(
        dossiers,
        [_standing(each, standings) for each in scored],
        standings,
        known,
        earlier,
        _vectors([*dossiers.values(), *earlier], desk=desk),
        held=held or {},
        older=frozenset(carried),
        repeats=_repeats(standings),
    )


def _learned(week: Week, *, desk: Desk) -> Learned:
    engaged = desk.store.load_engaged(since=week.starts_at - learn.MEMORY, until=week.starts_at)
    return learn.taught(learn.lessons(engaged))


def load_held(week: Week, *, desk: Desk) -> Held:
    """
    Return the events that routes and segments held over from the last recap before *week*.

    They are those of its digests, which hold what the digests before them had held over. What was not in the news
    for as many weeks as `related_weeks` says is let go.
    """
    oldest = week.starts_at - timedelta(weeks=desk.recap.related_weeks)
    heads = [head for head in desk.store.load_recap_heads() if not head.is_partial and head.ends_at <= week.starts_at]
    if not heads or heads[0].ends_at <= oldest:
        return {}
    found = {own: desk.store.load_dossiers_by_id(events) for own, events in desk.store.load_held(heads[0].id).items()}
    return {
        own: frozenset(each.event.id for each in dossiers if each.event.last_published_at >= oldest)
        for own, dossiers in found.items()
    }


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


def _carried(held: Held, own: Mapping[EventId, Dossier], *, desk: Desk, until: datetime) -> dict[EventId, Dossier]:
    """Return the held events that have no article of the week."""
    ids = sorted(_all(held) - own.keys())
    return {each.event.id: _as_of(each, until=until) for each in desk.store.load_dossiers_by_id(ids)} if ids else {}


def _repeats(standings: Mapping[EventId, Standing]) -> frozenset[EventId]:
    return frozenset(event for event, standing in standings.items() if standing.is_repeat)


def _all(held: Held) -> frozenset[EventId]:
    return frozenset(event for events in held.values() for event in events)


def _standing(scored: ScoredEvent, standings: Mapping[EventId, Standing]) -> ScoredEvent:
    standing = standings[scored.event_id]
    return scored.model_copy(update={"state": standing.state, "state_reason": standing.reason})


def _vectors(dossiers: Iterable[Dossier], *, desk: Desk) -> dict[ArticleId, Vector]:
    if not desk.embedder.name:
        return {}
    ids = [article.id for dossier in dossiers for article in dossier.articles]
    return desk.store.load_vectors(ids, embedder=desk.embedder.name)
