"""Sentences end where they end, and boilerplate is none."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analyze import sentences


def split(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentences.split(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        (
            "Ostra Inc. of the U.S. paid Dr. Quill. He left.",
            "en",
            ["Ostra Inc. of the U.S. paid Dr. Quill.", "He left."],
        ),
        ("It moved to the U.S. The rest stayed.", "en", ["It moved to the U.S.", "The rest stayed."]),
        ("Scores rose to 83.4 percent. Costs fell.", "en", ["Scores rose to 83.4 percent.", "Costs fell."]),
        ("It draws 560 W. Eight cards need more.", "en", ["It draws 560 W.", "Eight cards need more."]),
        ("The court ruled in Orme v. Tarn. It is final.", "en", ["The court ruled in Orme v. Tarn.", "It is final."]),
        ("J. K. Marsh spoke! Nobody answered?", "en", ["J. K. Marsh spoke!", "Nobody answered?"]),
        (
            "Das gilt z. B. am 12. Mai 2025 in Bonn. Es regnet.",
            "de",
            ["Das gilt z. B. am 12. Mai 2025 in Bonn.", "Es regnet."],
        ),
        ("Rund 1,5 Mio. Euro kamen zusammen. Das reicht.", "de", ["Rund 1,5 Mio. Euro kamen zusammen.", "Das reicht."]),
        ("字错误率为 7.9%。模型已开源！", "zh", ["字错误率为 7.9%。", "模型已开源！"]),
        ("今日、発表した。来月に出荷する。", "ja", ["今日、発表した。", "来月に出荷する。"]),
    ],
)
def test_sentence_ends_at_its_stop_only(text: str, language: str, expected: list[str]) -> None:
    assert split(text, language) == expected


@pytest.mark.parametrize(
    "text",
    [
        '"We did it. We won," Marsh said.',
        "“最贵的不是设备。是老人。”她说。",
        "„Das war gut. Sehr gut“, sagte Orme.",
        '"Is it ready?" Marsh asked.',
    ],
)
def test_quotation_stays_with_its_speaker(text: str) -> None:
    assert split(text) == [text]


def test_paragraph_ends_a_sentence_without_a_stop() -> None:
    assert split("Ostra opens plant\n\nThe plant is in Kiruna.") == ["Ostra opens plant", "The plant is in Kiruna."]


def test_list_entries_are_sentences_of_their_own() -> None:
    assert split("Prices fall\n- The base plan costs $4.\n- The other costs $9.") == [
        "Prices fall",
        "- The base plan costs $4.",
        "- The other costs $9.",
    ]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("BOSTON (Tarn Wire) - Ostra paid.", "Ostra paid."),
        ("TORONTO, Nov. 17, 2026 (TARN NEWSWIRE) -- Ostra paid.", "Ostra paid."),
        ("Berlin (dpa) - Ostra zahlt.", "Ostra zahlt."),
        ("【青禾科技讯】澜图发布新模型。", "澜图发布新模型。"),
        ("新华社北京11月12日电 澜图发布新模型。", "澜图发布新模型。"),
        ("• Ostra paid.", "Ostra paid."),
        ("Why it matters: Ostra paid.", "Ostra paid."),
        ("**Mitigation:** Ostra paid.", "Ostra paid."),
        ("Ostra - the older one - paid.", "Ostra - the older one - paid."),
    ],
)
def test_dateline_bullet_and_label_are_trimmed(text: str, rest: str) -> None:
    start, end = sentences.trim(text, (0, len(text)))

    assert text[start:end] == rest


@given(
    st.text(alphabet=st.sampled_from('aB 1.!?。“”"」\n-—:(）某 '), max_size=200), st.sampled_from(["en", "zh", "de"])
)
def test_spans_are_in_order_and_lose_nothing_but_space(text: str, language: str) -> None:
    spans = sentences.split(text, language)

    assert all(start < end for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


@pytest.mark.parametrize(
    "line",
    [
        "Read more about the plant here.",
        "Sign up for our newsletter: five facts before breakfast.",
        "The post Ostra opens plant appeared first on Tarn Wire.",
        "Photo: Tarn Wire / R. Pell",
        "By Mara Lind",
        "Comments Section",
        "Advertisement",
        "Use promo code TARN for 20% off.",
        "© 2026 Tarn Media. All rights reserved.",
        "Lesen Sie auch: Ostra baut aus",
        "点击阅读原文查看论文链接。",
        "责任编辑：林夏",
        "来源：青禾科技",
        "（本文由青禾科技原创，转载请注明出处。）",
        "https://tarn.example/plant",
    ],
)
def test_boilerplate_is_told(line: str) -> None:
    assert sentences.is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "Ostra signed up 40,000 customers for its weather service in a month.",
        "The photo service keeps pictures for 30 days.",
        "Readers spent 12 percent more time with the paper.",
        "澜图表示，新模型的作者来自三所大学。",
        "Ostra wirbt um neue Leser und senkt den Preis.",
    ],
)
def test_news_is_no_boilerplate(line: str) -> None:
    assert not sentences.is_boilerplate(line)
