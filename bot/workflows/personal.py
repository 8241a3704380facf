"""What a person of a Slack workspace chose for themselves: one subscriber, one personal list."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.subscriber import Subscriber, Subscription, SubscriptionState
from bot.model.values import Language, digest_of
from bot.ports import Store

SLACK_LIST = "slack-dm"
"""The list of personal weekly messages in Slack."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A person of a workspace, as they are when they ask."""

    workspace: str
    person: str
    """Slack user id."""
    language: Language
    timezone: str


def load(reader: Reader, *, store: Store, now: datetime) -> tuple[Subscriber, Subscription]:
    """
    Return what is stored of *reader*; for a new one what it would be, not stored yet.

    A subscription that nobody asked for is pending: it holds mutes, and nothing is sent for it.
    """
    known = store.load_slack_subscriber(reader.workspace, reader.person)
    subscriber = known or Subscriber(
        id=digest_of("subscriber", reader.workspace, reader.person),
        workspace=reader.workspace,
        slack_user=reader.person,
        language=reader.language,
        timezone=reader.timezone,
        created_at=now,
    )
    held = {each.list_id: each for each in store.load_subscriptions(subscriber.id)} if known else {}
    return subscriber, held.get(SLACK_LIST) or Subscription(
        id=digest_of("subscription", subscriber.id, SLACK_LIST),
        subscriber_id=subscriber.id,
        list_id=SLACK_LIST,
        state=SubscriptionState.PENDING,
        language=reader.language,
        timezone=reader.timezone,
        created_at=now,
        changed_at=now,
    )
