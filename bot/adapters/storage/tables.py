"""
The tables: the model's classes with columns.

Each class redeclares only what a column needs (keys, enums, nested values). Rows are never built or handed
out: the store writes and reads the `Table` objects at the end with the model's own values.
"""

# A ClassVar over a field takes that field out of the table: it is kept in a table of its own.
# mypy: disable-error-code="misc, assignment"

from enum import StrEnum
from typing import Any, ClassVar, cast

from pydantic import AwareDatetime
from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    func,
)
from sqlmodel import Field, SQLModel

from bot.adapters.storage.types import Json, Word
from bot.model.article import Article, DateKind
from bot.model.audience import AudienceMatch
from bot.model.delivery import Delivery, DeliveryState
from bot.model.digest import (
    Card,
    Destination,
    Digest,
    DigestState,
    EmailMessage,
    Medium,
    ReviewChoice,
    Route,
    SlackMessage,
)
from bot.model.event import Event, EventState, JoinedBy, Membership
from bot.model.feedback import Feedback, Follow, ReviewAct, Vote
from bot.model.insight import Advice, Claim, Insight
from bot.model.recap import Recap, RecapNumbers, ScoredEvent, ScorePart
from bot.model.source import SourceState
from bot.model.subscriber import Subscriber, Subscription, SubscriptionState, Suppression


def _key(target: str | None = None, *, cascade: str | None = None) -> Any:
    """Return a field that is (part of) the primary key, and refers to *target* where given."""
    refers = [ForeignKey(target, ondelete=cascade)] if target else []
    return Field(sa_column=Column(String, *refers, primary_key=True))


def _refers(target: str, *, cascade: str | None = None) -> Any:
    return Field(sa_column=Column(String, ForeignKey(target, ondelete=cascade), nullable=False, index=True))


def _json(kind: Any, *, nullable: bool = False) -> Any:
    return Field(sa_column=Column(Json(kind), nullable=nullable))


def _word(kind: type[StrEnum]) -> Any:
    return Field(sa_column=Column(Word(kind), nullable=False))


def _indexed() -> Any:
    return Field(sa_column=Column(String, nullable=False, index=True))


class SourceStateRow(SourceState, table=True):
    """What is remembered of each source."""

    __tablename__ = "source_states"
    slug: str = _key()


class TextRow(SQLModel, table=True):
    """Texts by the hash of their content; edits add rows, so that quotes of the old text stand."""

    __tablename__ = "texts"
    content_hash: str = _key()
    text: str


class ArticleRow(Article, table=True):
    """Articles without their texts."""

    __tablename__ = "articles"
    __table_args__ = (UniqueConstraint("source", "guid", name="uq_articles_source_guid"),)
    id: str = _key()
    content_hash: str = _refers("texts.content_hash")
    text: ClassVar[str]
    date_kind: DateKind = _word(DateKind)
    authors: list[str] = _json(list[str])
    categories: list[str] = _json(list[str])
    topics: list[str] = _json(list[str])
    engagement: dict[str, int] = _json(dict[str, int])


class VectorRow(SQLModel, table=True):
    """Embeddings as little-endian float32."""

    __tablename__ = "vectors"
    article_id: str = _key("articles.id", cascade="CASCADE")
    embedder: str = _key()
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
    id: str = _key()
    thread_id: str = _indexed()
    state: EventState = _word(EventState)
    audiences: list[AudienceMatch] = _json(list[AudienceMatch])
    topics: list[str] = _json(list[str])


class MembershipRow(Membership, table=True):
    """Which event an article belongs to: one at most."""

    __tablename__ = "memberships"
    article_id: str = _key("articles.id", cascade="CASCADE")
    event_id: str = _refers("events.id")
    by: JoinedBy = _word(JoinedBy)


class RedirectRow(SQLModel, table=True):
    """Merged events, and what they became part of."""

    __tablename__ = "redirects"
    event_id: str = _key()
    target_id: str = _indexed()


class InsightRow(Insight, table=True):
    """Insights by key."""

    __tablename__ = "insights"
    key: str = _key()
    event_id: str = _refers("events.id")
    claims: list[Claim] = _json(list[Claim])
    advice: list[Advice] = _json(list[Advice])


class RecapRow(Recap, table=True):
    """Recaps without their events."""

    __tablename__ = "recaps"
    id: str = _key()
    numbers: RecapNumbers = _json(RecapNumbers)
    events: ClassVar[list[ScoredEvent]]


class RecapEventRow(ScoredEvent, table=True):
    """The scored events of a recap, best first."""

    __tablename__ = "recap_events"
    event_id: str = _key()
    recap_id: str = Field(
        sa_column=Column(String, ForeignKey("recaps.id", ondelete="CASCADE"), primary_key=True, index=True)
    )
    position: int
    parts: list[ScorePart] = _json(list[ScorePart])


class DigestRow(Digest, table=True):
    """Digests with their frozen cards and messages."""

    __tablename__ = "digests"
    key: str = _key()
    recap_id: str = _refers("recaps.id")
    audiences: list[str] = _json(list[str])
    mutes: list[str] = _json(list[str])
    numbers: RecapNumbers = _json(RecapNumbers)
    cards: list[Card] = _json(list[Card])
    slack: list[SlackMessage] = _json(list[SlackMessage])
    email: EmailMessage | None = _json(EmailMessage, nullable=True)
    state: DigestState = _word(DigestState)


class DigestEventRow(SQLModel, table=True):
    """Which events a digest shows, so that they are found without reading its cards."""

    __tablename__ = "digest_events"
    digest_key: str = _key("digests.key", cascade="CASCADE")
    event_id: str = Field(sa_column=Column(String, primary_key=True, index=True))


class ReviewActRow(ReviewAct, table=True):
    """What editors did."""

    __tablename__ = "review_acts"
    id: str = _key()
    digest_key: str = _refers("digests.key")
    details: dict[str, str] = _json(dict[str, str])


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
    id: str = _key()
    subject: str = _indexed()
    recap_id: str = _indexed()
    medium: Medium = _word(Medium)
    state: DeliveryState = _word(DeliveryState)


class SubscriberRow(Subscriber, table=True):
    """People."""

    __tablename__ = "subscribers"
    __table_args__ = (
        UniqueConstraint("address", name="uq_subscribers_address"),
        UniqueConstraint("workspace", "slack_user", name="uq_subscribers_slack"),
    )
    id: str = _key()


class SubscriptionRow(Subscription, table=True):
    """What people get: one row per list."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("subscriber_id", "list_id", name="uq_subscriptions_list"),
        Index("ix_subscriptions_list", "list_id", "state"),
    )
    id: str = _key()
    subscriber_id: str = Field(
        sa_column=Column(String, ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False)
    )
    state: SubscriptionState = _word(SubscriptionState)
    audiences: list[str] = _json(list[str])
    mutes: list[str] = _json(list[str])


class SuppressionRow(Suppression, table=True):
    """Whom we must not write to."""

    __tablename__ = "suppressions"
    address_hash: str = _key()
    list_id: str = _key()


class FollowRow(Follow, table=True):
    """Who wants to hear when a thread develops."""

    __tablename__ = "follows"
    __table_args__ = (UniqueConstraint("thread_id", "workspace", "person", name="uq_follows_person"),)
    id: str = _key()


class FeedbackRow(Feedback, table=True):
    """Votes: one per person and event."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("event_id", "workspace", "person", name="uq_feedback_person"),)
    id: str = _key()
    vote: Vote = _word(Vote)


class RouteRow(Route, table=True):
    """Routes that were made from Slack; those of the config stay there."""

    __tablename__ = "routes"
    id: str = _key()
    workspace: str = _indexed()
    origin: str
    audiences: list[str] = _json(list[str])
    topics: list[str] = _json(list[str])
    languages: list[str] = _json(list[str])
    destinations: list[Destination] = _json(list[Destination])
    review: ReviewChoice = _word(ReviewChoice)


class PeriodRow(SQLModel, table=True):
    """Periods of schedules that somebody has taken."""

    __tablename__ = "schedule_periods"
    schedule: str = _key()
    period: str = _key()
    claimed_at: AwareDatetime


def _table(row: type[SQLModel]) -> Table:
    return cast(Table, row.__table__)  # type: ignore[attr-defined]  # SQLModel adds it where table=True


SOURCE_STATES = _table(SourceStateRow)
TEXTS = _table(TextRow)
ARTICLES = _table(ArticleRow)
VECTORS = _table(VectorRow)
SEARCH_NUMBERS = _table(SearchRow)
EVENTS = _table(EventRow)
MEMBERSHIPS = _table(MembershipRow)
REDIRECTS = _table(RedirectRow)
INSIGHTS = _table(InsightRow)
RECAPS = _table(RecapRow)
RECAP_EVENTS = _table(RecapEventRow)
DIGESTS = _table(DigestRow)
DIGEST_EVENTS = _table(DigestEventRow)
REVIEW_ACTS = _table(ReviewActRow)
DELIVERIES = _table(DeliveryRow)
SUBSCRIBERS = _table(SubscriberRow)
SUBSCRIPTIONS = _table(SubscriptionRow)
SUPPRESSIONS = _table(SuppressionRow)
FOLLOWS = _table(FollowRow)
FEEDBACK = _table(FeedbackRow)
ROUTES = _table(RouteRow)
PERIODS = _table(PeriodRow)

DATED_AT = func.coalesce(ARTICLES.c.published_at, ARTICLES.c.collected_at)
"""The column form of `Article.dated_at`."""
Index("ix_articles_dated", DATED_AT)
