"""What an operator says of deliveries that nobody could tell about."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.delivery import Delivery, DeliveryState
from bot.model.errors import NotAllowed, NotFound
from bot.workflows import answer_unknown
from tests.builders import NOW
from tests.delivery_builders import a_delivery


@pytest.fixture
def store() -> Iterator[SqlStore]:
    with closing(SqlStore("sqlite://")) as store:
        store.upgrade()
        store.save_deliveries([a_delivery(id="abc1"), a_delivery(id="abd2", part="reply-01")])
        store.settle("abc1", DeliveryState.UNKNOWN, now=NOW, error="timed out")
        yield store


def arrived(store: SqlStore, delivery: str = "abc1", receipt: str = "") -> Delivery:
    return answer_unknown.arrived(delivery, receipt=receipt, operator="ada", store=store, now=NOW)


def row(store: SqlStore, delivery: str) -> Delivery:
    return next(each for each in store.load_deliveries() if each.id == delivery)


def test_message_that_arrived_is_sent_and_its_link_tells_where_replies_go(store: SqlStore) -> None:
    arrived(store, receipt="https://team.slack.com/archives/C0REAL/p1763892000123456")

    settled = row(store, "abc1")
    assert (settled.state, settled.receipt, settled.channel) == (DeliveryState.SENT, "1763892000.123456", "C0REAL")
    assert settled.error == "ada says that it arrived"


def test_message_with_replies_to_come_needs_its_link(store: SqlStore) -> None:
    with pytest.raises(NotAllowed, match="--receipt LINK"):
        arrived(store)
    with pytest.raises(NotAllowed, match="'yes' is no Slack message"):
        arrived(store, receipt="yes")

    assert row(store, "abc1").state == DeliveryState.UNKNOWN


def test_message_that_was_lost_is_planned_again(store: SqlStore) -> None:
    answer_unknown.lost("abc", operator="ada", store=store, now=NOW)

    assert (row(store, "abc1").state, row(store, "abc1").error) == (
        DeliveryState.PLANNED,
        "ada says that it did not arrive",
    )


def test_only_what_is_unknown_can_be_answered_for(store: SqlStore) -> None:
    with pytest.raises(NotAllowed, match="'abd2' is not unknown"):
        answer_unknown.lost("abd2", operator="ada", store=store, now=NOW)
    with pytest.raises(NotFound, match="no unknown delivery 'abx1'; did you mean 'abc1'"):
        answer_unknown.lost("abx1", operator="ada", store=store, now=NOW)
