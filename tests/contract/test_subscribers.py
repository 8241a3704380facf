"""Subscribers and suppressions."""

from datetime import timedelta

import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.feedback import Vote
from bot.model.subscriber import Bounce, BounceKind, SubscriptionState, Suppression, address_hash
from tests.builders import NOW
from tests.contract.builders import a_follow, a_subscriber, a_subscription, a_vote

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


def test_person_is_found_by_id_address_and_slack_user(store: SqlStore) -> None:
    slack = a_subscriber(id="s1", address=None, workspace="T1", slack_user="U1")
    store.save_subscriber(ANN, a_subscription(ANN))
    store.save_subscriber(slack, a_subscription(slack))

    assert store.load_subscriber(ANN.id) == ANN
    assert store.load_subscriber_at(" ANN@reader.example") == ANN
    assert store.load_slack_subscriber("T1", "U1") == slack
    assert store.load_slack_subscriber("T2", "U1") is None


def test_subscriptions_of_a_person_come_by_list(store: SqlStore) -> None:
    weekly = a_subscription(ANN, consented_at=NOW, consent_text="Weekly, please.", consent_form="web")
    daily = a_subscription(ANN, list_id="daily", state=SubscriptionState.PAUSED, paused_until=NOW)
    store.save_subscriber(ANN, weekly)
    store.save_subscriber(ANN, daily)

    assert store.load_subscriptions(ANN.id) == [daily, weekly]


def test_whole_list_comes_in_every_state(store: SqlStore) -> None:
    store.save_subscriber(ANN, a_subscription(ANN))
    store.save_subscriber(BEN, a_subscription(BEN, state=SubscriptionState.ENDED))

    assert {person.address for person, _ in store.load_list("weekly")} == {ANN.address, BEN.address}
    assert list(store.load_list("daily")) == []


def test_erased_person_is_forgotten_and_stays_suppressed(store: SqlStore) -> None:
    slack = a_subscriber("ann@reader.example", workspace="T1", slack_user="U1")
    store.save_subscriber(slack, a_subscription(slack))
    suppress(store, "ann@reader.example", list_id="weekly")
    store.save_vote(a_vote("e1", workspace="T1", person="U1"))
    store.save_vote(a_vote("e1", workspace="T2", person="U1"))
    store.save_follow(a_follow("t1", workspace="T1", person="U1"))

    store.erase_subscriber(slack.id)

    assert store.load_subscriber(slack.id) is None
    assert store.load_subscriptions(slack.id) == []
    assert [vote.workspace for vote in store.load_votes(since=NOW)] == ["T2"]
    assert store.load_follows() == []
    assert store.is_suppressed("ann@reader.example", list_id="weekly")


def test_suppression_is_lifted_by_hash_and_list(store: SqlStore) -> None:
    suppress(store, "ann@reader.example", list_id="weekly")

    assert not store.delete_suppression(address_hash("ann@reader.example"), list_id="daily")
    assert store.delete_suppression(address_hash("ann@reader.example"), list_id="weekly")
    assert store.load_suppressions() == []


def test_bounce_is_kept_once(store: SqlStore) -> None:
    bounce = Bounce(id="b1", address_hash="h1", list_id="weekly", kind=BounceKind.SOFT, status="4.2.2", bounced_at=NOW)

    assert store.save_bounce(bounce)
    assert not store.save_bounce(bounce)
    assert store.load_bounces("h1", since=NOW) == [bounce]
    assert store.load_bounces("h1", since=NOW + timedelta(seconds=1)) == []


def test_key_is_used_once_per_kind(store: SqlStore) -> None:
    assert store.use_once("token", "k1", now=NOW)
    assert not store.use_once("token", "k1", now=NOW)
    assert store.use_once("slack", "k1", now=NOW)
    assert [store.is_used(kind, key) for kind, key in (("token", "k1"), ("slack", "k2"))] == [True, False]


def test_last_vote_of_a_person_counts(store: SqlStore) -> None:
    store.save_vote(a_vote("e1", vote=Vote.USEFUL))
    store.save_vote(a_vote("e1", vote=Vote.WRONG, id="v2"))

    assert [vote.vote for vote in store.load_votes(since=NOW)] == [Vote.WRONG]
    assert store.delete_votes() == 1
    assert store.load_votes(since=NOW) == []


def test_follower_who_was_told_follows_on_from_then(store: SqlStore) -> None:
    later = NOW + timedelta(hours=5)
    store.save_follow(a_follow("t1"))
    store.save_follow(a_follow("t2"))

    store.move_follow(a_follow("t1"), since=later)
    store.move_follow(a_follow("t3"), since=later)

    assert [(each.thread_id, each.since) for each in store.load_follows()] == [("t2", NOW), ("t1", later)]


def test_thread_is_followed_until_it_is_not(store: SqlStore) -> None:
    store.save_follow(a_follow("t1"))
    store.save_follow(a_follow("t1"))
    store.save_follow(a_follow("t1", person="U2"))

    assert [follow.person for follow in store.load_follows(person=("T1", "U1"))] == ["U1"]
    assert store.delete_follow("t1", workspace="T1", person="U1")
    assert not store.delete_follow("t1", workspace="T1", person="U1")
    assert [follow.person for follow in store.load_follows()] == ["U2"]


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


def test_of_many_addresses_the_suppressed_are_found_at_once(store: SqlStore) -> None:
    for address, list_id in (("Ann@reader.example", "*"), ("bo@reader.example", "weekly"), ("cy@x.example", "daily")):
        hashed = address_hash(address)
        store.save_suppression(Suppression(address_hash=hashed, list_id=list_id, reason="left", created_at=NOW))

    asked = ["ann@reader.example", "bo@reader.example", "cy@x.example", "di@reader.example"]

    assert store.load_suppressed(asked, list_id="weekly") == {"ann@reader.example", "bo@reader.example"}
    assert store.load_suppressed([], list_id="weekly") == frozenset()


def test_of_many_addresses_those_that_get_the_list_are_found_at_once(store: SqlStore) -> None:
    store.save_subscriber(ANN, a_subscription(ANN))
    store.save_subscriber(BEN, a_subscription(BEN, state=SubscriptionState.PAUSED))
    cleo = a_subscriber("Cleo@Reader.example")
    store.save_subscriber(cleo, a_subscription(cleo))

    asked = ["ann@reader.example", "ben@reader.example", "cleo@reader.example", "dan@reader.example"]

    assert store.load_reached(asked, list_id="weekly") == {"ann@reader.example", "cleo@reader.example"}
    assert store.load_reached(asked, list_id="daily") == frozenset()
    assert store.load_reached([], list_id="weekly") == frozenset()
