import pytest

from bot.model.words import fold, phrase_pattern


@pytest.mark.parametrize(
    ("phrase", "title"),
    [
        ("coupon", "Best COUPON of the day"),
        ("c++", "Why C++ stays"),
        ("new york", "New  York counts"),
        ("优惠", "本周优惠券"),
        ("ai", "新的AI手机"),
        ("Straße", "STRASSE gesperrt"),
        ("ＡＩ", "AI sells"),
        ("2.0", "Version 2.0 is out"),
    ],
)
def test_a_phrase_is_found_whatever_its_case_and_width(phrase: str, title: str) -> None:
    assert phrase_pattern(phrase).search(fold(title))


@pytest.mark.parametrize(
    ("phrase", "title"),
    [("coupon", "Couponing"), ("ai", "Rain again"), ("new york", "New\nYork"), ("", "x"), ("ai", "éai")],
)
def test_a_phrase_is_no_part_of_another_word(phrase: str, title: str) -> None:
    assert not phrase_pattern(phrase).search(fold(title))
