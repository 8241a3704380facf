"""
The tables: the model's classes with columns.

Each class redeclares only what a column needs (keys, enums, nested values). Rows are never built or handed
out: the store writes and reads the `Table` objects at the end with the model's own values.
"""

# A ClassVar over a field takes that field out of the table: it is kept in a table of its own.
# mypy: disable-error-code="misc, assignment"

from typing import ClassVar

from pydantic import AwareDatetime
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    func,
)
from sqlmodel import Field, SQLModel

from bot.adapters.storage.columns import indexed, json_of, primary, refers, table_of, word_of
from bot.model.article import Article, DateKind
from bot.model.audience import AudienceMatch
from bot.model.delivery import Delivery, DeliveryState, ShutDestination
from bot.model.digest import Card, CardLink, Digest, DigestSection, DigestState, EmailMessage, SlackMessage
from bot.model.event import Bond, Event, EventState, JoinedBy, Membership, Verdict
from bot.model.feedback import ReviewAct
from bot.model.insight import Advice, Claim, DroppedClaim, Insight
from bot.model.recap import Recap, RecapNumbers, ScoredEvent, ScorePart
from bot.model.route import Medium
from bot.model.source import SourceState
from bot.model.usage import ModelUsage, Outcome


class SourceStateRow(SourceState, table=True):
    """What is remembered of each source."""

    __tablename__ = "source_states"
    slug: str = primary()


class TextRow(SQLModel, table=True):
    """Texts by the hash of their content; edits add rows, so that quotes of the old text stand."""

    __tablename__ = "texts"
    content_hash: str = primary()
    text: str


class ArticleRow(Article, table=True):
    """
    Articles without their texts.

    The id is unique per source and guid, as it is made of them; the guid alone is not: feeds repeat it.
    """

    __tablename__ = "articles"
    id: str = primary()
    content_hash: str = refers("texts.content_hash")
    text: ClassVar[str]
    date_kind: DateKind = word_of(DateKind)
    authors: list[str] = json_of(list[str])
    categories: list[str] = json_of(list[str])
    topics: list[str] = json_of(list[str])
    engagement: dict[str, int] = json_of(dict[str, int])


class VectorRow(SQLModel, table=True):
    """Embeddings as little-endian float32."""

    __tablename__ = "vectors"
    article_id: str = primary("articles.id", cascade="CASCADE")
    embedder: str = primary()
    vector: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class SearchRow(SQLModel, table=True):
    """
    Which article a number of the search index stands for.

    An edit gives the article a new number, so that numbers rise with news. The words are in
    `search_words`, which each database has in its own way (see search.py and the migrations).
    """

    __tablename__ = "search_numbers"
    __table_args__ = (UniqueConstraint("article_id", name="uq_search_numbers_article"), {"sqlite_autoincrement": True})
    number: int = Field(sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True))
    article_id: str = Field(sa_column=Column(String, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False))
    title_words: str


class EventRow(Event, table=True):
    """Events."""

    __tablename__ = "events"
    id: str = primary()
    thread_id: str = indexed()
    titles: dict[str, str] = json_of(dict[str, str])
    entities: list[str] = json_of(list[str])
    state: EventState = word_of(EventState)
    audiences: list[AudienceMatch] = json_of(list[AudienceMatch])
    topics: list[str] = json_of(list[str])


class MembershipRow(Membership, table=True):
    """Which event an article belongs to: one at most."""

    __tablename__ = "memberships"
    article_id: str = primary("articles.id", cascade="CASCADE")
    event_id: str = refers("events.id")
    by: JoinedBy = word_of(JoinedBy)


class RedirectRow(SQLModel, table=True):
    """Merged events, and what they became part of."""

    __tablename__ = "redirects"
    event_id: str = primary()
    target_id: str = indexed()


class BondRow(Bond, table=True):
    """What editors said of pairs of articles."""

    __tablename__ = "bonds"
    one_id: str = primary("articles.id", cascade="CASCADE")
    other_id: str = Field(
        sa_column=Column(String, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True)
    )
    verdict: Verdict = word_of(Verdict)


class InsightRow(Insight, table=True):
    """Insights by key."""

    __tablename__ = "insights"
    key: str = primary()
    event_id: str = refers("events.id")
    claims: list[Claim] = json_of(list[Claim])
    advice: list[Advice] = json_of(list[Advice])
    dropped: list[DroppedClaim] = json_of(list[DroppedClaim])


class ModelUsageRow(ModelUsage, table=True):
    """What asking language models took."""

    __tablename__ = "model_usage"
    __table_args__ = (Index("ix_model_usage_asked_at", "asked_at"),)
    id: str = primary()
    outcome: Outcome = word_of(Outcome)


class RecapRow(Recap, table=True):
    """Recaps without their events."""

    __tablename__ = "recaps"
    id: str = primary()
    numbers: RecapNumbers = json_of(RecapNumbers)
    previous: RecapNumbers | None = json_of(RecapNumbers, nullable=True)
    events: ClassVar[list[ScoredEvent]]


class RecapEventRow(ScoredEvent, table=True):
    """The scored events of a recap, best first."""

    __tablename__ = "recap_events"
    event_id: str = primary()
    recap_id: str = Field(
        sa_column=Column(String, ForeignKey("recaps.id", ondelete="CASCADE"), primary_key=True, index=True)
    )
    position: int
    parts: list[ScorePart] = json_of(list[ScorePart])
    state: EventState = word_of(EventState)


class DigestRow(Digest, table=True):
    """Digests with their frozen cards and messages."""

    __tablename__ = "digests"
    key: str = primary()
    recap_id: str = refers("recaps.id")
    audiences: list[str] = json_of(list[str])
    mutes: list[str] = json_of(list[str])
    numbers: RecapNumbers = json_of(RecapNumbers)
    cards: list[Card] = json_of(list[Card])
    sections: list[DigestSection] = json_of(list[DigestSection])
    also: list[CardLink] = json_of(list[CardLink])
    beyond: list[CardLink] = json_of(list[CardLink])
    corrections: list[CardLink] = json_of(list[CardLink])
    previous: RecapNumbers | None = json_of(RecapNumbers, nullable=True)
    slack: list[SlackMessage] = json_of(list[SlackMessage])
    email: EmailMessage | None = json_of(EmailMessage, nullable=True)
    state: DigestState = word_of(DigestState)


class DigestEventRow(SQLModel, table=True):
    """Which events a digest shows, so that they are found without reading its cards."""

    __tablename__ = "digest_events"
    digest_key: str = primary("digests.key", cascade="CASCADE")
    event_id: str = Field(sa_column=Column(String, primary_key=True, index=True))


class ReviewActRow(ReviewAct, table=True):
    """What editors did."""

    __tablename__ = "review_acts"
    id: str = primary()
    digest_key: str = refers("digests.key")
    details: dict[str, str] = json_of(dict[str, str])


class DeliveryRow(Delivery, table=True):
    """The ledger."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint(
            *("purpose", "subject", "workspace", "destination", "recipient", "part", "revision"),
            name="uq_deliveries_identity",
        ),
        Index("ix_deliveries_due", "state", "not_before"),
        Index("ix_deliveries_lease", "state", "lease_until"),
    )
    id: str = primary()
    subject: str = indexed()
    recap_id: str = indexed()
    medium: Medium = word_of(Medium)
    state: DeliveryState = word_of(DeliveryState)


class ShutDestinationRow(ShutDestination, table=True):
    """Destinations that take nothing any more."""

    __tablename__ = "shut_destinations"
    workspace: str = primary()
    destination: str = primary()


class PeriodRow(SQLModel, table=True):
    """Periods of schedules that somebody has taken."""

    __tablename__ = "schedule_periods"
    schedule: str = primary()
    period: str = primary()
    claimed_at: AwareDatetime


SOURCE_STATES = table_of(SourceStateRow)
TEXTS = table_of(TextRow)
ARTICLES = table_of(ArticleRow)
VECTORS = table_of(VectorRow)
SEARCH_NUMBERS = table_of(SearchRow)
EVENTS = table_of(EventRow)
MEMBERSHIPS = table_of(MembershipRow)
REDIRECTS = table_of(RedirectRow)
BONDS = table_of(BondRow)
INSIGHTS = table_of(InsightRow)
MODEL_USAGE = table_of(ModelUsageRow)
RECAPS = table_of(RecapRow)
RECAP_EVENTS = table_of(RecapEventRow)
DIGESTS = table_of(DigestRow)
DIGEST_EVENTS = table_of(DigestEventRow)
REVIEW_ACTS = table_of(ReviewActRow)
DELIVERIES = table_of(DeliveryRow)
SHUT_DESTINATIONS = table_of(ShutDestinationRow)
PERIODS = table_of(PeriodRow)

DATED_AT = func.coalesce(ARTICLES.c.published_at, ARTICLES.c.collected_at)
"""The column form of `Article.dated_at`."""
Index("ix_articles_dated", DATED_AT)
