"""Evaluate ranking: score labelled weeks as if they had just ended, and measure the order."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from bot.model.article import Article
from bot.model.policy import RankPolicy
from bot.model.ranked import RankedEvent, RankedSet
from bot.model.recap import ScoredEvent
from bot.model.source import Source
from bot.model.values import EventId, SourceSlug
from bot.rank import learn, measure, score
from bot.rank.learn import Learned, Lesson

OURS = "ours"
ALL_YEARS = "all"

Measured = dict[tuple[str, str], list[tuple[float, float]]]
"""Years and order → nDCG and precision of each week."""


@dataclass(frozen=True, slots=True)
class RankingFigures:
    """How good one order was: means over the weeks."""

    order: str
    """`ours`, or the one signal that it was made by."""
    years: str
    """Such as `2019`, or `all`."""
    weeks: int
    """Those in which anything was relevant."""
    ndcg: float
    precision: float
    """Both of the first ten, 0..1."""


@dataclass(frozen=True, slots=True)
class RankingEvaluation:
    """What was measured on one set."""

    data: str
    events: int
    articles: int
    figures: tuple[RankingFigures, ...]
    """By years, ours first, then the signals, the best first."""


def ranking(
    sets: Sequence[RankedSet], *, policy: RankPolicy, on_progress: Callable[[str], None]
) -> list[RankingEvaluation]:
    """Return what is measured on each of *sets*; each week is ranked with what the year before it taught."""
    return [_evaluated(ranked, policy=policy, on_progress=on_progress) for ranked in sets]


def _evaluated(ranked: RankedSet, *, policy: RankPolicy, on_progress: Callable[[str], None]) -> RankingEvaluation:
    weeks: dict[date, list[RankedEvent]] = defaultdict(list)
    for event in ranked.events:
        weeks[_monday(event.dossier.event.first_published_at)].append(event)
    lessons: dict[date, list[Lesson]] = {}
    found: Measured = defaultdict(list)
    telling = {OURS}
    for monday, events in sorted(weeks.items()):
        on_progress(f"{ranked.name}: week of {monday}")
        learned = learn.taught(_remembered(lessons, monday=monday))
        scored = _scored(events, ranked.sources, learned=learned, policy=policy, monday=monday)
        telling |= _varying(scored)
        for order, relevance in _orders(scored, events).items():
            for years in (str(monday.isocalendar().year), ALL_YEARS):
                found[years, order] += _measured(relevance)
        lessons[monday] = _lessons(events, name=ranked.name)
    articles = sum(len(event.dossier.articles) for event in ranked.events)
    return RankingEvaluation(ranked.name, len(ranked.events), articles, tuple(_figures(found, telling=telling)))


def _monday(at: datetime) -> date:
    day = at.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def _scored(
    events: Sequence[RankedEvent],
    sources: Mapping[SourceSlug, Source],
    *,
    learned: Learned,
    policy: RankPolicy,
    monday: date,
) -> list[ScoredEvent]:
    dossiers = [event.dossier for event in events]
    plain = {article.source: _plain(article) for dossier in dossiers for article in dossier.articles}
    end = datetime.combine(monday, time(), tzinfo=UTC) + timedelta(weeks=1)
    return score.events(dossiers, sources={**plain, **sources}, policy=policy, at=end, learned=learned)


def _plain(article: Article) -> Source:
    return Source(slug=article.source, name=article.publisher, url=article.url, publisher=article.publisher)


def _orders(scored: Sequence[ScoredEvent], events: Sequence[RankedEvent]) -> dict[str, list[float]]:
    """Return the relevance of the events in our order, and in that of each signal that all have; ties by event id."""
    relevance = {event.dossier.event.id: event.relevance for event in events}
    values = {each.event_id: {part.name: part.value for part in each.parts} for each in scored}
    orders = {OURS: [each.event_id for each in scored]}
    for name in sorted(set.intersection(*map(set, values.values()))):
        orders[name] = sorted(values, key=partial(_alone, values, name))
    return {name: [relevance[event] for event in order] for name, order in orders.items()}


def _alone(values: Mapping[EventId, Mapping[str, float]], name: str, event: EventId) -> tuple[float, EventId]:
    return -values[event][name], event


def _varying(scored: Sequence[ScoredEvent]) -> set[str]:
    values = defaultdict(set)
    for each in scored:
        for part in each.parts:
            values[part.name].add(part.value)
    return {name for name, found in values.items() if len(found) > 1}


def _measured(relevance: Sequence[float]) -> list[tuple[float, float]]:
    ndcg, precision = measure.ndcg(relevance), measure.precision_at(relevance)
    return [] if ndcg is None or precision is None else [(ndcg, precision)]


def _remembered(lessons: Mapping[date, Sequence[Lesson]], *, monday: date) -> list[Lesson]:
    """Return what a bot remembers on *monday* of the weeks before it."""
    return [lesson for week, taught in lessons.items() if monday - learn.MEMORY <= week for lesson in taught]


def _lessons(events: Sequence[RankedEvent], *, name: str) -> list[Lesson]:
    """Return what the week teaches once it is over; all votes of a set are of one readership."""
    if not any(event.votes > 0 for event in events):
        return []
    return learn.lessons(
        [
            article.model_copy(update={"source": name, "engagement": {"votes": event.votes}})
            for event in events
            for article in event.dossier.articles
        ]
    )


def _figures(found: Measured, *, telling: set[str]) -> list[RankingFigures]:
    figures = [
        RankingFigures(
            order=order,
            years=years,
            weeks=len(weeks),
            ndcg=sum(ndcg for ndcg, _ in weeks) / len(weeks),
            precision=sum(precision for _, precision in weeks) / len(weeks),
        )
        for (years, order), weeks in found.items()
        if weeks and order in telling
    ]
    return sorted(figures, key=lambda row: (row.years, row.order != OURS, -row.ndcg, row.order))
