from datetime import UTC, date, datetime

import pytest

from bot.model.errors import NotFound
from bot.model.week import Week


def test_week_is_named_by_its_iso_week() -> None:
    assert Week.of(datetime(2026, 11, 18, 12, tzinfo=UTC)).id == "2026-W47"


def test_first_days_of_january_belong_to_the_last_week_of_the_old_year() -> None:
    assert Week.of(datetime(2027, 1, 2, 12, tzinfo=UTC)).id == "2026-W53"


def test_week_begins_at_local_midnight() -> None:
    week = Week.parse("2026-W47", zone="Europe/Berlin")

    assert week.starts_at == datetime(2026, 11, 15, 23, tzinfo=UTC)
    assert week.ends_at == datetime(2026, 11, 22, 23, tzinfo=UTC)


def test_week_in_which_clocks_go_back_is_an_hour_longer() -> None:
    week = Week.parse("2026-W43", zone="Europe/Berlin")

    assert (week.ends_at - week.starts_at).total_seconds() == 169 * 3600


def test_week_that_begins_on_sunday_is_named_by_the_monday_after() -> None:
    week = Week.of(datetime(2026, 11, 15, 12, tzinfo=UTC), starts_on=6)

    assert week.id == "2026-W47"
    assert week.first_day == date(2026, 11, 15)
    assert week.last_day == date(2026, 11, 21)


def test_moment_of_the_end_belongs_to_the_next_week() -> None:
    week = Week.parse("2026-W47")

    assert not week.holds(week.ends_at)
    assert week.next.holds(week.ends_at)


def test_neighbours_of_the_turn_of_the_year() -> None:
    assert Week.parse("2027-W01").previous.id == "2026-W53"
    assert Week.parse("2026-W53").next.id == "2027-W01"


@pytest.mark.parametrize("text", ["2026-W54", "2025-W53", "W47", "2026-47x", "last week", ""])
def test_what_is_no_week_is_refused_by_name(text: str) -> None:
    with pytest.raises(NotFound):
        Week.parse(text)
