from datetime import UTC, datetime

import pytest

from bot.deliver import route
from tests.delivery_builders import a_recap, a_route


def test_slot_is_the_first_local_occurrence_after_the_build() -> None:
    chosen = a_route(day=0, time="09:00", timezone="Europe/Berlin")

    assert route.slot(chosen, a_recap()) == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_slot_at_the_moment_of_the_build_is_not_put_off() -> None:
    chosen = a_route(day=0, time="06:00", timezone="UTC")

    assert route.slot(chosen, a_recap()) == datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


def test_slot_that_passed_before_the_build_comes_a_week_later() -> None:
    chosen = a_route(day=0, time="05:59", timezone="UTC")

    assert route.slot(chosen, a_recap()) == datetime(2026, 11, 30, 5, 59, tzinfo=UTC)


def test_slot_counts_weekdays_in_the_routes_zone() -> None:
    late_sunday = a_recap(built_at=datetime(2026, 11, 22, 16, 0, tzinfo=UTC))

    monday_in_tokyo = route.slot(a_route(day=0, time="09:00", timezone="Asia/Tokyo"), late_sunday)

    assert monday_in_tokyo == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("built_at", "expected"),
    [
        (datetime(2026, 3, 23, 8, 0, 1, tzinfo=UTC), datetime(2026, 3, 30, 7, 0, tzinfo=UTC)),
        (datetime(2026, 10, 19, 7, 0, 1, tzinfo=UTC), datetime(2026, 10, 26, 8, 0, tzinfo=UTC)),
    ],
    ids=["clocks go forward on Sunday", "clocks go back on Sunday"],
)
def test_slot_keeps_its_local_hour_over_a_change_of_clocks(built_at: datetime, expected: datetime) -> None:
    chosen = a_route(day=0, time="09:00", timezone="Europe/Berlin")

    assert route.slot(chosen, a_recap(built_at=built_at)) == expected


def test_slot_that_the_clocks_skip_moves_forward() -> None:
    chosen = a_route(day=6, time="02:30", timezone="Europe/Berlin")
    saturday = a_recap(built_at=datetime(2026, 3, 28, 12, 0, tzinfo=UTC))

    assert route.slot(chosen, saturday) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 local


def test_slot_that_comes_twice_is_taken_the_first_time() -> None:
    chosen = a_route(day=6, time="02:30", timezone="Europe/Berlin")
    saturday = a_recap(built_at=datetime(2026, 10, 24, 12, 0, tzinfo=UTC))

    assert route.slot(chosen, saturday) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_build_between_the_two_times_waits_for_the_next_week() -> None:
    chosen = a_route(day=6, time="02:30", timezone="Europe/Berlin")
    between = a_recap(built_at=datetime(2026, 10, 25, 1, 0, tzinfo=UTC))

    assert route.slot(chosen, between) == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)
