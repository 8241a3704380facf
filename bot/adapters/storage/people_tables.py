"""The tables about people: subscribers, readers' votes, and routes that channels have of their own; see tables.py."""

# mypy: disable-error-code="assignment"

from pydantic import AwareDatetime
from sqlalchemy import Column, ForeignKey, Index, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.adapters.storage.columns import indexed, json_of, primary, table_of, word_of
from bot.model.feedback import Feedback, Follow, Vote
from bot.model.route import Destination, NewsRule, OnTimeout, ReviewChoice, Route, Sectioning, ThinWeek
from bot.model.route_act import RouteAct
from bot.model.subscriber import (
    Bounce,
    BounceKind,
    Notice,
    NoticeKind,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
)


class SubscriberRow(Subscriber, table=True):
    """People."""

    __tablename__ = "subscribers"
    __table_args__ = (
        UniqueConstraint("address", name="uq_subscribers_address"),
        UniqueConstraint("workspace", "slack_user", name="uq_subscribers_slack"),
    )
    id: str = primary()


class SubscriptionRow(Subscription, table=True):
    """What people get: one row per list."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("subscriber_id", "list_id", name="uq_subscriptions_list"),
        Index("ix_subscriptions_list", "list_id", "state"),
    )
    id: str = primary()
    subscriber_id: str = Field(
        sa_column=Column(String, ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False)
    )
    state: SubscriptionState = word_of(SubscriptionState)
    audiences: list[str] = json_of(list[str])
    mutes: list[str] = json_of(list[str])


class SuppressionRow(Suppression, table=True):
    """Whom we must not write to."""

    __tablename__ = "suppressions"
    address_hash: str = primary()
    list_id: str = primary()


class BounceRow(Bounce, table=True):
    """Mails that came back."""

    __tablename__ = "bounces"
    id: str = primary()
    address_hash: str = indexed()
    kind: BounceKind = word_of(BounceKind)


class NoticeRow(Notice, table=True):
    """Mails to one person about their subscription."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_address", "address", "made_at"),)
    id: str = primary()
    kind: NoticeKind = word_of(NoticeKind)


class UsedRow(SQLModel, table=True):
    """What counts once only: tokens, and requests that may come twice."""

    __tablename__ = "used_once"
    kind: str = primary()
    key: str = primary()
    used_at: AwareDatetime


class FollowRow(Follow, table=True):
    """Who wants to hear when a thread develops."""

    __tablename__ = "follows"
    __table_args__ = (UniqueConstraint("thread_id", "workspace", "person", name="uq_follows_person"),)
    id: str = primary()


class FeedbackRow(Feedback, table=True):
    """Votes: one per person and event."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("event_id", "workspace", "person", name="uq_feedback_person"),)
    id: str = primary()
    vote: Vote = word_of(Vote)


class RouteRow(Route, table=True):
    """Channels' own routes; those of the config stay there."""

    __tablename__ = "routes"
    id: str = primary()
    workspace: str = indexed()
    origin: str
    audiences: list[str] = json_of(list[str])
    topics: list[str] = json_of(list[str])
    languages: list[str] = json_of(list[str])
    destinations: list[Destination] = json_of(list[Destination])
    mute: NewsRule = json_of(NewsRule)
    boost: NewsRule = json_of(NewsRule)
    sections: Sectioning = word_of(Sectioning)
    thin_week: ThinWeek = word_of(ThinWeek)
    review: ReviewChoice = word_of(ReviewChoice)
    on_timeout: OnTimeout = word_of(OnTimeout)


class RouteActRow(RouteAct, table=True):
    """What people did to channels' own routes."""

    __tablename__ = "route_acts"
    id: str = primary()
    route_id: str = indexed()
    act: str
    before: Route | None = json_of(Route, nullable=True)
    after: Route | None = json_of(Route, nullable=True)


SUBSCRIBERS = table_of(SubscriberRow)
SUBSCRIPTIONS = table_of(SubscriptionRow)
SUPPRESSIONS = table_of(SuppressionRow)
BOUNCES = table_of(BounceRow)
NOTICES = table_of(NoticeRow)
USED_ONCE = table_of(UsedRow)
FOLLOWS = table_of(FollowRow)
FEEDBACK = table_of(FeedbackRow)
ROUTES = table_of(RouteRow)
ROUTE_ACTS = table_of(RouteActRow)
