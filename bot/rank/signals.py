"""Signals: what makes an event matter, each from 0 to 1 with its reason."""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from rapidfuzz import fuzz

from bot.model.article import Article, Engaged
from bot.model.event import Dossier
from bot.model.policy import RankPolicy
from bot.model.recap import ScorePart
from bot.model.source import Source
from bot.model.values import EventId, SourceSlug, ThreadId
from bot.rank import feedback, learn, offers
from bot.rank.feedback import Opinion
from bot.rank.learn import Learned
from bot.rank.told import Told

Peers = Mapping[SourceSlug, Sequence[int]]
"""Source → the engagement of its articles of the week, ascending."""

_MOMENTUM_HOURS = 6
_SAME_TEXT = 92.0
"""Percent of likeness over which two texts are copies: an agency's line differs, the rest does not."""
_COMPARED_CHARS = 1000


def peers(articles: Iterable[Article | Engaged]) -> Peers:
    """Return what engagement is measured against: that of each of *articles*, by source, ascending."""
    found: dict[SourceSlug, list[int]] = defaultdict(list)
    for article in articles:
        if article.engagement:
            found[article.source].append(learn.drawn(article))
    return {source: sorted(numbers) for source, numbers in found.items()}


@dataclass(frozen=True, slots=True)
class Known:
    """What a week's events are measured against."""

    sources: Mapping[SourceSlug, Source]
    policy: RankPolicy
    at: datetime
    """The end of the week."""
    recapped: frozenset[EventId] = frozenset()
    """Events that earlier recaps showed."""
    earlier_threads: frozenset[ThreadId] = frozenset()
    told: Told = field(default_factory=Told)
    """Titles that earlier recaps showed."""
    learned: Learned = field(default_factory=Learned)
    """What the engagement of earlier weeks taught."""
    opinion: Opinion = field(default_factory=Opinion)
    """What readers' votes say."""
    peers: Peers = field(default_factory=dict)

    def owner_of(self, article: Article) -> str:
        """Return who owns the publisher of *article*; the publisher where config says nothing else."""
        source = self.sources.get(article.source)
        return (source.owner if source else None) or article.publisher


def measure(dossier: Dossier, known: Known) -> list[ScorePart]:
    """
    Return the parts of the score of *dossier*, in a fixed order.

    A signal that the sources cannot give has weight 0, so has feedback until votes exist, and the pin, which
    editors give in one digest (`score.pinned`). An offer has one part more, which pulls it down.
    """
    parts = {name: signal(dossier, known) for name, signal in _SIGNALS.items()}
    if offers.is_offer(dossier):
        parts["offer"] = _Part(0.0, "only sells: its title is that of a coupon, a deal or a buying guide", {})
    weighed = [_weighed(name, part, known.policy) for name, part in parts.items()]
    return [*weighed, _pin(known.policy)]


def independent(
    articles: Sequence[Article], owner_of: Callable[[Article], str] = lambda article: article.publisher
) -> list[str]:
    """Return the owners whose publishers wrote a text of their own, in order; copies of an earlier one do not count."""
    told: list[Article] = []
    owners: dict[str, None] = {}
    for article in articles:
        owner = owner_of(article)
        if owner in owners:
            continue
        if not any(_is_copy(article, earlier) for earlier in told):
            owners[owner] = None
            told.append(article)
    return list(owners)


@dataclass(frozen=True, slots=True)
class _Part:
    value: float
    reason: str
    inputs: dict[str, float | str]


def _weighed(name: str, part: _Part | None, policy: RankPolicy) -> ScorePart:
    if part is None:
        return _made(name, 0.0, 0.0, reason="no votes yet" if name == "feedback" else "not given by its sources")
    weight = policy.weights.get(name, 0.0)
    return _made(name, part.value, weight, reason=part.reason, inputs=tuple(part.inputs.items()))


def _pin(policy: RankPolicy) -> ScorePart:
    weight = policy.weights.get("pin", 0.0)
    return _made("pin", 0.0, 0.0, reason="not pinned", inputs=(("weight", weight),))


@lru_cache(maxsize=4096)
def _made(
    name: str, value: float, weight: float, *, reason: str, inputs: tuple[tuple[str, float | str], ...] = ()
) -> ScorePart:
    """Return a part; events that are equal in it share it, for most of a week's parts are like others."""
    return ScorePart(name=name, value=value, weight=weight, reason=reason, inputs=dict(inputs))


def coverage_of(count: int, *, full: int) -> float:
    """Return what *count* independent publishers are worth, 0..1; *full* of them are worth 1."""
    return min(1.0, math.log1p(count) / math.log1p(max(1, full)))


def _coverage(dossier: Dossier, known: Known) -> _Part:
    full = known.policy.coverage_full
    tellers = independent(dossier.articles, known.owner_of)
    count = len(tellers)
    owners = len({known.owner_of(article) for article in dossier.articles})
    copies, siblings = owners - count, len(dossier.publishers) - owners
    notes = [
        _counted(count, "publisher"),
        *([f"{_counted(copies, 'copy', 'copies')} not counted"] if copies else []),
        *([f"{siblings} of the same owners not counted"] if siblings > 0 else []),
    ]
    inputs: dict[str, float | str] = {"publishers": count, "copies": copies, "siblings": max(0, siblings), "full": full}
    if count == 1:
        inputs["alone"] = tellers[0]
    return _Part(coverage_of(count, full=full), ", ".join(notes), inputs)


def _source(dossier: Dossier, known: Known) -> _Part:
    """Value the best source by its weight, moved by what its host drew in earlier weeks."""
    valued = [
        (_held(source.weight / 2 + known.learned.of_host(article)[0]), source.slug, article)
        for article in dossier.articles
        if (source := known.sources.get(article.source))
    ]
    if not valued:
        return _Part(0.5, "sources are no longer configured", {})
    value, slug, article = max(valued, key=lambda row: row[:2])
    source, (lift, count) = known.sources[slug], known.learned.of_host(article)
    reason = f"{source.name} has weight {source.weight:g} of 2"
    if count:
        reason += f"; {_counted(count, 'earlier article')} of {learn.host_of(article)} moved it by {lift:+.2f}"
    return _Part(value, reason, {"source": source.name, "weight": source.weight, "lift": lift, "articles": count})


def _topic(dossier: Dossier, known: Known) -> _Part | None:
    """Value the subject by what its topics and words drew in earlier weeks; null where none taught anything."""
    if not known.learned.lifts:
        return None
    lift, strongest = max((known.learned.of_subject(article) for article in dossier.articles), key=lambda row: row[0])
    named = ", ".join(f"“{name}” {each:+.2f}" for each, name in strongest[:3])
    return _Part(_held(0.5 + lift), f"earlier weeks: {named or 'nothing like it'}", {"lift": lift})


def _recency(dossier: Dossier, known: Known) -> _Part:
    age_hours = max(0.0, (known.at - dossier.event.first_published_at) / timedelta(hours=1))
    half_life = known.policy.recency_half_life_hours
    fresh = 0.5 ** (age_hours / half_life) if half_life > 0 else 0.0
    return _Part(
        fresh, f"{_age(age_hours)} before the week's end", {"age_hours": round(age_hours, 1), "half_life": half_life}
    )


def _engagement(dossier: Dossier, known: Known) -> _Part | None:
    ranked = [
        (_share_below(known.peers[article.source], learn.drawn(article)), article.id, article)
        for article in dossier.articles
        if article.engagement and known.peers.get(article.source)
    ]
    if not ranked:
        return None
    share, _, article = max(ranked, key=lambda row: row[:2])
    told = ", ".join(f"{number} {name}" for name, number in sorted(article.engagement.items()))
    reason = f"{told}: above {share:.0%} of {article.publisher}'s articles"
    return _Part(share, reason, {**article.engagement, "publisher": article.publisher})


def _novelty(dossier: Dossier, known: Known) -> _Part:
    if dossier.event.id in known.recapped:
        return _Part(0.0, "in an earlier recap", {"likeness": 1.0})
    alike, title = known.told.likest(dossier.event.title)
    if dossier.event.thread_id in known.earlier_threads and alike <= 0.5:
        return _Part(0.5, "its thread was in an earlier recap", {"likeness": 0.5})
    if alike > 0:
        return _Part(1 - alike, f"{alike:.0%} like “{title}” of an earlier recap", {"likeness": alike, "title": title})
    return _Part(1.0, "new", {"likeness": 0.0})


def _momentum(dossier: Dossier, known: Known) -> _Part:
    limit = dossier.event.first_published_at + timedelta(hours=_MOMENTUM_HOURS)
    early = independent([article for article in dossier.articles if article.dated_at <= limit], known.owner_of)
    full = known.policy.momentum_full if known.policy.momentum_full > 0 else 1.0
    reason = f"{_counted(len(early), 'publisher')} within {_MOMENTUM_HOURS} hours"
    inputs: dict[str, float | str] = {"publishers": len(early), "hours": _MOMENTUM_HOURS, "full": full}
    return _Part(min(1.0, len(early) / _MOMENTUM_HOURS / full), reason, inputs)


def _feedback(dossier: Dossier, known: Known) -> _Part | None:
    """Value what votes on other events say of an event's sources and audiences; null until there are votes."""
    opinion = known.opinion
    if not opinion.moved:
        return None
    (sources, judged), (audiences, concerned) = opinion.of_sources(dossier), opinion.of_audiences(dossier)
    told = [f"{kind} {name} {opinion.moved[kind, name].lift:+.0%}" for kind, name in (*judged, *concerned)]
    reason = "votes moved " + ", ".join(told) if told else "no votes on its sources and audiences"
    inputs: dict[str, float | str] = {"sources": sources, "audiences": audiences, "bound": feedback.BOUND}
    return _Part(_held(0.5 + sources + audiences), reason, inputs)


_SIGNALS: Mapping[str, Callable[[Dossier, Known], _Part | None]] = {
    "coverage": _coverage,
    "source": _source,
    "topic": _topic,
    "recency": _recency,
    "engagement": _engagement,
    "novelty": _novelty,
    "momentum": _momentum,
    "feedback": _feedback,
}


def _is_copy(article: Article, earlier: Article) -> bool:
    if article.content_hash == earlier.content_hash:
        return True
    if not article.text or not earlier.text:
        return False
    # With the cutoff a comparison ends as soon as it cannot be reached: most end at once.
    told, before = article.text[:_COMPARED_CHARS], earlier.text[:_COMPARED_CHARS]
    return fuzz.ratio(told, before, score_cutoff=_SAME_TEXT) > 0


def _held(value: float) -> float:
    return min(1.0, max(0.0, value))


def _share_below(numbers: Sequence[int], number: int) -> float:
    # Ties count half, so that equal articles stand in the middle.
    return (bisect_left(numbers, number) + bisect_right(numbers, number)) / (2 * len(numbers))


def _counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _age(hours: float) -> str:
    return _counted(round(hours), "hour") if hours < 48 else _counted(round(hours / 24), "day")
