"""What a person of a Slack workspace chose for themselves: one subscriber, one personal list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.subscriber import SLACK_LIST, Subscriber, Subscription, SubscriptionState
from bot.model.values import AudienceId, Language, digest_of
from bot.ports import Store


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


def is_subscribed(workspace: str, person: str, *, store: Store) -> bool:
    """Return whether a *person* of a *workspace* gets a weekly message of their own."""
    known = store.load_slack_subscriber(workspace, person)
    held = store.load_subscriptions(known.id) if known else []
    return any(each.list_id == SLACK_LIST and each.state is SubscriptionState.ACTIVE for each in held)


def subscribe(
    reader: Reader, *, audiences: Sequence[AudienceId], day: int, hour: int, store: Store, now: datetime
) -> Subscription:
    """Give *reader* a weekly message with *audiences* (none: all news) at their local *day* and *hour*; return it."""
    subscriber, subscription = load(reader, store=store, now=now)
    chosen = {
        "state": SubscriptionState.ACTIVE,
        "audiences": list(audiences) or ["*"],
        "language": reader.language,
        "timezone": reader.timezone,
        "day": day,
        "hour": hour,
        "consented_at": subscription.consented_at or now,
        "consent_form": "slack",
        "changed_at": now,
    }
    changed = subscription.model_copy(update=chosen)
    people = subscriber.model_copy(update={"language": reader.language, "timezone": reader.timezone})
    store.save_subscriber(people, changed)
    return changed


def unsubscribe(reader: Reader, *, store: Store, now: datetime) -> bool:
    """Send *reader* no weekly message any more, and keep what they muted; return whether they got one."""
    subscriber, subscription = load(reader, store=store, now=now)
    if subscription.state is not SubscriptionState.ACTIVE:
        return False
    ended = {"state": SubscriptionState.ENDED, "consented_at": None, "changed_at": now}
    store.save_subscriber(subscriber, subscription.model_copy(update=ended))
    return True
