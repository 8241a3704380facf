"""Dates are read in the precision of the text."""

from datetime import UTC, datetime

import pytest

from bot.analyze import cues, dates

PUBLISHED = datetime(2026, 11, 17, 8, 0, tzinfo=UTC)


def values(text: str) -> list[str]:
    return [mention.value for mention in dates.find(text, PUBLISHED, is_ahead=cues.dates_ahead(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("released on 2026-05-17", ["2026-05-17"]),
        ("released in May 2024", ["2024-05"]),
        ("released on 12 May 2024", ["2024-05-12"]),
        ("released on May 12, 2024", ["2024-05-12"]),
        ("it was released in March", ["2026-03"]),
        ("it was released in December", ["2025-12"]),
        ("it was released last March", ["2026-03"]),
        ("it was released last November", ["2025-11"]),
        ("the plant opened on Sept. 3", ["2026-09-03"]),
        ("founded in 2019 by two engineers", ["2019"]),
        ("Ostra will open the plant in March", ["2027-03"]),
        ("From January 15 all files must be signed", ["2027-01-15"]),
        ("2025年9月，澜图发布第一代模型", ["2025-09"]),
        ("2025 年 9 月 12 日", ["2025-09-12"]),
        ("去年9月，澜图曾发布第一代模型", ["2025-09"]),
        ("9月12日，澜图发布了新模型", ["2026-09-12"]),
        ("am 12. Mai 2025 vorgestellt", ["2025-05-12"]),
        ("im Mai 2025 vorgestellt", ["2025-05"]),
        ("im Juli waren es mehr", ["2026-07"]),
        ("am 12.05.2025 vorgestellt", ["2025-05-12"]),
    ],
)
def test_date_is_read_in_its_own_precision(text: str, expected: list[str]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "it may rise", "they march on", "2024 Prozent", "for 3 个月", "version 2026.11", "on February 30, 2026",
        "On Oct. 4 of that year it testified", "model 2019-X",
    ],
)  # fmt: skip
def test_what_is_no_date_is_left(text: str) -> None:
    assert values(text) == []


def test_month_long_past_is_left_out_where_nothing_past_is_told() -> None:
    assert values("The text is on the agenda in February") == []


def test_day_without_year_needs_the_date_of_publication() -> None:
    assert dates.find("opened on May 12", None) == []
