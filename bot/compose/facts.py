"""An event as data: the object of `recap events --json` and of the JSON API."""

from datetime import datetime

from pydantic import AwareDatetime

from bot.model.article import Article
from bot.model.audience import AudienceMatch
from bot.model.event import Dossier, EventState
from bot.model.insight import Citation, ClaimPart, Insight
from bot.model.policy import FreshnessPolicy
from bot.model.recap import ScoredEvent, ScorePart
from bot.model.values import ArticleId, EventId, Language, Model, ThreadId, WeekId


class CoverageFacts(Model):
    """How widely an event was told: counts."""

    articles: int
    publishers: int
    languages: int


class ArticleFacts(Model):
    """One article of an event."""

    id: ArticleId
    url: str
    source: str
    publisher: str
    title: str
    language: Language
    published_at: AwareDatetime | None
    collected_at: AwareDatetime


class ImplicationFacts(Model):
    """A prediction and whose it is."""

    prediction: str
    rationale: str | None


class TimelineFacts(Model):
    """A dated entry."""

    date: str | None
    text: str


class ClaimFacts(Model):
    """A sentence with its quotes."""

    part: ClaimPart
    text: str
    citations: list[Citation]


class DroppedFacts(Model):
    """A sentence that was left out, and why."""

    part: ClaimPart
    text: str
    reason: str


class InsightFacts(Model):
    """What an event means."""

    analyst: str
    what_changed: str | None
    why_it_matters: str | None
    what_to_do_next: str | None
    takeaways: list[str]
    implications: list[ImplicationFacts]
    timeline: list[TimelineFacts]
    claims: list[ClaimFacts]
    dropped_claims: int
    dropped: list[DroppedFacts]
    """These, with the reasons; fewer than *dropped_claims* where the insight was made before reasons were kept."""


class EventFacts(Model):
    """An event with all that is known about it."""

    id: EventId
    thread_id: ThreadId
    url: str
    title: str
    titles: dict[Language, str]
    """The most central of each language."""
    hook: str | None
    language: Language
    kind: str
    entities: list[str]
    """Rare names that its articles share."""
    week: WeekId
    state: EventState
    score: float | None
    score_parts: list[ScorePart]
    audiences: list[AudienceMatch]
    coverage: CoverageFacts
    first_published_at: AwareDatetime
    first_collected_at: AwareDatetime
    freshness: str
    collected_in_seconds: float | None
    articles: list[ArticleFacts]
    insight: InsightFacts | None


def of_event(
    dossier: Dossier,
    insight: Insight | None,
    scored: ScoredEvent | None,
    *,
    url: str,
    week: WeekId,
    policy: FreshnessPolicy,
    now: datetime,
) -> EventFacts:
    """Return the event as data; freshness is as of *now*."""
    event = dossier.event
    return EventFacts(
        id=event.id,
        thread_id=event.thread_id,
        url=url,
        title=event.title,
        titles=event.titles,
        hook=_hook(insight) if insight else event.hook,
        language=event.language,
        kind=event.kind,
        entities=event.entities,
        week=week,
        state=event.state,
        score=scored.score if scored else None,
        score_parts=list(scored.parts) if scored else [],
        audiences=event.audiences,
        coverage=CoverageFacts(
            articles=len(dossier.articles), publishers=len(dossier.publishers), languages=len(dossier.languages)
        ),
        first_published_at=event.first_published_at,
        first_collected_at=event.first_collected_at,
        freshness=freshness(event.last_published_at, policy=policy, now=now),
        collected_in_seconds=dossier.collected_in_s,
        articles=[_article(article) for article in dossier.articles],
        insight=_insight(insight) if insight else None,
    )


def _hook(insight: Insight) -> str | None:
    return next((claim.text for claim in insight.of_part(ClaimPart.HOOK)), None)


def freshness(published_at: datetime, *, policy: FreshnessPolicy, now: datetime) -> str:
    """Return `fresh`, `recent` or `stale`: how old the newest article is at *now*."""
    age_hours = (now - published_at).total_seconds() / 3600
    if age_hours <= policy.fresh_hours:
        return "fresh"
    return "recent" if age_hours <= policy.recent_hours else "stale"


def _article(article: Article) -> ArticleFacts:
    return ArticleFacts(
        id=article.id,
        url=article.url,
        source=article.source,
        publisher=article.publisher,
        title=article.title,
        language=article.language,
        published_at=article.published_at,
        collected_at=article.collected_at,
    )


def _insight(insight: Insight) -> InsightFacts:
    def first(part: ClaimPart) -> str | None:
        return next((claim.text for claim in insight.of_part(part)), None)

    return InsightFacts(
        analyst=insight.analyst,
        what_changed=first(ClaimPart.WHAT_CHANGED),
        why_it_matters=first(ClaimPart.WHY_IT_MATTERS),
        what_to_do_next=insight.advice[0].text if insight.advice else None,
        takeaways=[claim.text for claim in insight.of_part(ClaimPart.TAKEAWAY)],
        implications=[
            ImplicationFacts(prediction=claim.text, rationale=claim.rationale)
            for claim in insight.of_part(ClaimPart.IMPLICATION)
        ],
        timeline=[TimelineFacts(date=claim.date, text=claim.text) for claim in insight.of_part(ClaimPart.TIMELINE)],
        claims=[ClaimFacts(part=claim.part, text=claim.text, citations=claim.citations) for claim in insight.claims],
        dropped_claims=insight.dropped_claims,
        dropped=[DroppedFacts(part=claim.part, text=claim.text, reason=claim.reason) for claim in insight.dropped],
    )
