"""Signals: what makes an event matter, each from 0 to 1 with its reason."""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from bot.model.article import Article
from bot.model.event import Dossier
from bot.model.policy import RankPolicy
from bot.model.recap import ScorePart
from bot.model.source import Source
from bot.model.values import EventId, SourceSlug, ThreadId
from bot.rank import offers

Peers = Mapping[SourceSlug, Sequence[int]]
"""Source → the engagement of its articles of the week, ascending."""

_MOMENTUM_HOURS = 6
_SAME_TEXT = 92.0
"""Percent of likeness over which two texts are copies: an agency's line differs, the rest does not."""
_COMPARED_CHARS = 1000


def peers(dossiers: Sequence[Dossier]) -> Peers:
    """Return what engagement is measured against: every article's, by source, ascending."""
    found: dict[SourceSlug, list[int]] = defaultdict(list)
    for dossier in dossiers:
        for article in dossier.articles:
            if article.engagement:
                found[article.source].append(_engagement_of(article))
    return {source: sorted(numbers) for source, numbers in found.items()}


def measure(
    dossier: Dossier,
    *,
    sources: Mapping[SourceSlug, Source],
    policy: RankPolicy,
    at: datetime,
    recapped: frozenset[EventId],
    earlier_threads: frozenset[ThreadId],
    peers: Peers,
) -> list[ScorePart]:
    """
    Return the parts of the score of *dossier*, in a fixed order.

    *at* is the end of the week; *recapped* are events of earlier recaps, *earlier_threads* their threads.
    A signal that the sources cannot give has weight 0; an offer has one part more, which pulls it down.
    """
    values = {
        "coverage": _coverage(dossier, policy),
        "source": _source(dossier, sources),
        "recency": _recency(dossier, policy, at=at),
        "engagement": _engagement(dossier, peers),
        "novelty": _novelty(dossier, recapped=recapped, earlier_threads=earlier_threads),
        "momentum": _momentum(dossier, policy),
    }
    if offers.is_offer(dossier):
        values["offer"] = (0.0, "only sells: its title is that of a coupon, a deal or a buying guide")
    return [_part(name, value, policy) for name, value in values.items()]


def independent(articles: Sequence[Article]) -> list[str]:
    """Return the publishers that wrote a text of their own, in order; copies of an earlier text do not count."""
    told: list[Article] = []
    publishers: dict[str, None] = {}
    for article in articles:
        if article.publisher in publishers:
            continue
        if not any(_is_copy(article, earlier) for earlier in told):
            publishers[article.publisher] = None
            told.append(article)
    return list(publishers)


def _part(name: str, value: tuple[float, str] | None, policy: RankPolicy) -> ScorePart:
    if value is None:
        return ScorePart(name=name, value=0.0, weight=0.0, reason="not given by its sources")
    return ScorePart(name=name, value=value[0], weight=policy.weights.get(name, 0.0), reason=value[1])


def _coverage(dossier: Dossier, policy: RankPolicy) -> tuple[float, str]:
    count = len(independent(dossier.articles))
    copies = len(dossier.publishers) - count
    reason = _counted(count, "publisher") + (f", {_counted(copies, 'copy', 'copies')} not counted" if copies else "")
    return min(1.0, math.log1p(count) / math.log1p(max(1, policy.coverage_full))), reason


def _source(dossier: Dossier, sources: Mapping[SourceSlug, Source]) -> tuple[float, str]:
    known = [sources[article.source] for article in dossier.articles if article.source in sources]
    if not known:
        return 0.5, "sources are no longer configured"
    best = max(known, key=lambda source: (source.weight, source.slug))
    return min(1.0, best.weight / 2), f"{best.name} has weight {best.weight:g} of 2"


def _recency(dossier: Dossier, policy: RankPolicy, *, at: datetime) -> tuple[float, str]:
    age_hours = max(0.0, (at - dossier.event.first_published_at) / timedelta(hours=1))
    half_life = policy.recency_half_life_hours
    fresh = 0.5 ** (age_hours / half_life) if half_life > 0 else 0.0
    return fresh, f"{_age(age_hours)} before the week's end"


def _engagement(dossier: Dossier, peers: Peers) -> tuple[float, str] | None:
    ranked = [
        (_share_below(peers[article.source], _engagement_of(article)), article)
        for article in dossier.articles
        if article.engagement and peers.get(article.source)
    ]
    if not ranked:
        return None
    share, article = max(ranked, key=lambda pair: (pair[0], pair[1].id))
    told = ", ".join(f"{number} {name}" for name, number in sorted(article.engagement.items()))
    return share, f"{told}: above {share:.0%} of {article.publisher}'s articles"


def _novelty(
    dossier: Dossier, *, recapped: frozenset[EventId], earlier_threads: frozenset[ThreadId]
) -> tuple[float, str]:
    if dossier.event.id in recapped:
        return 0.0, "in an earlier recap"
    if dossier.event.thread_id in earlier_threads:
        return 0.5, "its thread was in an earlier recap"
    return 1.0, "new"


def _momentum(dossier: Dossier, policy: RankPolicy) -> tuple[float, str]:
    limit = dossier.event.first_published_at + timedelta(hours=_MOMENTUM_HOURS)
    early = independent([article for article in dossier.articles if article.dated_at <= limit])
    rate = len(early) / _MOMENTUM_HOURS
    full = policy.momentum_full if policy.momentum_full > 0 else 1.0
    return min(1.0, rate / full), f"{_counted(len(early), 'publisher')} within {_MOMENTUM_HOURS} hours"


def _is_copy(article: Article, earlier: Article) -> bool:
    if article.content_hash == earlier.content_hash:
        return True
    if not article.text or not earlier.text:
        return False
    return fuzz.ratio(article.text[:_COMPARED_CHARS], earlier.text[:_COMPARED_CHARS]) >= _SAME_TEXT


def _engagement_of(article: Article) -> int:
    return sum(article.engagement.values())


def _share_below(numbers: Sequence[int], number: int) -> float:
    # Ties count half, so that equal articles stand in the middle.
    return (bisect_left(numbers, number) + bisect_right(numbers, number)) / (2 * len(numbers))


def _counted(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _age(hours: float) -> str:
    return _counted(round(hours), "hour") if hours < 48 else _counted(round(hours / 24), "day")
