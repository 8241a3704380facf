import pytest

from bot.compose import drawn
from bot.compose.blocks import asking, button, row
from bot.model.digest import SlackMessage
from bot.model.values import Json


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


def test_a_form_shows_what_is_chosen_in_it() -> None:
    option: Json = {"text": {"type": "plain_text", "text": "A & B"}, "value": "a"}
    select: Json = {"type": "static_select", "action_id": "v", "options": [option], "initial_option": option}
    label: Json = {"type": "plain_text", "text": "<Day>"}
    view: Json = {"type": "modal", "title": label, "blocks": [{"type": "input", "label": label, "element": select}]}

    html = drawn.view_html(view)

    assert '<p class="slack-label">&lt;Day&gt;</p><span class="slack-select"><span>A &amp; B</span>' in html
    assert '<strong>&lt;Day&gt;</strong><span aria-hidden="true">✕</span>' in html


def test_a_button_that_asks_once_more_folds_its_question() -> None:
    asked = asking(button("Leave", action="a", value="v"), title="Sure?", text="<All> ends.", confirm="Yes", deny="No")

    html = drawn.slack_html(SlackMessage(part="p", text="t", blocks=row([asked])))

    assert '<summary class="slack-button">Leave</summary>' in html
    assert "<p><strong>Sure?</strong></p><p>&lt;All&gt; ends.</p>" in html
    assert '<span class="slack-button slack-primary">Yes</span>' in html


def test_what_a_dangerous_button_asks_is_answered_by_a_dangerous_one() -> None:
    danger = button("Remove", action="a", value="v", style="danger")
    asked = asking(danger, title="Sure?", text="It ends.", confirm="Yes", deny="No")

    html = drawn.slack_html(SlackMessage(part="p", text="t", blocks=row([asked])))

    assert '<span class="slack-button slack-danger">Yes</span>' in html


def test_a_block_that_we_never_send_is_named() -> None:
    assert "(&lt;x&gt;)" in drawn.slack_html(SlackMessage(part="p", text="t", blocks=[{"type": "<x>"}]))
