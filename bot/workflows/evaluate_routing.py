"""Evaluate routing: match items that people sorted as if they were events, and measure what comes out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.analyze import kinds
from bot.model.article import Article, DateKind
from bot.model.audience import Audience
from bot.model.event import Dossier, Event
from bot.model.labelled import SortedItem
from bot.model.policy import Playbook
from bot.model.values import AudienceId, EventId, digest_of
from bot.understand import interest, language, routed, taught
from bot.understand.routed import ByLabel, Routed

_BATCH = 2000
"""Items matched between two reports of progress."""
_LATER = 1 / 5
"""The part of the items, by date, that a taught model is measured on."""
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)

EDITIONS: Mapping[str, AudienceId] = {
    "tech": "engineers",
    "dev": "engineers",
    "ai": "ai",
    "infosec": "security",
    "devops": "operations",
    "marketing": "marketers",
    "design": "designers",
}
"""Labels of well-known newsletters and the shipped audience that each is written for; others stand for themselves."""


@dataclass(frozen=True, slots=True)
class RoutingEvaluation:
    """What was measured on one set of items."""

    matcher: str
    """`shipped` (the audiences as configured), or `taught` (on the earlier part of the items)."""
    items: int
    taught_on: int
    since: str
    """The first day of the items measured; empty where they have no dates."""
    coverage: float
    """The part of the items that got a match."""
    precision: float
    """The part of these whose strongest match is an audience that the item was sorted to."""
    any_of: float
    """The part of these with such an audience among all their matches."""
    macro_f1: float
    """Mean over labels; an item without a match is missed."""
    macro_f1_forced: float
    """The same where the likeliest audience is taken however unsure (taught only; else 0)."""
    by_label: tuple[ByLabel, ...]
    unjudged: tuple[AudienceId, ...]
    """Audiences that no label stands for: their matches count neither for nor against."""


def shipped(
    items: Sequence[SortedItem],
    audiences: Sequence[Audience],
    *,
    playbook: Playbook,
    same: Mapping[str, AudienceId],
    on_progress: Callable[[str], None],
) -> RoutingEvaluation:
    """Return how well *audiences* are matched to *items*, whose labels *same* (and `EDITIONS`) maps to ids."""
    named = {**EDITIONS, **same}
    wanted = [frozenset(named.get(label, label) for label in item.audiences) for item in items]
    judged = frozenset[AudienceId]().union(*wanted) & {audience.id for audience in audiences}
    found: list[list[AudienceId]] = []
    for start in range(0, len(items), _BATCH):
        on_progress(f"shipped: {start} of {len(items)} items matched")
        found += _matched(items[start : start + _BATCH], audiences, playbook=playbook, judged=judged)
    unjudged = tuple(audience.id for audience in audiences if audience.id not in judged)
    return _evaluation("shipped", items, routed.measure(wanted, found), unjudged=unjudged)


def taught_on_earlier(items: Sequence[SortedItem], *, on_progress: Callable[[str], None]) -> RoutingEvaluation:
    """Return how well audiences are matched that are taught on the earlier of *items*, on the later ones."""
    in_order = sorted(items, key=lambda item: item.sorted_on)
    cut = int(len(in_order) * (1 - _LATER))
    since = in_order[cut].sorted_on
    earlier = [item for item in in_order if item.sorted_on < since] if since else in_order[::2]
    later = [item for item in in_order if item.sorted_on >= since] if since else in_order[1::2]
    on_progress(f"taught: learning from {len(earlier)} items")
    models = taught.learn(earlier)
    on_progress(f"taught: matching {len(later)} items")
    ranked = [taught.ranked(item, models) for item in later]
    wanted = [item.audiences for item in later]
    sure = [[audience for audience, chance in each if chance >= interest.SURE] for each in ranked]
    forced = routed.measure(wanted, [[each[0][0]] if each else [] for each in ranked])
    measured = routed.measure(wanted, sure)
    return _evaluation("taught", later, measured, taught_on=len(earlier), forced=forced.macro_f1)


def _matched(
    items: Sequence[SortedItem], audiences: Sequence[Audience], *, playbook: Playbook, judged: frozenset[AudienceId]
) -> list[list[AudienceId]]:
    dossiers = [_dossier(item, f"{at} {item.title}") for at, item in enumerate(items)]
    told: dict[EventId, str] = {event: kind for event, (kind, _) in kinds.of_each(dossiers, playbook).items()}
    matches = interest.match_all(dossiers, audiences, sources={}, kinds=told)
    return [[match.id for match in matches[each.event.id] if match.id in judged] for each in dossiers]


def _dossier(item: SortedItem, key: str) -> Dossier:
    name = digest_of(key)
    url = f"https://labelled.invalid/{name}"
    article = Article(
        id=name,
        source="labelled",
        publisher="labelled",
        url=url,
        canonical_url=url,
        title=item.title,
        text=item.text,
        language=language.detect(f"{item.title} {item.text}", hint=None),
        date_kind=DateKind.MISSING,
        collected_at=_SOME_DAY,
        content_hash=name,
    )
    event = Event(
        id=name,
        thread_id=name,
        founding_article_id=name,
        title=item.title,
        language=article.language,
        first_published_at=_SOME_DAY,
        last_published_at=_SOME_DAY,
        first_collected_at=_SOME_DAY,
    )
    return Dossier(event, (article,))


def _evaluation(
    matcher: str,
    items: Sequence[SortedItem],
    measured: Routed,
    *,
    taught_on: int = 0,
    forced: float = 0.0,
    unjudged: tuple[AudienceId, ...] = (),
) -> RoutingEvaluation:
    return RoutingEvaluation(
        matcher=matcher,
        items=len(items),
        taught_on=taught_on,
        since=min((item.sorted_on for item in items), default=""),
        coverage=measured.coverage,
        precision=measured.precision,
        any_of=measured.any_of,
        macro_f1=measured.macro_f1,
        macro_f1_forced=forced,
        by_label=measured.by_label,
        unjudged=unjudged,
    )
