import pytest

from bot.compose import drawn
from bot.model.digest import SlackMessage


@pytest.mark.parametrize(
    ("mrkdwn", "html"),
    [
        ("*bold* and _it_ and ~no~", "<strong>bold</strong> and <em>it</em> and <s>no</s>"),
        ("R&amp;D &lt;b&gt;", "R&amp;D &lt;b&gt;"),
        (
            "*<https://a.example/?x=1&amp;y=2|A &amp; B>*",
            '<strong><a href="https://a.example/?x=1&amp;y=2" rel="noreferrer">A &amp; B</a></strong>',
        ),
        ("<javascript:alert(1)|x>", "x"),
        ("<!channel> <@U1>", "<mark>!channel</mark> <mark>@U1</mark>"),
        ("snake_case_name 2 * 3 * 4", "snake_case_name 2 * 3 * 4"),
        ("one\ntwo", "one<br>\ntwo"),
        ('" onclick="x', "&quot; onclick=&quot;x"),
    ],
)
def test_mrkdwn_becomes_safe_html(mrkdwn: str, html: str) -> None:
    assert drawn.mrkdwn_html(mrkdwn) == html


def test_plain_text_is_not_read_as_mrkdwn() -> None:
    message = SlackMessage(
        part="parent", text="t", blocks=[{"type": "header", "text": {"type": "plain_text", "text": "*A* & <b>"}}]
    )

    assert drawn.slack_html(message) == '<p class="slack-header">*A* &amp; &lt;b&gt;</p>'


def test_a_block_that_we_never_send_is_named() -> None:
    assert "(&lt;x&gt;)" in drawn.slack_html(SlackMessage(part="p", text="t", blocks=[{"type": "<x>"}]))
