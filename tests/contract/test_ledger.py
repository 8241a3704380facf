"""The ledger: once, whatever happens."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.delivery import Delivery, DeliveryState, Ended, PutOff, Receipt, ShutDestination
from bot.model.route import Medium
from tests.builders import NOW
from tests.contract.builders import a_delivery

LATER = NOW + timedelta(seconds=60)


def planned(store: SqlStore, delivery: Delivery | None = None) -> str:
    delivery = delivery or a_delivery()
    store.save_deliveries([delivery])
    return delivery.id


def sending(store: SqlStore) -> str:
    delivery = planned(store)
    assert store.claim(delivery, now=NOW, lease_s=60)
    assert store.save_sending(delivery, now=NOW, lease_s=60)
    return delivery


def only(store: SqlStore) -> Delivery:
    [delivery] = store.load_deliveries()
    return delivery


def test_delivery_is_planned_once(store: SqlStore) -> None:
    first, second = a_delivery("parent"), a_delivery("reply-01")

    assert store.save_deliveries([first]) == 1
    assert store.save_deliveries([first, second]) == 1
    assert store.save_deliveries([first, second]) == 0
    assert store.load_deliveries() == [first, second]


def test_same_part_to_the_same_recipient_is_one_delivery_under_any_id(store: SqlStore) -> None:
    planned(store)

    assert store.save_deliveries([a_delivery(id="another", sender="outbox")]) == 0


def test_correction_is_another_delivery(store: SqlStore) -> None:
    planned(store)

    assert store.save_deliveries([a_delivery(revision=1)]) == 1


def test_first_mark_of_a_destination_stays_until_it_is_released(store: SqlStore) -> None:
    shut = ShutDestination(workspace="T1", destination="C1", reason="is_archived", since=NOW)
    store.save_shut(shut)
    store.save_shut(shut.model_copy(update={"reason": "channel_not_found", "since": LATER}))

    assert store.load_shut() == [shut]
    assert (store.release_shut(), store.load_shut()) == (1, [])


def test_delivery_is_claimed_only_once(store: SqlStore, other_store: SqlStore) -> None:
    delivery = planned(store)

    assert store.claim(delivery, now=NOW, lease_s=60)
    assert not store.claim(delivery, now=NOW, lease_s=60)
    assert not other_store.claim(delivery, now=NOW, lease_s=60)
    assert only(store).state == DeliveryState.CLAIMED
    assert only(store).attempts == 1
    assert only(store).lease_until == LATER


def test_of_many_threads_one_claims(store: SqlStore, other_store: SqlStore) -> None:
    deliveries = [planned(store, a_delivery(f"reply-{number:02}")) for number in range(10)]

    def claim(work: tuple[SqlStore, str]) -> bool:
        return work[0].claim(work[1], now=NOW, lease_s=60)

    work = [(each, delivery) for delivery in deliveries for each in (store, other_store, store, other_store)]
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(claim, work))

    assert sum(won) == len(deliveries)


def test_delivery_is_not_claimed_before_its_time(store: SqlStore) -> None:
    delivery = planned(store, a_delivery(not_before=LATER))

    assert not store.claim(delivery, now=NOW, lease_s=60)
    assert store.claim(delivery, now=LATER, lease_s=60)


def test_unknown_delivery_is_not_claimed(store: SqlStore) -> None:
    assert not store.claim("unknown", now=NOW, lease_s=60)


def test_expired_lease_is_free_again(store: SqlStore) -> None:
    delivery = planned(store)
    store.claim(delivery, now=NOW, lease_s=60)

    assert not store.claim(delivery, now=LATER, lease_s=60)
    assert store.claim(delivery, now=LATER + timedelta(microseconds=1), lease_s=60)
    assert only(store).attempts == 2


def test_sending_needs_a_lease(store: SqlStore) -> None:
    delivery = planned(store)

    assert not store.save_sending(delivery, now=NOW, lease_s=60)
    assert only(store).state == DeliveryState.PLANNED


def test_sending_is_not_begun_after_the_lease(store: SqlStore) -> None:
    delivery = planned(store)
    store.claim(delivery, now=NOW, lease_s=60)

    assert not store.save_sending(delivery, now=LATER + timedelta(seconds=1), lease_s=60)
    assert store.claim(delivery, now=LATER + timedelta(seconds=1), lease_s=60)


def test_sending_is_begun_only_once(store: SqlStore, other_store: SqlStore) -> None:
    delivery = sending(store)

    assert not other_store.save_sending(delivery, now=NOW, lease_s=60)
    assert not other_store.claim(delivery, now=NOW + timedelta(days=9), lease_s=60)
    assert only(other_store).state == DeliveryState.SENDING


def test_sent_delivery_keeps_its_receipt(store: SqlStore) -> None:
    delivery = sending(store)

    store.settle(delivery, DeliveryState.SENT, now=NOW, receipt=Receipt("1795420800.000100", channel="C024BE91L"))

    sent = only(store)
    assert sent.state == DeliveryState.SENT
    assert (sent.receipt, sent.channel) == ("1795420800.000100", "C024BE91L")
    assert (sent.settled_at, sent.lease_until, sent.error) == (NOW, None, None)


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.UNKNOWN])
def test_delivery_ends_with_its_reason(store: SqlStore, state: DeliveryState) -> None:
    delivery = sending(store)

    store.settle(delivery, state, now=NOW, error="channel_not_found")

    assert only(store).state == state
    assert only(store).error == "channel_not_found"
    assert not store.claim(delivery, now=LATER, lease_s=60)


@pytest.mark.parametrize(
    "change",
    [
        lambda store, delivery: store.settle(delivery, DeliveryState.UNKNOWN, now=LATER, error="late"),
        lambda store, delivery: store.release(delivery, not_before=LATER, error="late"),
        lambda store, delivery: store.claim(delivery, now=LATER, lease_s=60),
        lambda store, delivery: store.save_sending(delivery, now=LATER, lease_s=60),
        lambda store, _: store.release_crashed(now=LATER + timedelta(days=1)),
    ],
    ids=["settle", "release", "claim", "save_sending", "release_crashed"],
)
def test_what_was_sent_stays_sent(store: SqlStore, change: Callable[[SqlStore, str], object]) -> None:
    delivery = sending(store)
    store.settle(delivery, DeliveryState.SENT, now=NOW, receipt=Receipt("1"))
    before = only(store)

    change(store, delivery)

    assert only(store) == before


def test_released_delivery_is_tried_later(store: SqlStore) -> None:
    delivery = sending(store)

    store.release(delivery, not_before=LATER, error="ratelimited")

    assert only(store).state == DeliveryState.PLANNED
    assert (only(store).attempts, only(store).error, only(store).lease_until) == (1, "ratelimited", None)
    assert not store.claim(delivery, now=NOW, lease_s=60)
    assert store.claim(delivery, now=LATER, lease_s=60)


def test_cancelled_delivery_is_not_released(store: SqlStore) -> None:
    delivery = planned(store)
    store.settle(delivery, DeliveryState.CANCELLED, now=NOW, error="unsubscribed")

    store.release(delivery, not_before=NOW, error="again")

    assert only(store).state == DeliveryState.CANCELLED


def test_sending_found_after_a_crash_is_unknown(store: SqlStore, other_store: SqlStore) -> None:
    delivery = sending(store)

    assert other_store.release_crashed(now=LATER) == 0
    assert other_store.release_crashed(now=LATER + timedelta(seconds=1)) == 1
    assert other_store.release_crashed(now=LATER + timedelta(seconds=1)) == 0
    assert only(other_store).state == DeliveryState.UNKNOWN
    assert only(other_store).error == "the process ended while sending"
    assert not other_store.claim(delivery, now=LATER + timedelta(days=1), lease_s=60)


def test_claim_that_a_crash_left_is_planned_again(store: SqlStore, other_store: SqlStore) -> None:
    delivery = planned(store)
    store.claim(delivery, now=NOW, lease_s=60)

    assert other_store.release_crashed(now=LATER + timedelta(seconds=1)) == 0
    assert (only(store).state, only(store).attempts) == (DeliveryState.PLANNED, 1)


def test_who_is_alone_waits_for_no_lease(store: SqlStore) -> None:
    claimed, begun = a_delivery("reply-01"), sending(store)
    store.claim(planned(store, claimed), now=NOW, lease_s=60)

    assert store.release_crashed(now=NOW, alone=True) == 1

    assert {each.id: each.state for each in store.load_deliveries()} == {
        begun: DeliveryState.UNKNOWN,
        claimed.id: DeliveryState.PLANNED,
    }


def test_unknown_delivery_that_is_found_is_sent(store: SqlStore) -> None:
    delivery = sending(store)
    store.settle(delivery, DeliveryState.UNKNOWN, now=NOW, error="timed out")

    store.settle(delivery, DeliveryState.SENT, now=LATER, receipt=Receipt("1"))

    assert (only(store).state, only(store).error) == (DeliveryState.SENT, None)


def test_deliveries_come_by_time_then_parents_before_replies(store: SqlStore) -> None:
    reply, parent = a_delivery("reply-01"), a_delivery("parent")
    tenth, second = a_delivery("reply-10"), a_delivery("reply-02")
    other_route = a_delivery(route_id="aaa", destination="C2", recipient="C2")
    early = a_delivery(route_id="zeta", destination="C3", recipient="C3", not_before=NOW - timedelta(hours=1))

    store.save_deliveries([tenth, reply, second, parent, other_route, early])

    assert store.load_deliveries() == [early, other_route, parent, reply, second, tenth]


def test_parent_that_was_put_off_still_comes_before_its_replies(store: SqlStore) -> None:
    parent, reply = a_delivery("parent"), a_delivery("reply-01")
    store.save_deliveries([reply, parent])

    store.release(parent.id, not_before=LATER, error="ratelimited")

    assert [delivery.part for delivery in store.load_deliveries()] == ["parent", "reply-01"]


def test_deliveries_are_chosen_by_recap_state_subject_and_purpose(store: SqlStore) -> None:
    mine = a_delivery(purpose="review")
    store.save_deliveries([mine, a_delivery(recap_id="2026-W46", subject="digest-2")])
    store.claim(mine.id, now=NOW, lease_s=60)

    assert [each.id for each in store.load_deliveries(recap="2026-W47")] == [mine.id]
    assert [each.id for each in store.load_deliveries(state=DeliveryState.CLAIMED)] == [mine.id]
    assert [each.id for each in store.load_deliveries(subject="digest-1")] == [mine.id]
    assert [each.id for each in store.load_deliveries(purpose="review")] == [mine.id]
    assert store.load_deliveries(subject="digest-1", recap="2026-W46") == []


def test_delivery_that_nobody_tried_moves_to_another_digest_and_time(store: SqlStore) -> None:
    store.save_deliveries([a_delivery()])
    moved = a_delivery().model_copy(update={"subject": "another", "not_before": LATER, "route_id": "zh"})

    assert store.move_deliveries([moved]) == 1
    assert store.move_deliveries([moved]) == 0
    assert (only(store).subject, only(store).not_before, only(store).route_id) == ("another", LATER, "zh")


def test_delivery_that_was_tried_stays_with_its_digest(store: SqlStore) -> None:
    delivery = planned(store)
    store.claim(delivery, now=NOW, lease_s=60)
    store.release(delivery, not_before=NOW, error="later")

    assert store.move_deliveries([a_delivery().model_copy(update={"subject": "another"})]) == 0
    assert only(store).subject == a_delivery().subject


def test_since_when_a_recipient_gets_it_comes_back(store: SqlStore) -> None:
    store.save_deliveries([a_delivery(since=NOW)])

    assert only(store).since == NOW


# Mails


def a_mailing(store: SqlStore, count: int = 5) -> list[str]:
    mails = [
        a_delivery("mail", medium=Medium.EMAIL, destination="weekly", recipient=f"r{number}@reader.example")
        for number in range(count)
    ]
    store.save_deliveries(mails)
    return sorted(each.id for each in mails)


def test_due_mails_come_in_pages_each_once_while_others_are_sent(store: SqlStore) -> None:
    ids = a_mailing(store)
    planned(store, a_delivery("parent"))

    pages = []
    for page in store.load_due_mails(now=NOW, page=2):
        pages.append([each.id for each in page])
        assert store.start_sending(page[0].id, now=NOW, lease_s=60)

    assert pages == [ids[:2], ids[2:4], ids[4:]]


def test_mail_of_another_recap_or_of_later_is_not_due(store: SqlStore) -> None:
    ids = a_mailing(store)
    store.release(ids[0], not_before=LATER, error="451 later")

    assert [each.id for page in store.load_due_mails(now=NOW, page=9) for each in page] == ids[1:]
    assert list(store.load_due_mails(now=NOW, recap="2026-W01", page=9)) == []


def test_mail_whose_claim_expired_is_due_again(store: SqlStore) -> None:
    ids = a_mailing(store, 2)
    assert store.claim(ids[0], now=NOW, lease_s=60)

    assert [each.id for page in store.load_due_mails(now=NOW, page=9) for each in page] == [ids[1]]
    again = store.load_due_mails(now=LATER + timedelta(seconds=1), page=9)
    assert [each.id for page in again for each in page] == ids


def test_mark_of_a_mail_settles_the_one_before(store: SqlStore, other_store: SqlStore) -> None:
    first, second = a_mailing(store, 2)
    assert store.start_sending(first, now=NOW, lease_s=60)
    assert not other_store.start_sending(first, now=NOW, lease_s=60)

    assert store.start_sending(second, now=NOW, lease_s=60, after=Ended(first, Receipt("<m1@x>"), NOW))

    rows = {each.id: each for each in store.load_deliveries()}
    assert (rows[first].state, rows[first].receipt, rows[first].settled_at) == (DeliveryState.SENT, "<m1@x>", NOW)
    assert (rows[second].state, rows[second].attempts) == (DeliveryState.SENDING, 1)
    assert rows[second].lease_until == LATER


def test_mail_before_is_settled_even_where_the_next_is_not_ours(store: SqlStore, other_store: SqlStore) -> None:
    first, second = a_mailing(store, 2)
    assert store.start_sending(first, now=NOW, lease_s=60)
    assert other_store.start_sending(second, now=NOW, lease_s=60)

    assert not store.start_sending(second, now=NOW, lease_s=60, after=Ended(first, Receipt("<m1@x>"), NOW))

    assert [each.id for each in store.load_deliveries(state=DeliveryState.SENT)] == [first]


def test_of_many_threads_one_marks_each_mail(store: SqlStore, other_store: SqlStore) -> None:
    ids = a_mailing(store, 6)

    def mark(work: tuple[SqlStore, str]) -> bool:
        return work[0].start_sending(work[1], now=NOW, lease_s=60)

    work = [(each, delivery) for delivery in ids for each in (store, other_store, store, store)]
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(mark, work))

    assert sum(won) == len(ids)
    assert [each.attempts for each in store.load_deliveries(state=DeliveryState.SENDING)] == [1] * 6


def test_what_is_put_off_is_told_by_place_and_reason(store: SqlStore) -> None:
    ids = a_mailing(store, 3)
    for minutes, each in enumerate(ids, start=1):
        store.release(each, not_before=NOW + timedelta(minutes=minutes), error="451 later")

    assert store.load_put_off(now=NOW) == [PutOff("slack", "weekly", "451 later", LATER)]
    assert store.count_open() == 3
    assert store.count_open(recap="2026-W01") == 0
