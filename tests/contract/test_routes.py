"""Routes that channels have of their own, and who made them so."""

from datetime import timedelta

from bot.adapters.storage.store import SqlStore
from bot.model.route import Destination, Medium, NewsRule, Route, Sectioning
from bot.model.route_act import RouteAct
from tests.builders import NOW

ROUTE = Route(
    id="slack-c1",
    name="#ml",
    origin="slack",
    workspace="T1",
    audiences=["engineers"],
    destinations=[Destination(medium=Medium.SLACK, id="C1")],
    mute=NewsRule(words=["coupon"]),
    sections=Sectioning.TOPIC,
)
LATER_DAY = ROUTE.model_copy(update={"day": 4})
MADE = RouteAct(id="a1", route_id="slack-c1", workspace="T1", act="make", person="U1", acted_at=NOW, after=ROUTE)
REMOVED = MADE.model_copy(
    update={"id": "a2", "act": "remove", "before": ROUTE, "after": None, "acted_at": NOW + timedelta(hours=1)}
)


def test_a_channels_own_route_comes_back_as_saved(store: SqlStore) -> None:
    store.save_route(ROUTE, MADE)

    assert store.load_routes(workspace="T1") == store.load_routes() == [ROUTE]
    assert store.load_routes(workspace="T2") == []


def test_a_route_saved_again_is_replaced_and_both_acts_are_kept(store: SqlStore) -> None:
    changed = MADE.model_copy(update={"id": "a2", "act": "change", "before": ROUTE, "after": LATER_DAY})

    store.save_route(ROUTE, MADE)
    store.save_route(LATER_DAY, changed)

    assert store.load_routes() == [LATER_DAY]
    assert store.load_route_acts("slack-c1") == [MADE, changed]


def test_a_route_is_deleted_once_and_its_acts_stay(store: SqlStore) -> None:
    store.save_route(ROUTE, MADE)

    assert store.delete_route("slack-c1", REMOVED)
    assert not store.delete_route("slack-c1", REMOVED.model_copy(update={"id": "a3"}))
    assert store.load_routes() == []
    assert store.load_route_acts() == [MADE, REMOVED]


def test_acts_are_told_of_one_route_alone(store: SqlStore) -> None:
    store.save_route(ROUTE, MADE)

    assert store.load_route_acts("slack-c2") == []
