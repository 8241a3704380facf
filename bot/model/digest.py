"""Digests: the recap as one route gets it, with its cards and messages."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime
from sqlmodel import Field

from bot.model.audience import AudienceMatch
from bot.model.event import EventState
from bot.model.recap import RecapNumbers, ScorePart
from bot.model.values import (
    ArticleId,
    AudienceId,
    EventId,
    Json,
    Language,
    Model,
    RecapId,
    RouteId,
    ThreadId,
    WeekId,
    digest_of,
)


class CardLine(Model):
    """A line of the card with the numbers of the sources that it stands on."""

    text: str
    sources: list[int] = Field(default_factory=list)
    """Numbers of `Card.sources`."""
    label: Literal["", "playbook", "computed", "background", "editor", "extracted"] = ""
    language: Language = "und"
    """Of *text*."""
    date: str | None = None
    """Timeline: the date in the source's precision. Background: the article's date."""
    rationale: str | None = None


class CardSource(Model):
    """A quote that claims stand on."""

    number: int
    article_id: ArticleId
    publisher: str
    title: str
    url: str
    language: Language
    quote: str


class CardLink(Model):
    """A link to an article or to another event."""

    title: str
    url: str
    publisher: str = ""
    language: Language = "und"
    note: str = ""
    """Such as the week or the state of an earlier event."""
    event_id: EventId = ""
    """Empty for an article."""


class CardCoverage(Model):
    """Who told it."""

    articles: int
    publishers: list[str]
    """In order of publication; the first was first."""
    languages: list[Language]


class CardAudience(AudienceMatch):
    """An audience that should care, with its name."""

    name: str


class CardCorrection(Model):
    """What was wrong in a card that readers have seen."""

    text: str
    """The editor's."""
    revision: int
    """Of the digest: 1 for its first correction."""
    at: AwareDatetime


class Card(Model):
    """The event card: the same everywhere; small places show fewer parts, never other words."""

    event_id: EventId
    thread_id: ThreadId
    url: str
    """Of the event's page."""
    week: WeekId
    recap_url: str
    is_hot: bool = False
    """In the top tenth of the week by score."""
    publisher: str
    title: str
    language: Language
    """Of the title."""
    translated_from: Language | None = None
    """Of the event's own title, where a model translated it."""
    original_title: CardLink | None = None
    """The event's own title with its article, where the shown one was chosen for the reader's language."""
    state: EventState = EventState.NEW
    whats_new: CardLine | None = None
    """Of what developed: what is new since the last recap that showed it."""
    first_published_at: AwareDatetime
    last_published_at: AwareDatetime
    collected_in_s: float | None = None
    """From the first publication to our first collection; null where it cannot be known."""
    hook: CardLine | None = None
    what_changed: CardLine | None = None
    why_it_matters: CardLine | None = None
    what_to_do_next: CardLine | None = None
    audiences: list[CardAudience] = Field(default_factory=list)
    analyst: str = "extractive"
    takeaways: list[CardLine] = Field(default_factory=list)
    implications: list[CardLine] = Field(default_factory=list)
    timeline: list[CardLine] = Field(default_factory=list)
    sources: list[CardSource] = Field(default_factory=list)
    claims_sourced: int = 0
    claims_dropped: int = 0
    coverage: CardCoverage
    score: float = 0.0
    score_parts: list[ScorePart] = Field(default_factory=list)
    related: list[CardLink] = Field(default_factory=list)
    originals: list[CardLink] = Field(default_factory=list)
    """The event's articles; the first is the original source."""
    corrections: list[CardCorrection] = Field(default_factory=list)
    """Oldest first."""


class SlackMessage(Model):
    """One Slack message: the digest itself (`parent`) or a reply in its thread."""

    part: str
    """`parent`, `reply-01`, `reply-02`, …, or `correction-01` for what a correction says below the parent."""
    text: str
    blocks: list[Json]


class EmailMessage(Model):
    """A mail before the recipient's tokens are put in."""

    subject: str
    html: str
    text: str
    language: Language


class DigestState(StrEnum):
    """How far a digest has come."""

    DRAFT = "draft"
    """Waits for an editor."""
    READY = "ready"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    """Too little news for the route, or nobody looked at the draft in time."""
    HELD = "held"
    """Too little news: its events come with next week's."""


class DigestSection(Model):
    """A part of a digest under a heading of its own."""

    id: str
    """Of the audience, or the topic itself; empty for what fits under no other heading."""
    title: str
    """In the digest's language."""
    event_ids: list[EventId]
    """Of the digest's cards, best first; each card stands in one section."""


class Digest(Model):
    """The recap as one route gets it, frozen."""

    key: str
    """Identity: see `digest_key`."""
    recap_id: RecapId
    route_id: RouteId
    audiences: list[AudienceId]
    language: Language
    density: str = "full"
    mutes: list[str] = Field(default_factory=list)
    segment: str = ""
    """See `segment_of`: that of the subscribers whom it is for; empty for the route's own digest."""
    title: str
    numbers: RecapNumbers
    cards: list[Card] = Field(default_factory=list)
    """Best first."""
    sections: list[DigestSection] = Field(default_factory=list)
    """Empty where the route asks for none; else all cards are in them, and are shown in their order."""
    also: list[CardLink] = Field(default_factory=list)
    """"Also this week": the best of what did not fit, one line each."""
    beyond: list[CardLink] = Field(default_factory=list)
    """The best for everybody, one line each, where what a segment chose brings fewer than its route's minimum."""
    corrections: list[CardLink] = Field(default_factory=list)
    """What an earlier digest told the same readers wrongly by mail: the event, and what was wrong in its note."""
    previous: RecapNumbers | None = None
    """Last week's numbers."""
    note: str = ""
    """The editor's."""
    slack: list[SlackMessage] = Field(default_factory=list)
    email: EmailMessage | None = None
    state: DigestState = DigestState.READY
    state_reason: str = ""
    built_at: AwareDatetime


def digest_key(
    recap: RecapId, route: RouteId, *, audiences: list[AudienceId], language: Language, density: str, mutes: list[str]
) -> str:
    """Return the identity of a digest; the order of audiences and mutes does not matter."""
    return digest_of(
        "digest", recap, route, segment_of(audiences=audiences, language=language, density=density, mutes=mutes)
    )


def segment_of(*, audiences: Sequence[AudienceId], language: Language, density: str, mutes: Sequence[str]) -> str:
    """Return the identity of a segment: what people who choose the same have in common, week for week."""
    return digest_of(",".join(sorted(audiences)), language, density, ",".join(sorted(mutes)))
