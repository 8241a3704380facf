import pytest

from bot.compose import mrkdwn


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("R&D <script> a > b", "R&amp;D &lt;script&gt; a &gt; b"),
        ("<!channel> and <@U123>", "&lt;!channel&gt; and &lt;@U123&gt;"),
        ("already &amp; escaped", "already &amp;amp; escaped"),
    ],
)
def test_the_three_characters_are_escaped_once(text: str, safe: str) -> None:
    assert mrkdwn.escape(text) == safe


def test_markup_is_not_escaped_again() -> None:
    assert mrkdwn.escape(mrkdwn.escape("R&D")) == "R&amp;D"


@pytest.mark.parametrize("text", ["*bold*", "_it_", "~gone~", "`code`", "say *two words* now", "*_both_*", "＊宽＊"])
def test_no_pair_of_formatting_characters_is_left(text: str) -> None:
    safe = mrkdwn.escape(text)

    assert not set(safe) & set("*_~`＊＿～｀")


@pytest.mark.parametrize("text", ["snake_case_name", "2 * 3 * 4", "~100 users", "C* is here", "10:30:45"])
def test_characters_that_format_nothing_stay(text: str) -> None:
    assert mrkdwn.escape(text) == text


def test_a_feed_cannot_write_emoji_codes_or_block_quotes() -> None:
    assert ":fire:" not in mrkdwn.escape("on :fire: now")
    assert not mrkdwn.escape("> quoted").startswith("&gt;")


def test_line_breaks_become_spaces() -> None:
    assert mrkdwn.escape("one\n> two") == "one &gt; two"


def test_link_escapes_its_label_and_encodes_its_address() -> None:
    link = mrkdwn.link("https://news.example/a b?x=1&y=<2>|3", "A | B <c>")

    assert link == "<https://news.example/a%20b?x=1&amp;y=%3C2%3E%7C3|A ∣ B &lt;c&gt;>"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "mailto:a@b.example", "", "/local", "http://[bad", "https://"])
def test_an_address_that_is_no_web_page_is_no_link(url: str) -> None:
    assert mrkdwn.link(url, "Label") == "Label"


def test_an_address_too_long_for_a_message_is_no_link() -> None:
    assert mrkdwn.link("https://news.example/" + "a" * 1000, "Label") == "Label"


def test_values_put_into_a_sentence_are_escaped_and_its_own_markup_stays() -> None:
    assert mrkdwn.Markup("*%(name)s* was first") % {"name": "A & B"} == "*A &amp; B* was first"
