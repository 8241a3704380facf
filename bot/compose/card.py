"""The event card: the same everywhere, with its sources numbered."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import regex

from bot.compose import quotes
from bot.model.article import Article
from bot.model.digest import Card, CardAudience, CardCoverage, CardLine, CardLink
from bot.model.event import Dossier, Event, EventState
from bot.model.insight import Claim, ClaimPart, Insight
from bot.model.policy import CardPolicy
from bot.model.recap import Recap, ScoredEvent
from bot.model.values import EventId, Language
from bot.model.week import Week

MAX_SLUG_CHARS = 60
MAX_TAKEAWAYS = 5
"""Source: PRODUCT.md section 1."""
HOT_SHARE = 10
"""One event in so many is hot."""
HOT_FROM = 5
"""A week of fewer events has no hot one."""

_UNSLUGGED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")


def of_event(
    dossier: Dossier,
    insight: Insight | None,
    scored: ScoredEvent,
    *,
    recap: Recap,
    is_hot: bool,
    related: Sequence[Dossier],
    thread: Sequence[Dossier],
    policy: CardPolicy,
    language: Language,
    state: EventState,
    whats_new: Claim | None = None,
) -> Card:
    """
    Return the card of an event in *language*; *state* and *whats_new* are where its affair stands.

    *related* are nearby events, nearest first; *thread* the events of its thread, oldest first
    (its own is passed over). Claims without a source at hand are counted as dropped, not shown.
    """
    parts = _Parts(insight, quotes.Numbering([dossier, *thread, *related]))
    titles = _titles(dossier, insight, language=language)
    shown = {
        **_head(dossier, recap=recap, policy=policy),
        **titles,
        **_lines(dossier.event, parts, title=titles["title"], whats_new=whats_new, language=language),
        **parts.counted(),  # after the lines, which it counts
        "is_hot": is_hot,
        "state": state,
        "audiences": _audiences(dossier.event, policy=policy, language=language),
        "score": scored.score,
        "score_parts": scored.parts,
        "related": related_links(
            dossier, related=related, thread=thread, recap=recap, policy=policy, language=language
        ),
    }
    return Card.model_validate(shown)


def _titles(dossier: Dossier, insight: Insight | None, *, language: Language) -> dict[str, Any]:
    event = dossier.event
    title, language_of_title = title_of(dossier, insight, language=language)
    return {
        "title": title,
        "language": language_of_title,
        "translated_from": event.language if insight and insight.title else None,
        "original_title": _original_title(dossier) if title != event.title else None,
    }


def _lines(
    event: Event, parts: "_Parts", *, title: str, whats_new: Claim | None, language: Language
) -> dict[str, object]:
    news = parts.line(whats_new) if whats_new else None
    hook = parts.first(ClaimPart.HOOK) if parts.insight else _hook_of(event)
    return {
        "whats_new": None if news is None or _same_words(news.text, title) else news,
        "hook": None if hook is None or _same_words(hook.text, title) else hook,
        "what_changed": parts.first(ClaimPart.WHAT_CHANGED),
        "why_it_matters": parts.first(ClaimPart.WHY_IT_MATTERS),
        "what_to_do_next": _advice(parts.insight, event, language),
        "takeaways": parts.all(ClaimPart.TAKEAWAY)[:MAX_TAKEAWAYS],
        "implications": parts.all(ClaimPart.IMPLICATION),
        "timeline": sorted(parts.all(ClaimPart.TIMELINE), key=lambda line: line.date or ""),
    }


def _head(dossier: Dossier, *, recap: Recap, policy: CardPolicy) -> dict[str, object]:
    event = dossier.event
    return {
        "event_id": event.id,
        "thread_id": event.thread_id,
        "url": event_url(event, policy=policy),
        "week": recap.week,
        "recap_url": f"{policy.base_url.rstrip('/')}/w/{recap.week}",
        "publisher": dossier.publishers[0],
        "first_published_at": event.first_published_at,
        "last_published_at": event.last_published_at,
        "collected_in_s": dossier.collected_in_s,
        "coverage": CardCoverage(
            articles=len(dossier.articles), publishers=list(dossier.publishers), languages=list(dossier.languages)
        ),
        "originals": [_original(article) for article in dossier.articles],
    }


def _original_title(dossier: Dossier) -> CardLink:
    event = dossier.event
    told = (article for article in dossier.articles if article.title == event.title)
    return next(map(_original, told), CardLink(title=event.title, url="", language=event.language))


class _Parts:
    """The claims of an insight as lines, in the order in which the card asks for them."""

    def __init__(self, insight: Insight | None, sources: quotes.Numbering) -> None:
        self.insight = insight
        self.sources = sources
        self.sourced = 0
        self.dropped = 0

    def all(self, part: ClaimPart) -> list[CardLine]:
        claims = self.insight.of_part(part) if self.insight else []
        return [line for claim in claims if (line := self.line(claim))]

    def counted(self) -> dict[str, object]:
        """Return by whom the lines were written, their sources, and how many claims have one."""
        insight = self.insight
        return {
            "analyst": insight.analyst if insight else "extractive",
            "sources": self.sources.sources,
            "claims_sourced": self.sourced,
            "claims_dropped": (insight.dropped_claims if insight else 0) + self.dropped,
        }

    def first(self, part: ClaimPart) -> CardLine | None:
        return next(iter(self.all(part)), None)

    def line(self, claim: Claim) -> CardLine | None:
        numbers = self.sources.numbers_of(claim)
        if not numbers and not claim.is_computed:
            self.dropped += 1
            return None
        self.sourced += bool(numbers)
        return CardLine.model_validate(
            {
                "text": claim.text,
                "language": claim.language,
                "sources": numbers,
                "label": _label(claim),
                "date": claim.date or claim.background_on,
                "rationale": claim.rationale,
            }
        )


def _label(claim: Claim) -> str:
    if claim.is_computed:
        return "computed"
    if claim.background_on:
        return "background"
    return "extracted" if claim.is_extracted else ""


def _hook_of(event: Event) -> CardLine | None:
    """Return the hook of an event that nobody analyzed: an insight has its own, with its source."""
    return CardLine(text=event.hook, language=event.language) if event.hook else None


def _advice(insight: Insight | None, event: Event, language: Language) -> CardLine | None:
    by_audience = {advice.audience: advice for advice in reversed(insight.advice if insight else [])}
    for audience in [*(match.id for match in event.audiences), "*"]:
        if advice := by_audience.get(audience):
            return CardLine(text=advice.text, language=language, label="playbook" if advice.is_playbook else "")
    return None


def _audiences(event: Event, *, policy: CardPolicy, language: Language) -> list[CardAudience]:
    names = policy.audience_names | policy.audience_names_in.get(language, {})
    return [
        CardAudience(id=match.id, confidence=match.confidence, reason=match.reason, name=names.get(match.id, match.id))
        for match in event.audiences
    ]


def _original(article: Article) -> CardLink:
    return CardLink(
        title=article.title,
        url=article.canonical_url or article.url,
        publisher=article.publisher,
        language=article.language,
    )


def related_links(
    dossier: Dossier,
    *,
    related: Sequence[Dossier],
    thread: Sequence[Dossier],
    recap: Recap,
    policy: CardPolicy,
    language: Language,
) -> list[CardLink]:
    """
    Return links to the other events of the thread, each with its week and state, then to those nearby.

    Titles are in *language* where somebody told the event in it.
    """
    own = dossier.event
    taken = {own.id, *(other.event.id for other in thread)}
    noted = [
        (other, f"{Week.of(other.event.last_published_at, zone=recap.zone).id} {other.event.state}")
        for other in thread
        if other.event.id != own.id
    ]
    noted += [(other, "") for other in related if other.event.id not in taken]
    return [event_link(other, policy=policy, language=language, note=note) for other, note in noted]


def event_link(dossier: Dossier, *, policy: CardPolicy, language: Language, note: str = "") -> CardLink:
    """Return a link to the page of an event, titled in *language* where somebody told it in it."""
    title, language_of_title = dossier.title_in(language)
    return CardLink(
        title=title,
        url=event_url(dossier.event, policy=policy),
        publisher=dossier.publishers[0],
        language=language_of_title,
        note=note,
        event_id=dossier.event.id,
    )


def hot_events(scored: Sequence[ScoredEvent]) -> frozenset[EventId]:
    """Return the top tenth by score, at least one; none where there are fewer than five."""
    if len(scored) < HOT_FROM:
        return frozenset()
    best = sorted(scored, key=lambda event: (-event.score, event.event_id))
    return frozenset(event.event_id for event in best[: max(1, len(scored) // HOT_SHARE)])


def title_of(dossier: Dossier, insight: Insight | None, *, language: Language) -> tuple[str, Language]:
    """Return an event's title with its language: translated where its *insight* has it so."""
    return (insight.title, language) if insight and insight.title else dossier.title_in(language)


def hook_of(event: Event, insight: Insight | None, *, title: str) -> str:
    """Return an event's hook for a list: of its *insight* if any; empty where it says no more than *title*."""
    hooks = [claim.text for claim in insight.of_part(ClaimPart.HOOK)] if insight else [event.hook or ""]
    return "" if not hooks or _same_words(hooks[0], title) else hooks[0]


def event_url(event: Event, *, policy: CardPolicy) -> str:
    """Return the permanent address of *event*; only its id counts, the words after it may change."""
    words = slug(event.title)
    return f"{policy.base_url.rstrip('/')}/e/{event.id}{'-' if words else ''}{words}"


def slug(title: str) -> str:
    """
    Return the ASCII words of *title* in lower case, joined by hyphens, in at most 60 characters.

    Empty for a title in Chinese, Japanese or Korean: its few ASCII words would mislead.
    """
    if _UNSLUGGED.search(title):
        return ""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    kept = ""
    for word in words:
        longer = f"{kept}-{word}" if kept else word
        if len(longer) > MAX_SLUG_CHARS:
            break
        kept = longer
    return kept or "".join(words[:1])[:MAX_SLUG_CHARS]


def _same_words(text: str, title: str) -> bool:
    return re.findall(r"\w+", text.casefold()) == re.findall(r"\w+", title.casefold())
