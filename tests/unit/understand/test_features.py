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
    assert list(features.amounts(english)) == list(features.amounts(other)) != []


@pytest.mark.parametrize("text", ["in 2027", "7 people", "Corvid-7"])
def test_years_small_numbers_and_versions_are_no_amounts(text: str) -> None:
    assert list(features.amounts(text)) == []


def test_names_are_latin_words_with_a_capital_and_amounts() -> None:
    article = an_article("Halcyon 发布 Corvid-7", text="The weights of 412 billion.")

    assert set(features.names(article)) == {"halcyon", "corvid", "#4.12e+11"}


def test_shared_terms_come_with_the_rarest_first() -> None:
    weighed = features.weigh([["model", "corvid"], ["model", "corvid"], ["model"], ["model", "fund"]])

    assert weighed.shared(0, 1) == ["corvid", "model"]


def test_name_of_few_documents_counts_more_than_one_of_many() -> None:
    rare = features.weigh_rare([["ombrel", "cloud"], ["ombrel"], ["cloud"], ["cloud"], ["cloud"]])
    matrix = (rare.matrix @ rare.matrix.T).toarray()

    assert matrix[0, 1] > matrix[0, 2] > 0


def test_no_words_at_all_are_like_nothing() -> None:
    assert features.weigh([[], []]).shared(0, 1) == []
