"""Numbers and dates are the same in every format, and others are not."""

from datetime import UTC, datetime

import pytest

from bot.analyze import dated, quantities
from bot.analyze.dated import Stated

TUESDAY = datetime(2026, 11, 17, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("$5.5 billion", "55亿美元"),
        ("5.5bn dollars", "$5.5 billion"),
        ("12%", "12 percent"),
        ("$40 million", "between $40 and $50 million"),
        ("three firms", "3 firms"),
        ("三家公司", "3 家公司"),
        ("7B parameters", "7 billion parameters"),
        ("1.7亿元", "170 million yuan"),
    ],
)
def test_same_number_in_another_format_is_found(text: str, quote: str) -> None:
    assert quantities.fault(text, [quote]) is None


@pytest.mark.parametrize(
    ("text", "quote", "reason"),
    [
        ("12 people", "12 percent", "number 12 is a percentage in the quotes"),
        ("€40 million", "$40 million", "number €40 million has another currency in the quotes"),
        ("$40", "$40 million", "number $40 is not in the quotes"),
        ("3 months", "3 weeks", "number 3 has another unit in the quotes"),
        ("GPT-4", "GPT-4.5", "number 4 is not in the quotes"),
        ("five firms", "three firms", "number five is not in the quotes"),
        ("half of it", "all of it", "'half' is not in the quotes"),
    ],
)
def test_another_number_or_unit_is_told(text: str, quote: str, reason: str) -> None:
    assert quantities.fault(text, [quote]) == reason


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("on 16 November 2026", "on Monday"),
        ("in 2025", "last year"),
        ("March 5, 2025", "2025年3月5日"),
        ("in March 2025", "on 2025-03-05"),
        ("周二", "Tuesday"),
        ("on 11 November", "on November 11, and it will pay"),
    ],
)
def test_same_date_in_another_form_is_found(text: str, quote: str) -> None:
    assert dated.fault(Stated(text, TUESDAY), [Stated(quote, TUESDAY)]) is None


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("on Tuesday", "on Monday"), ("last year", "this year"), ("March 6, 2025", "2025-03-05"),
        ("5 March 2025", "March 2025"), ("in 2025", "from January 12"),
    ],
)  # fmt: skip
def test_another_or_a_finer_date_is_told(text: str, quote: str) -> None:
    assert (
        dated.fault(Stated(text, TUESDAY), [Stated(quote, TUESDAY)])
        == f"date {text.removeprefix('on ')} is not in the quotes"
    )
