from datetime import timedelta

from bot.adapters.storage.store import SqlStore
from bot.model.delivery import NOTICE, DeliveryState
from bot.model.returned import ListCounts, MailTotals
from bot.model.route import Medium
from bot.model.subscriber import Bounce, BounceKind, SubscriptionState
from tests.builders import NOW
from tests.contract.builders import a_delivery, a_subscriber, a_subscription

ANN, BOB = a_subscriber("ann@reader.example"), a_subscriber("bob@reader.example")


def a_bounce(name: str, kind: BounceKind, *, list_id: str = "weekly", days_ago: int = 0) -> Bounce:
    at = NOW - timedelta(days=days_ago)
    return Bounce(id=name, address_hash=name, list_id=list_id, kind=kind, status="5.7.1", bounced_at=at)


def test_delivery_is_found_by_its_id(store: SqlStore) -> None:
    delivery = a_delivery("mail", medium=Medium.EMAIL)
    store.save_deliveries([delivery])

    assert store.load_delivery(delivery.id) == delivery
    assert store.load_delivery("0" * 32) is None


def test_newcomers_come_and_those_who_are_there_stay(store: SqlStore) -> None:
    left = a_subscription(ANN, state=SubscriptionState.ENDED)
    store.save_subscriber(ANN, left)

    changed = ANN.model_copy(update={"language": "zh"})
    store.save_newcomers([(changed, a_subscription(ANN)), (BOB, a_subscription(BOB))])

    assert store.load_of_list("weekly", [ANN.id, BOB.id, "nobody"]) == {ANN.id: left, BOB.id: a_subscription(BOB)}
    assert store.load_subscriber(ANN.id) == ANN
    store.save_newcomers([])


def test_people_are_counted_by_list_and_state(store: SqlStore) -> None:
    store.save_newcomers([(ANN, a_subscription(ANN)), (BOB, a_subscription(BOB))])
    store.save_newcomers([(ANN, a_subscription(ANN, list_id="daily", state=SubscriptionState.PENDING))])

    assert store.count_subscriptions() == [
        ListCounts(list_id="daily", pending=1),
        ListCounts(list_id="weekly", active=2),
    ]


def test_mails_are_counted_by_list_since_a_day(store: SqlStore) -> None:
    old = NOW - timedelta(days=40)
    sent = {"medium": Medium.EMAIL, "destination": "weekly", "state": DeliveryState.SENT}
    store.save_deliveries(
        [
            a_delivery("mail", recipient="a", settled_at=NOW, **sent),
            a_delivery("mail", recipient="b", settled_at=NOW, **sent),
            a_delivery("mail", recipient="c", settled_at=old, **sent),
            a_delivery("mail", recipient="d", settled_at=NOW, **sent, purpose=NOTICE),
            a_delivery("parent", settled_at=NOW, state=DeliveryState.SENT),
        ]
    )
    for bounce in (
        a_bounce("1", BounceKind.HARD),
        a_bounce("2", BounceKind.COMPLAINT),
        a_bounce("3", BounceKind.SOFT, days_ago=40),
        a_bounce("4", BounceKind.POLICY, list_id="daily"),
    ):
        store.save_bounce(bounce)

    assert store.count_mails(since=NOW - timedelta(days=28)) == [
        MailTotals(list_id="daily", policy=1),
        MailTotals(list_id="weekly", sent=2, hard=1, complaints=1),
    ]


def test_newest_bounces_of_a_kind_come_first(store: SqlStore) -> None:
    for number in range(3):
        store.save_bounce(a_bounce(str(number), BounceKind.POLICY, days_ago=number))
    store.save_bounce(a_bounce("other", BounceKind.SOFT))

    found = store.load_bounces_of(BounceKind.POLICY, since=NOW - timedelta(days=2), limit=2)

    assert [each.id for each in found] == ["0", "1"]
