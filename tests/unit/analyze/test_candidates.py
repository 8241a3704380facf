"""Which sentences of an article may become lines of a card."""

import pytest

from bot.analyze import candidates
from tests.builders import an_article


def texts(text: str, language: str = "en") -> list[str]:
    return [line.text for line in candidates.gather([an_article("Ostra opens a plant", text=text, language=language)])]


@pytest.mark.parametrize(
    "line",
    [
        "Welcome back to Ostra Mobility, your hub for news on transport.",
        "Check out the video above to see the plant in action.",
        "Watch Ostra’s founders greet the crew that will relieve them.",
        "Follow along here for all of the updates on the opening.",
        "The crew of the plant pictured during a test at the harbour in Kiruna.",
        "(The raise in July does not change the figures of this half year.)",
        "To build the cells, the scientists of the plant edited the recipe, said Dr.",
        "当地时间2026年7月31日，美国马里兰州戴维营。",
        "（7月18号的再次提价对上半年业绩并没有影响）。",
    ],
)
def test_what_is_no_statement_of_the_news_is_no_candidate(line: str) -> None:
    assert not candidates.is_usable(line)


def test_the_profile_of_a_firm_under_its_own_heading_is_not_read() -> None:
    text = (
        "Ostra opened a plant in Kiruna on Monday.\n\nAbout Ostra Systems\n\nOstra makes cells for trucks and ferries."
    )

    assert texts(text) == ["Ostra opened a plant in Kiruna on Monday."]


def test_a_heading_at_the_top_of_a_text_does_not_hide_it() -> None:
    assert texts("About the plant\n\nOstra opened a plant in Kiruna on Monday.") == [
        "Ostra opened a plant in Kiruna on Monday."
    ]


def test_a_caption_with_its_credit_is_not_read() -> None:
    text = "奥斯特拉周一在基律纳启用第二座电池工厂。\n\n公司负责人马什出席工厂的启用仪式。（塔恩社）"

    assert texts(text, "zh") == ["奥斯特拉周一在基律纳启用第二座电池工厂。"]


def test_a_teaser_without_its_full_stop_is_a_sentence() -> None:
    teaser = "The pause in the talks follows a heated exchange between the two mayors of Kiruna and Tarnholm"

    assert texts(teaser) == [teaser]


@pytest.mark.parametrize(
    "teaser",
    [
        "The plant in Kiruna",
        "A group of unelected mayors that steers the plant to its own benefit from the inside?",
        "The pause in the talks follows a heated exchange between the mayors of Kiruna and the",
    ],
)
def test_a_label_or_a_broken_off_teaser_is_none(teaser: str) -> None:
    assert texts(teaser) == []


def test_a_chinese_teaser_keeps_the_clauses_before_the_cut() -> None:
    assert texts("奥斯特拉计划扩产电池，将投资 1 万亿韩元在塔恩建设工厂，这是其扩展业务的第一 ...", "zh") == [
        "奥斯特拉计划扩产电池，将投资 1 万亿韩元在塔恩建设工厂"
    ]


def test_a_chinese_condition_without_its_consequence_is_left_out() -> None:
    assert texts("如果奥斯特拉在基律纳的第二座电池工厂明年按计划投产，公司将 ...", "zh") == []


@pytest.mark.parametrize(
    ("sentence", "leans"),
    [
        ("There’s a new plant in the north of Sweden that makes cells.", False),
        ("There the company makes cells for trucks and ferries.", True),
        ("Plus, the plant heats a public swimming pool in the winter.", True),
        ("In the same period, the loss of Ostra was 27 million euros.", True),
        ("After it opened, the plant made cells for 90,000 cars a year.", True),
        ("结论是：对应该席位的旅客未检票乘车，已放弃其席位使用权。", True),
        ("第一季度奥斯特拉的营收为二十五亿元，同比下滑一成。", False),
    ],
)
def test_a_sentence_that_needs_the_one_before_it_leans(sentence: str, *, leans: bool) -> None:
    [line] = candidates.gather([an_article("Ostra opens a plant", text=sentence)])

    assert line.leans is leans
