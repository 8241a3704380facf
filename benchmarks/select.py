"""Select and compose what 50 routes and 400 combinations of audiences get of a week."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import combinations
from random import Random

from benchmarks import cluster
from benchmarks.figures import ROOT, Figure, Stopwatch, peak_mb, stopwatch
from benchmarks.invented import NOW, Newsroom, audiences, playbook
from bot.adapters.templates import JinjaRenderer
from bot.analyze import extract
from bot.compose import card as cards
from bot.compose import digest as digests
from bot.compose import recap as recaps
from bot.model.digest import Card, Digest
from bot.model.event import Dossier, EventState
from bot.model.insight import Insight
from bot.model.policy import CardPolicy, MailingList, RankPolicy, RecapPolicy
from bot.model.recap import Recap, ScoredEvent
from bot.model.route import Destination, Medium, NewsRule, Route, Sectioning
from bot.model.values import EventId
from bot.model.week import Week
from bot.rank import score, select
from bot.rank.candidates import Candidates
from bot.rank.select import Selection
from bot.understand import interest

ARTICLES, ROUTES, COMBINATIONS = 20_000, 50, 400
SITE = CardPolicy()
LIST = MailingList(id="readers", name="Readers", sender="recap@readers.example", postal_address="1 Sample Street")


def figures() -> Iterator[Figure]:
    """Yield the figures of 50 routes and 400 combinations of audiences, on a week of 20,000 articles."""
    dossiers, scored = _week()
    asked = _routes()
    renderer = JinjaRenderer(ROOT / "templates", languages=("en", "zh"))
    with stopwatch() as preparing:
        week = Candidates(scored, dossiers, vectors={})
    with stopwatch() as selecting:
        selections = [select.for_route(week, route, policy=RankPolicy(), near=20) for route in asked]
    desk = _Composing(dossiers, _recap(dossiers, scored), _insights(dossiers, selections), renderer)
    silent = [route.model_copy(update={"destinations": []}) for route in asked]
    with stopwatch() as composing:
        built = [desk.digest(route, chosen) for route, chosen in zip(silent, selections, strict=True)]
    yield Figure("events of the week", len(dossiers), "")
    yield Figure.of("prepare them for selection, once for all", preparing)
    yield Figure.of(f"select for {len(asked)} routes and combinations", selecting)
    yield Figure.of(f"compose their {sum(len(digest.cards) for digest in built):,} cards and digests", composing)
    yield Figure.of("together", _sum(preparing, selecting, composing), goal_s=5)
    with stopwatch() as rendering:
        for route, chosen in zip(asked[:ROUTES], selections, strict=False):
            desk.digest(route, chosen)
    yield Figure.of(f"compose {ROUTES} of them with messages for Slack and mail", rendering)
    yield Figure("most memory", peak_mb(), "MB")


@dataclass(frozen=True, slots=True)
class _Composing:
    dossiers: Mapping[EventId, Dossier]
    recap: Recap
    insights: Mapping[EventId, Insight]
    renderer: JinjaRenderer
    made: dict[EventId, Card] = field(default_factory=dict)
    """As `build_recap` does: an event's card is made once, each route has its own score."""

    def digest(self, route: Route, chosen: Selection) -> Digest:
        return digests.for_route(
            self.recap,
            route,
            [self._card(scored) for scored in chosen.chosen],
            also=[cards.event_link(self.dossiers[each.event_id], policy=SITE, language="en") for each in chosen.also],
            mutes=route.mute.words,
            renderer=self.renderer,
            policy=SITE,
            list_policy=LIST,
            now=NOW,
        )

    def _card(self, scored: ScoredEvent) -> Card:
        if scored.event_id not in self.made:
            self.made[scored.event_id] = self._made(scored)
        return self.made[scored.event_id].model_copy(update={"score": scored.score, "score_parts": scored.parts})

    def _made(self, scored: ScoredEvent) -> Card:
        return cards.of_event(
            self.dossiers[scored.event_id],
            self.insights[scored.event_id],
            scored,
            recap=self.recap,
            is_hot=False,
            related=[],
            thread=[],
            state=EventState.NEW,
            policy=SITE,
            language="en",
        )


def _week() -> tuple[dict[EventId, Dossier], list[ScoredEvent]]:
    articles = list(Newsroom(seed=47).articles(ARTICLES))
    told = cluster.dossiers(cluster.clustered(articles), articles)
    matches = interest.match_all(told, audiences(), sources={})
    known = [
        replace(dossier, event=dossier.event.model_copy(update={"audiences": matches.get(dossier.event.id, [])}))
        for dossier in told
    ]
    scored = score.events(
        known,
        sources={},
        policy=RankPolicy(),
        at=NOW - timedelta(hours=9),
        recapped=frozenset(),
        earlier_threads=frozenset(),
    )
    return {dossier.event.id: dossier for dossier in known}, scored


def _routes() -> list[Route]:
    """Return 50 routes, some with rules and sections, and what 400 people of several audiences make of them."""
    random = Random(47)
    ids = [audience.id for audience in audiences()]
    routes = [_route(number, random.sample(ids, k=1 + number % 3)) for number in range(ROUTES)]
    wanted = [list(pair) for size in range(1, 7) for pair in combinations(ids, size)]
    people = random.choices(wanted, k=COMBINATIONS)
    mutes = [[title.split()[0]] for title in _titles(random)]
    variants = [
        select.for_audiences(routes[number % ROUTES], wanted, mutes[number % len(mutes)])
        for number, wanted in enumerate(people)
    ]
    return [*routes, *variants]


def _route(number: int, wanted: Sequence[str]) -> Route:
    publisher = f"publisher-{number}"
    return Route(
        id=f"route-{number}",
        name="Readers",
        audiences=["*"] if number % 10 == 0 else list(wanted),
        destinations=[Destination(medium=Medium.SLACK, id="#news"), Destination(medium=Medium.EMAIL, id="readers")],
        mute=NewsRule(words=["coupon"], publishers=[publisher]) if number % 2 else NewsRule(),
        boost=NewsRule(sources=[f"publisher-{number + 1}"]) if number % 3 else NewsRule(),
        sections=Sectioning.AUDIENCE if number % 4 else Sectioning.NONE,
    )


def _titles(random: Random) -> list[str]:
    newsroom = Newsroom(seed=random.randrange(1000))
    return [newsroom.phrase(3) for _ in range(100)]


def _recap(dossiers: Mapping[EventId, Dossier], scored: Sequence[ScoredEvent]) -> Recap:
    week = Week.parse("2026-W47")
    return recaps.of_week(week, scored, dossiers, policy=RecapPolicy(), states={}, now=NOW, partial=False)


def _insights(dossiers: Mapping[EventId, Dossier], selections: Sequence[Selection]) -> dict[EventId, Insight]:
    listened, advice = audiences(), playbook()
    return {
        event: extract.insight(dossiers[event], audiences=listened, playbook=advice, language="en", earlier=[], now=NOW)
        for event in dict.fromkeys(scored.event_id for selection in selections for scored in selection.chosen)
    }


def _sum(*watches: Stopwatch) -> Stopwatch:
    return Stopwatch(sum(watch.seconds for watch in watches), sum(watch.cpu_s for watch in watches))
