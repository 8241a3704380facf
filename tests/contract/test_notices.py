"""Notices, and what time does to subscriptions."""

from datetime import timedelta

import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.delivery import NOTICE, DeliveryState
from bot.model.route import Medium
from bot.model.subscriber import Notice, NoticeKind, SubscriptionState, Suppression, address_hash
from tests.builders import NOW
from tests.contract.builders import a_delivery, a_subscriber, a_subscription

ANN, BEN = a_subscriber("ann@reader.example"), a_subscriber("ben@reader.example")
DAY = timedelta(days=1)


def a_notice(notice: str = "n1", **values: object) -> Notice:
    given: dict[str, object] = {
        "id": notice,
        "kind": NoticeKind.CONFIRM,
        "subscriber_id": ANN.id,
        "list_id": "weekly",
        "address": ANN.address,
        "subject": "Please confirm",
        "html": "<p>…</p>",
        "text": "…",
        "language": "en",
        "made_at": NOW,
    }
    return Notice.model_validate(given | values)


def save(store: SqlStore, notice: Notice, **values: object) -> str:
    mail = {"medium": Medium.EMAIL, "destination": "weekly", "recipient": notice.address, "purpose": NOTICE}
    delivery = a_delivery("mail", subject=notice.id, **(mail | values))
    store.save_notice(notice, delivery)
    return delivery.id


def test_notice_is_stored_with_its_delivery_and_its_sign_up(store: SqlStore) -> None:
    pending = a_subscription(ANN, state=SubscriptionState.PENDING)
    delivery = a_delivery("mail", purpose=NOTICE, subject="n1")

    store.save_notice(a_notice(), delivery, pending=(ANN, pending))

    assert store.load_due_notices(now=NOW) == [(delivery, a_notice())]
    assert store.load_notice("n1") == a_notice()
    assert store.load_subscriptions(ANN.id) == [pending]


def test_notice_is_due_until_it_is_taken_and_again_when_the_lease_is_over(store: SqlStore) -> None:
    delivery = save(store, a_notice())
    assert store.load_due_notices(now=NOW - DAY) == []

    store.claim(delivery, now=NOW, lease_s=60)

    assert store.load_due_notices(now=NOW + timedelta(seconds=59)) == []
    assert len(store.load_due_notices(now=NOW + timedelta(seconds=61))) == 1
    store.settle(delivery, DeliveryState.SENT, now=NOW)
    assert store.load_due_notices(now=NOW + DAY) == []


def test_digests_are_no_notices(store: SqlStore) -> None:
    store.save_deliveries([a_delivery()])

    assert store.load_due_notices(now=NOW) == []


def test_last_notice_of_an_address_is_known_in_any_letters(store: SqlStore) -> None:
    save(store, a_notice(address="Ann@Reader.example"))

    assert store.has_notice("ann@reader.example", since=NOW - timedelta(seconds=1))
    assert not store.has_notice("ann@reader.example", since=NOW)
    assert not store.has_notice("ben@reader.example", since=NOW - DAY)


def test_old_notices_and_their_tokens_are_forgotten(store: SqlStore) -> None:
    save(store, a_notice())
    save(store, a_notice("n2", made_at=NOW + DAY))
    for kind in ("confirm", "notice", "webhook"):
        store.use_once(kind, "key", now=NOW)

    assert store.delete_notices(before=NOW + DAY) == 1

    assert [store.load_notice(each) is None for each in ("n1", "n2")] == [True, False]
    assert [store.use_once(kind, "key", now=NOW) for kind in ("confirm", "notice", "webhook")] == [True, True, False]


def test_pauses_that_are_over_end(store: SqlStore) -> None:
    paused = {"state": SubscriptionState.PAUSED}
    store.save_subscriber(ANN, a_subscription(ANN, paused_until=NOW, **paused))
    store.save_subscriber(BEN, a_subscription(BEN, **paused))
    mark = store.load_subscriber_mark()

    assert store.end_pauses(now=NOW - timedelta(seconds=1)) == 0
    assert store.end_pauses(now=NOW) == 1

    assert [person for person, _ in store.load_subscribers("weekly")] == [ANN]
    assert store.load_subscriptions(ANN.id)[0].paused_until is None
    assert store.load_subscriber_mark() != mark


def test_sign_ups_that_nobody_confirmed_are_forgotten_with_their_mail(store: SqlStore) -> None:
    store.save_subscriber(ANN, a_subscription(ANN, state=SubscriptionState.PENDING))
    store.save_subscriber(BEN, a_subscription(BEN, state=SubscriptionState.PENDING))
    store.save_subscriber(BEN, a_subscription(BEN, list_id="daily"))
    save(store, a_notice())

    assert store.delete_unconfirmed(before=NOW) == 0
    assert store.delete_unconfirmed(before=NOW + DAY) == 2

    assert store.load_subscriber(ANN.id) is None
    assert [each.list_id for each in store.load_subscriptions(BEN.id)] == ["daily"]
    assert store.load_notice("n1") is None
    assert store.load_mails("ann@reader.example") == []


def test_erasing_a_reader_leaves_their_address_nowhere(store: SqlStore) -> None:
    store.save_subscriber(ANN, a_subscription(ANN))
    save(store, a_notice())
    save(store, a_notice("n2", address="Ann@Reader.Example"))

    store.erase_subscriber(ANN.id)

    rows = store.load_deliveries()
    assert {row.state for row in rows} == {DeliveryState.CANCELLED}
    assert {row.recipient for row in rows} == {f"erased-{address_hash('ann@reader.example')[:16]}"}
    assert store.load_notice("n2") is None


@pytest.mark.parametrize(("of", "lists"), [(None, ["daily", "weekly"]), ("ann@reader.example", ["weekly"])])
def test_suppressions_are_loaded_of_all_or_of_one(store: SqlStore, of: str | None, lists: list[str]) -> None:
    for address, list_id in (("ann@reader.example", "weekly"), ("ben@reader.example", "daily")):
        hashed = address_hash(address)
        store.save_suppression(Suppression(address_hash=hashed, list_id=list_id, reason="bounced", created_at=NOW))

    found = store.load_suppressions(of=address_hash(of) if of else None)

    assert sorted(each.list_id for each in found) == lists
