from datetime import UTC, datetime

import pytest

from bot.collect import dates
from bot.model.article import DateKind

COLLECTED_AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)


def read(text: str | None, *, guess: datetime | None = None) -> dates.ParsedDate:
    return dates.parse(text, guess=guess, collected_at=COLLECTED_AT)


@pytest.mark.parametrize(
    "text",
    [
        "Fri, 20 Nov 2026 08:15:00 GMT",
        "Fri, 20 Nov 2026 08:15 UT",
        "20 Nov 2026 09:15:00 +0100",
        "Fri, 20 November 2026 03:15:00 EST",
        "Fri , 20 Nov 26 08:15:00 Z",
        "Fri, 20 Nov 2026 16:15:00 +0800 (CST)",
        "Fri, 20-Nov-2026 08:15:00 GMT",
        "Fri, 20 Nov 2026 09:15:00 CET",
        "Fri, 20 Nov 2026 08:15:00 UTC+0000",
        "2026-11-20T08:15:00Z",
        "2026-11-20T08:15Z",
        "2026-11-20T08:15:00.123456789Z",
        "2026-11-20T16:15:00+08:00",
        "2026-11-20 16:15:00 +0800",
        "2026-11-20t08:15:00z",
        "20261120T081500Z",
    ],
)
def test_rfc_822_and_iso_8601_with_time_and_zone_are_given(text: str) -> None:
    assert read(text) == dates.ParsedDate(MORNING, DateKind.GIVEN)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20 08:15:00",
        "Fri, 20 Nov 2026 08:15:00",
        "Fri, 20 Nov 2026 08:15:00 Mars/Olympus",
        "2026/11/20 08:15",
        "2026.11.20 08:15:00",
        "2026年11月20日 08:15",
        "2026年11月20日08:15",
    ],
)
def test_a_date_without_a_known_zone_is_guessed_as_utc(text: str) -> None:
    assert read(text) == dates.ParsedDate(MORNING, DateKind.GUESSED)


@pytest.mark.parametrize("text", ["2026-11-20", "20 Nov 2026", "2026/11/20", "2026年11月20日", "20261120"])
def test_a_day_without_a_time_is_guessed_as_its_midnight(text: str) -> None:
    assert read(text) == dates.ParsedDate(datetime(2026, 11, 20, tzinfo=UTC), DateKind.GUESSED)


def test_a_guess_that_swaps_day_and_month_is_not_believed() -> None:
    assert read("2020/1/10", guess=datetime(2020, 11, 1, tzinfo=UTC)).at == datetime(2020, 1, 10, tzinfo=UTC)


def test_a_guess_that_loses_the_day_is_not_believed() -> None:
    found = read("20 ноября 2026", guess=datetime(2026, 11, 1, tzinfo=UTC))

    assert found.at is None


def test_a_guess_is_believed_where_year_month_and_day_agree() -> None:
    found = read("11/20/2026 08:15", guess=MORNING)

    assert found == dates.ParsedDate(MORNING, DateKind.GUESSED)


def test_a_date_that_two_countries_read_differently_is_missing() -> None:
    assert read("03/04/2026", guess=datetime(2026, 3, 4, tzinfo=UTC)).kind == DateKind.MISSING


def test_a_guess_with_a_foreign_month_is_believed() -> None:
    guess = datetime(2004, 7, 13, 17, 15, tzinfo=UTC)

    assert read("2004-július-13T9:15-08:00", guess=guess).at == guess


@pytest.mark.parametrize("text", [None, "", "  ", "yesterday", "2026-13-45", "Fri, 31 Feb 2026 08:15:00 GMT", "99"])
def test_what_is_no_date_is_missing(text: str | None) -> None:
    assert read(text) == dates.ParsedDate(None, DateKind.MISSING)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_zero_values_of_computers_are_missing(text: str) -> None:
    assert read(text).kind == DateKind.MISSING


def test_a_date_in_the_future_is_clamped_and_marked() -> None:
    found = read("2027-01-01T00:00:00Z")

    assert found == dates.ParsedDate(COLLECTED_AT, DateKind.GIVEN, is_clamped=True)


def test_midnight_may_be_written_as_24_o_clock() -> None:
    assert read("2026-11-19T24:00:00Z").at == datetime(2026, 11, 20, tzinfo=UTC)


def test_a_leap_second_is_a_time() -> None:
    assert read("2016-12-31T23:59:60Z").at == datetime(2017, 1, 1, tzinfo=UTC)
