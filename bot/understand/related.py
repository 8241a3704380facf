"""Related: events near each other in meaning, and events of one affair."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from bot.model.article import Article
from bot.model.event import Dossier
from bot.model.policy import ClusterPolicy
from bot.model.values import ArticleId, EventId, ThreadId
from bot.ports import Vector
from bot.understand import likeness, vetoes
from bot.understand.likeness import Compared

_RELATED = 0.1
"""Chance from which an event is shown as related: below it events share a word such as "Premium", not a matter."""
_SAME_AFFAIR = ((4, 0.9), (6, 0.7))
"""Names shared, and the chance from which a later event then belongs to an earlier one's thread."""
_RARE_IN = 4
"""A name counts if at most so many events hold it."""
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_LEADS, _LEAD_CHARS = 4, 500


def nearest(
    dossiers: Sequence[Dossier],
    among: Sequence[Dossier],
    *,
    vectors: Mapping[ArticleId, Vector],
    limit: int,
) -> dict[EventId, list[EventId]]:
    """Return for each event the ids of the likest other events *among* these, best first, at most *limit*."""
    asked = {dossier.event.id: dossier for dossier in dossiers}
    candidates = {dossier.event.id: dossier for dossier in among}
    events = list((asked | candidates).values())
    found: dict[EventId, list[tuple[float, EventId]]] = {event: [] for event in asked}
    compared = _compared(events, vectors)
    for one, other, chance in _alike(compared, len(asked), at_least=_RELATED):
        for left, right in (
            (events[one].event.id, events[other].event.id),
            (events[other].event.id, events[one].event.id),
        ):
            if left in asked and right in candidates:
                found[left].append((-chance, right))
    return {event: [other for _, other in sorted(ranked)[:limit]] for event, ranked in found.items()}


def threads(
    new: Sequence[Dossier],
    earlier: Sequence[Dossier],
    *,
    vectors: Mapping[ArticleId, Vector],
    policy: ClusterPolicy,
) -> dict[EventId, ThreadId]:
    """
    Return the thread of each *new* event that continues the affair of an earlier one; the others are missing.

    *earlier* may hold the new events, too: each is compared with those that ended before it began.
    """
    latest = {dossier.event.id: dossier for dossier in [*earlier, *new]}
    own = {dossier.event.id for dossier in new}
    events = sorted(latest.values(), key=lambda dossier: (dossier.event.id not in own, dossier.event.id))
    compared = _compared(events, vectors)
    continued: dict[int, list[tuple[float, int]]] = {}
    for one, other, chance in _alike(compared, len(own), at_least=min(chance for _, chance in _SAME_AFFAIR)):
        for later, before in ((one, other), (other, one)):
            if events[later].event.id in own and _continues(events[later], events[before], policy):
                continued.setdefault(later, []).append((-chance, before))
    rarity = _rarity(compared)
    found: dict[EventId, ThreadId] = {}
    for later in sorted(continued, key=lambda row: (events[row].event.first_published_at, events[row].event.id)):
        for chance, before in sorted(continued[later], key=lambda pair: (pair[0], events[pair[1]].event.id)):
            shared = _shared_rare_names(compared, later, before, rarity=rarity)
            if any(shared >= names and -chance >= least for names, least in _SAME_AFFAIR):
                event = events[before].event
                found[events[later].event.id] = found.get(event.id, event.thread_id)
                break
    return found


def _continues(later: Dossier, before: Dossier, policy: ClusterPolicy) -> bool:
    pause = later.event.first_published_at - before.event.last_published_at
    is_after = timedelta(0) < pause <= timedelta(days=policy.thread_days)
    titles = later.event.title, before.event.title
    return (
        is_after
        and not any(vetoes.is_roundup(title) for title in titles)
        and not vetoes.differ(*(vetoes.versions(title) for title in titles))
    )


def _compared(events: Sequence[Dossier], vectors: Mapping[ArticleId, Vector]) -> Compared:
    """Return events ready for comparison, each as if it were one article of its title and leads."""
    told = [_told(dossier) for dossier in events]
    means = {
        article.id: mean
        for article, dossier in zip(told, events, strict=True)
        if (mean := _mean(dossier, vectors)) is not None
    }
    return likeness.prepare(told, means)


def _told(dossier: Dossier) -> Article:
    own = [article for article in dossier.articles if article.language == dossier.event.language][:_LEADS]
    text = "\n\n".join(article.text[:_LEAD_CHARS] for article in own)
    # All of one day, and each of a publisher of its own: affairs go on for weeks, and one publisher follows them.
    facts = {"id": dossier.event.id, "title": dossier.event.title, "text": text, "published_at": _SOME_DAY}
    facts |= {"source": dossier.event.id, "publisher": dossier.event.id}
    return dossier.articles[0].model_copy(update=facts | {"language": dossier.event.language})


def _mean(dossier: Dossier, vectors: Mapping[ArticleId, Vector]) -> Vector | None:
    own = [vectors[article.id] for article in dossier.articles if article.id in vectors]
    return np.mean(own, axis=0, dtype=np.float32) if own else None


def _alike(compared: Compared, count: int, *, at_least: float) -> Iterator[tuple[int, int, float]]:
    pairs = likeness.pairs(compared, np.arange(count))
    keep = pairs.chance >= at_least
    chances = np.round(pairs.chance[keep].astype(np.float64), 6)
    return zip(pairs.one[keep].tolist(), pairs.other[keep].tolist(), chances.tolist(), strict=True)


def _rarity(compared: Compared) -> dict[str, int]:
    """Return in how many events each name occurs."""
    counts = np.bincount(compared.names.matrix.indices, minlength=len(compared.names.terms))
    return dict(zip(compared.names.terms, counts.tolist(), strict=True))


def _shared_rare_names(compared: Compared, one: int, other: int, *, rarity: Mapping[str, int]) -> int:
    return sum(1 for name in compared.names.shared(one, other) if rarity[name] <= _RARE_IN)
