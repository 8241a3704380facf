import pytest

from bot.understand import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("澜图智能开源方言语音模型 Lantu-Voice 2，支持 31 种汉语方言", "zh"),
        ("ハルシオンが新しい気象モデルを公開した", "ja"),
        ("할시온 연구소가 새로운 날씨 모델을 공개했다", "ko"),
        ("Umfrage: Jeder dritte Mittelständler hat ein Projekt wieder eingestellt", "de"),
        ("Le gouvernement présente son projet de loi sur les images produites par des machines", "fr"),
    ],
)
def test_text_speaks_for_itself(text: str, expected: str) -> None:
    assert language.detect(text, hint="en") == expected


def test_short_latin_text_has_the_language_of_its_feed() -> None:
    assert language.detect("Corvid-7", hint="de-AT") == "de"


def test_short_latin_text_without_hint_cannot_be_told() -> None:
    assert language.detect("Corvid-7", hint=None) == "und"


def test_clear_script_beats_the_feed() -> None:
    assert language.detect("今天的圈子被一只乌鸦刷屏", hint="en") == "zh"


def test_foreign_name_does_not_turn_an_english_sentence() -> None:
    assert language.detect("The speech company Lantu (澜图) opened its dialect model to everybody", hint=None) == "en"


def test_japanese_headline_without_kana_follows_its_feed() -> None:
    assert language.detect("東京都知事選", hint="ja") == "ja"


def test_address_says_nothing_of_the_language() -> None:
    assert language.detect("https://news.example/the-model-is-here-and-it-is-open", hint="zh") == "zh"


def test_text_that_cannot_be_encoded_is_read_as_far_as_it_can() -> None:
    assert language.detect("The model \ud800 is open\nfor everybody who wants it", hint=None) == "en"


def test_empty_text_has_the_hint() -> None:
    assert language.detect("", hint="zh-CN") == "zh"
