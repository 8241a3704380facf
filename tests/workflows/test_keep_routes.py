"""Channels' own routes on a real store: used from the next build on, never beside a route of the config."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import settings, wiring
from bot.model.delivery import Delivery, DeliveryState, ShutDestination
from bot.model.errors import NotAllowed, NotFound
from bot.model.route import ReviewChoice
from bot.wiring import Bot, Particulars
from bot.workflows import keep_routes
from bot.workflows.keep_routes import Kept, Place, RouteChoice
from tests.fakes.clock import HandClock
from tests.fakes.invented_week import WEEK, an_office, routes

SUNDAY = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
BUILD = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 16, 0, tzinfo=UTC)
PLACE = Place("local", "C0RESEARCH", "#research")
ID = "slack-c0research"
CHOICE = RouteChoice(
    audiences=[], day=3, time="16:00", timezone="UTC", max_events=5, min_score=0.0, language="en",
    review=ReviewChoice.NONE,
)  # fmt: skip


class Office:
    """A bot whose config has a route to #founders, and its clock."""

    def __init__(self, bot: Bot, clock: HandClock) -> None:
        self.bot = bot
        self.clock = clock

    def tick(self, at: datetime) -> None:
        self.clock.at = at
        self.bot.tick(now=at)

    def keep(self, at: datetime, choice: RouteChoice = CHOICE, place: Place = PLACE) -> Kept:
        return keep_routes.keep(choice, place, person="U0ADA", desk=self.bot.desk, now=at)

    def ledger(self, state: DeliveryState) -> list[Delivery]:
        return [each for each in self.bot.store.load_deliveries(state=state) if each.route_id == ID]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    operator = an_office(tmp_path, routed=routes(email=False))
    given = {"RECAP_DATABASE_URL": "sqlite://", "RECAP_OUTBOX": str(tmp_path / "outbox")}
    loaded = settings.load(operator.config, environment=given, defaults=settings.shipped_directory())
    clock = HandClock(SUNDAY)
    with wiring.bot(loaded, Particulars(clock=clock, seed=0)) as bot:
        bot.store.upgrade()
        yield Office(bot, clock)


def test_route_made_before_the_build_is_sent_at_its_slot_without_a_restart(office: Office) -> None:
    office.tick(SUNDAY)
    kept = office.keep(SUNDAY)

    office.tick(BUILD)
    office.tick(THURSDAY)

    assert (kept.next_at, kept.is_pending) == (THURSDAY, False)
    assert {each.destination for each in office.ledger(DeliveryState.SENT)} == {"C0RESEARCH"}


def test_route_made_after_the_build_gets_that_recap_at_its_slot(office: Office) -> None:
    office.tick(SUNDAY)
    office.tick(BUILD)

    kept = office.keep(TUESDAY, replace(CHOICE, max_events=2))
    office.tick(TUESDAY)
    office.tick(THURSDAY)

    assert (kept.next_at, kept.is_pending) == (THURSDAY, False)
    assert len({each.part for each in office.ledger(DeliveryState.SENT)}) == 3
    assert [len(each.cards) for each in office.bot.store.load_digests(WEEK) if each.route_id == ID] == [2]


def test_route_made_after_its_slot_gets_the_next_recap(office: Office) -> None:
    office.tick(SUNDAY)
    office.tick(BUILD)

    kept = office.keep(TUESDAY, replace(CHOICE, day=0))
    office.tick(TUESDAY)

    assert f"{kept.next_at:%a %Y-%m-%d %H:%M}" == "Mon 2026-11-30 16:00"
    assert office.bot.store.load_deliveries(state=DeliveryState.PLANNED) == []


def test_draft_that_still_waits_is_what_the_channel_gets_next(office: Office) -> None:
    office.tick(SUNDAY)
    office.keep(SUNDAY, replace(CHOICE, review=ReviewChoice.REQUIRED))
    office.tick(BUILD)

    kept = office.keep(TUESDAY, replace(CHOICE, review=ReviewChoice.REQUIRED, max_events=2))

    assert (kept.next_at, kept.is_pending) == (THURSDAY, True)


def test_channel_that_had_the_recap_does_not_get_it_again_by_a_route_of_its_own(office: Office) -> None:
    office.tick(SUNDAY)
    office.tick(BUILD)
    freed = replace(office.bot.desk, routes=[])
    founders = Place("local", "C0FOUNDERS", "#founders")

    kept = keep_routes.keep(CHOICE, founders, person="U0ADA", desk=freed, now=TUESDAY)

    assert f"{kept.next_at:%a %Y-%m-%d %H:%M}" == "Thu 2026-12-03 16:00"


def test_changed_time_moves_what_is_planned(office: Office) -> None:
    office.keep(SUNDAY)
    office.tick(SUNDAY)
    office.tick(BUILD)

    kept = office.keep(TUESDAY, replace(CHOICE, day=2))

    assert (kept.act, kept.is_pending) == ("change", True)
    assert f"{kept.next_at:%a %d %H:%M}" == "Wed 25 16:00"
    assert {f"{each.not_before:%a}" for each in office.ledger(DeliveryState.PLANNED)} == {"Wed"}


def test_time_that_is_past_this_week_leaves_what_is_planned_where_it_is(office: Office) -> None:
    office.keep(SUNDAY)
    office.tick(SUNDAY)
    office.tick(BUILD)

    kept = office.keep(TUESDAY, replace(CHOICE, day=0))

    assert kept.next_at == THURSDAY


def test_same_choice_again_changes_nothing_and_is_not_recorded(office: Office) -> None:
    office.keep(SUNDAY)

    assert office.keep(TUESDAY).act == ""
    assert [act.act for act in office.bot.store.load_route_acts(ID)] == ["make"]


def test_removed_route_sends_nothing_that_was_planned(office: Office) -> None:
    office.keep(SUNDAY)
    office.tick(SUNDAY)
    office.tick(BUILD)

    keep_routes.remove(ID, person="U0ADA", desk=office.bot.desk, now=TUESDAY)
    office.tick(THURSDAY)

    assert office.ledger(DeliveryState.SENT) == []
    assert {each.error for each in office.ledger(DeliveryState.CANCELLED)} == {"its route was removed"}


def test_no_channel_gets_a_route_beside_that_of_the_config(office: Office) -> None:
    with pytest.raises(NotAllowed, match=r"'all' of routes\.yaml"):
        office.keep(SUNDAY, place=Place("local", "C0FOUNDERS", "#founders"))

    assert office.bot.store.load_routes() == []


def test_own_route_is_not_used_once_the_config_names_its_channel(office: Office) -> None:
    office.keep(SUNDAY)
    named = office.bot.desk.routes[0].destinations[0].model_copy(update={"id": "#research"})
    config = [office.bot.desk.routes[0].model_copy(update={"destinations": [named]})]

    desk = replace(office.bot.desk, routes=config)

    assert [each.id for each in desk.load_routes()] == ["all"]
    own = keep_routes.standings({"all": 2}, desk=desk, now=SUNDAY)[-1]
    assert (own.route.id, own.person, own.shadowed_by, own.next_at) == (ID, "U0ADA", "all", None)


def test_saving_tries_again_what_a_shut_channel_did_not_take(office: Office) -> None:
    office.keep(SUNDAY)
    office.tick(SUNDAY)
    office.tick(BUILD)
    store = office.bot.store
    for each in office.ledger(DeliveryState.PLANNED):
        store.settle(each.id, DeliveryState.FAILED, now=TUESDAY, error="is_archived")
    for channel in ("C0RESEARCH", "C0OTHER"):
        store.save_shut(ShutDestination(workspace="local", destination=channel, reason="is_archived", since=TUESDAY))

    kept = office.keep(TUESDAY)

    assert kept.is_reopened
    assert [each.destination for each in store.load_shut()] == ["C0OTHER"]
    assert {each.not_before for each in office.ledger(DeliveryState.PLANNED)} == {THURSDAY}


def test_what_is_no_channels_own_cannot_be_removed(office: Office) -> None:
    with pytest.raises(NotFound, match="'all' is no channel's own route"):
        keep_routes.remove("all", person="ops", desk=office.bot.desk, now=SUNDAY)


def test_proposed_time_comes_after_the_build(office: Office) -> None:
    late = replace(office.bot.desk.recap, build_day=6, build_time="23:30")

    proposed = keep_routes.proposed(PLACE, desk=replace(office.bot.desk, recap=late))

    assert (proposed.day, proposed.time, proposed.name) == (0, "00:00", "#research")
