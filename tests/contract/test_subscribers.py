"""Subscribers and suppressions."""

from datetime import timedelta

import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.subscriber import SubscriptionState, Suppression, address_hash
from tests.builders import NOW
from tests.contract.builders import a_subscriber, a_subscription

ANN, BEN = a_subscriber("ann@reader.example"), a_subscriber("ben@reader.example")


def suppress(store: SqlStore, address: str, *, list_id: str) -> None:
    store.save_suppression(
        Suppression(address_hash=address_hash(address), list_id=list_id, reason="bounced", created_at=NOW)
    )


def test_subscriber_comes_back_as_saved(store: SqlStore) -> None:
    subscription = a_subscription(ANN, audiences=["founders"], mutes=["crypto"], hour=7, timezone="Europe/Berlin")

    store.save_subscriber(ANN, subscription)

    assert store.load_subscribers("weekly") == [(ANN, subscription)]
    assert store.load_subscribers("daily") == []


@pytest.mark.parametrize("state", [SubscriptionState.PENDING, SubscriptionState.PAUSED, SubscriptionState.ENDED])
def test_only_active_subscriptions_are_loaded(store: SqlStore, state: SubscriptionState) -> None:
    store.save_subscriber(ANN, a_subscription(ANN))
    store.save_subscriber(BEN, a_subscription(BEN, state=state))

    assert [person for person, _ in store.load_subscribers("weekly")] == [ANN]


def test_subscription_is_replaced(store: SqlStore) -> None:
    store.save_subscriber(ANN, a_subscription(ANN))

    store.save_subscriber(ANN, a_subscription(ANN, state=SubscriptionState.ENDED))

    assert store.load_subscribers("weekly") == []


def test_suppressed_address_is_left_out(store: SqlStore) -> None:
    store.save_subscriber(ANN, a_subscription(ANN))
    store.save_subscriber(BEN, a_subscription(BEN))

    suppress(store, " Ann@Reader.Example ", list_id="weekly")

    assert [person for person, _ in store.load_subscribers("weekly")] == [BEN]
    assert store.is_suppressed("ann@reader.example", list_id="weekly")
    assert not store.is_suppressed("ben@reader.example", list_id="weekly")


def test_suppression_holds_for_its_list_only(store: SqlStore) -> None:
    store.save_subscriber(ANN, a_subscription(ANN))

    suppress(store, "ann@reader.example", list_id="daily")

    assert [person for person, _ in store.load_subscribers("weekly")] == [ANN]
    assert not store.is_suppressed("ann@reader.example", list_id="weekly")


def test_suppression_of_every_list_holds_everywhere(store: SqlStore) -> None:
    store.save_subscriber(ANN, a_subscription(ANN))

    suppress(store, "ann@reader.example", list_id="*")

    assert store.load_subscribers("weekly") == []
    assert store.is_suppressed("ann@reader.example", list_id="anything")


def test_suppression_may_be_repeated(store: SqlStore) -> None:
    suppress(store, "ann@reader.example", list_id="weekly")
    suppress(store, "ann@reader.example", list_id="weekly")

    assert store.is_suppressed("ann@reader.example", list_id="weekly")


def test_slack_subscriber_has_no_address(store: SqlStore) -> None:
    first = a_subscriber(id="s1", address=None, workspace="T1", slack_user="U1")
    second = a_subscriber(id="s2", address=None, workspace="T2", slack_user="U1")

    store.save_subscriber(first, a_subscription(first))
    store.save_subscriber(second, a_subscription(second))

    assert {person.workspace for person, _ in store.load_subscribers("weekly")} == {"T1", "T2"}


def test_mark_changes_with_whoever_gets_a_list_and_only_then(store: SqlStore) -> None:
    marks = [store.load_subscriber_mark(), store.load_subscriber_mark()]
    subscription = a_subscription(ANN)

    store.save_subscriber(ANN, subscription)
    marks.append(store.load_subscriber_mark())
    store.save_subscriber(ANN, subscription.model_copy(update={"hour": 8, "changed_at": NOW + timedelta(minutes=1)}))
    marks.append(store.load_subscriber_mark())
    store.save_subscriber(ANN, subscription.model_copy(update={"state": SubscriptionState.ENDED}))
    marks.append(store.load_subscriber_mark())
    suppress(store, "ann@reader.example", list_id="weekly")
    marks.append(store.load_subscriber_mark())

    assert marks[0] == marks[1]
    assert len(set(marks[1:])) == 5
