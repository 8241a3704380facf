import pytest

from bot.compose import words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(10, "<1m"), (1560, "26m"), (5400, "90m"), (5460, "2h"), (172800, "48h"), (259200, "3d")],
)
def test_latency_is_told_in_minutes_up_to_ninety_then_hours_then_days(seconds: float, said: str) -> None:
    assert words.latency(seconds) == said


def test_text_that_fits_is_left_alone() -> None:
    assert words.shorten("Short enough.", 13) == "Short enough."


def test_text_is_cut_after_a_sentence_where_one_ends_in_the_second_half() -> None:
    text = "The lab opened its model. The weights are free and the code is too, says the lab."

    assert words.shorten(text, 48) == "The lab opened its model. …"


def test_text_without_a_sentence_is_cut_between_words() -> None:
    assert words.shorten("opens its weather model to everyone", 20) == "opens its weather…"


def test_chinese_is_cut_after_its_own_full_stop() -> None:
    assert words.shorten("公司发布了新模型。它比上一代快得多也便宜得多。", 16) == "公司发布了新模型。 …"


def test_a_grapheme_is_never_torn() -> None:
    families = "👩‍👩‍👧‍👦" * 4

    cut = words.shorten(families, 20)

    assert cut == "👩‍👩‍👧‍👦" * 2 + "…"


@pytest.mark.parametrize("max_chars", range(3, 60))
def test_shortened_text_never_exceeds_its_limit(max_chars: int) -> None:
    text = "A b. c! 一二三。四五六 e\u0301e\u0301 👩‍👩‍👧‍👦 " * 4

    assert len(words.shorten(text, max_chars)) <= max_chars


def test_wide_characters_count_two_columns() -> None:
    assert words.columns("AI 要闻") == 7
    assert words.shorten_to_columns("一二三四五", 7) == "一二三…"


@pytest.mark.parametrize(
    ("title", "topic"),
    [("Weekly AI Recap", "AI"), ("The Weekly Biotech Digest", "Biotech"), ("Weekly Recap", ""), ("AI 周报", "")],
)
def test_topic_is_read_from_the_recaps_title(title: str, topic: str) -> None:
    assert words.topic(title) == topic
