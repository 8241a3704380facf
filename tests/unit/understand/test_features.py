import pytest

from bot.model.words import words
from bot.understand import features
from tests.builders import an_article


def test_chinese_run_becomes_pairs_of_characters() -> None:
    assert words("Corvid 开放权重") == ["corvid", "开放", "放权", "权重"]


def test_number_keeps_its_point() -> None:
    assert words("Cuts 1.9 billion") == ["cuts", "1.9", "billion"]


@pytest.mark.parametrize(
    ("english", "other"),
    [
        ("$1.9 billion", "19 亿美元"),
        ("412 billion parameters", "4120 亿参数"),
        ("412 billion parameters", "412 Milliarden Parameter"),
        ("83.4 percent", "83,4 Prozent"),
        ("83.4%", "83.4%"),
        ("1,140 models", "1.140 Modelle"),
        ("€85 million", "85 Millionen Euro"),
        ("$21,500", "2.15 万美元"),
    ],
)
def test_amount_reads_the_same_in_every_language(english: str, other: str) -> None:
    assert features.amounts(english) == features.amounts(other) != []


@pytest.mark.parametrize("text", ["in 2027", "7 people", "Corvid-7"])
def test_years_small_numbers_and_versions_are_no_amounts(text: str) -> None:
    assert features.amounts(text) == []


def test_names_are_latin_words_with_a_capital_and_amounts() -> None:
    article = an_article("Halcyon 发布 Corvid-7", text="The weights of 412 billion.")

    assert set(features.names(article)) == {"halcyon", "corvid", "#4.12e+11"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Apple's iPhone and GPT4 meet AB3 in eBay.", ["apple", "iphone", "gpt", "ab", "ebay"]),
        ("An A1 of NASA, the X-ray of Q4b; I am", ["a1", "nasa", "q4b"]),
        ("lower case, 3D and x86 only", []),
    ],
)
def test_names_begin_where_no_letter_stands_before(text: str, names: list[str]) -> None:
    assert features.names(an_article("", text=text)) == names
