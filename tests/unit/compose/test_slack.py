import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.compose import slack
from bot.compose.blocks import plain, with_menu
from bot.model.digest import Card, CardCorrection, SlackMessage
from bot.model.route import Destination, Medium
from tests.builders import NOW
from tests.builders_cards import (
    ARABIC,
    CHINESE,
    EMOJI,
    HOSTILE,
    SITE,
    a_card,
    a_digest,
    a_full_card,
    a_renderer,
    a_route,
    a_worst_card,
)
from tests.fakes import slack_blocks

TO_SLACK = a_route(destinations=[Destination(medium=Medium.SLACK, id="#ai-news")])


def assert_within_limits(message: SlackMessage) -> None:
    texts = [text for block in message.blocks for text in slack.texts(block)]
    assert len(message.blocks) <= 45
    assert sum(map(len, texts)) <= 10_000
    assert max(map(len, texts)) <= 3000
    assert all(texts)
    assert 0 < len(message.text) <= 4000
    for block in Block.parse_all([dict(block) for block in message.blocks]):
        block.validate_json()


@pytest.mark.parametrize("title", [HOSTILE * 3, CHINESE, ARABIC, EMOJI, "x" * 300], ids=lambda title: title[:9])
def test_fifty_of_the_worst_cards_stay_within_every_limit(title: str) -> None:
    cards = [a_worst_card(title)] * 2 + [a_card(title[:300], publisher=title[:300])] * 48

    messages = a_digest(*cards, route=TO_SLACK).slack

    assert [message.part for message in messages[:3]] == ["parent", "reply-01", "reply-02"]
    assert len(messages) == 51
    for message in messages[:3]:
        assert_within_limits(message)


def test_events_that_do_not_fit_are_counted_in_a_last_line() -> None:
    cards = [a_card(f"{CHINESE[:280]} {number}") for number in range(50)]

    parent = a_digest(*cards, route=TO_SLACK).slack[0]

    shown = [text for block in parent.blocks for text in slack.texts(block) if re.match(r"\*\d+\.\*", text)]
    last = slack.texts(parent.blocks[-3])[0]

    assert 20 < len(shown) < 50
    assert f"{50 - len(shown)} more events on the web" in last


def test_ordinary_events_are_neither_shortened_nor_moved() -> None:
    parent = a_digest(*[a_full_card(f"Event {number}") for number in range(10)]).slack[0]

    text = "\n".join(text for block in parent.blocks for text in slack.texts(block))

    assert "…" not in text
    assert "more events on the web" not in text


def test_nothing_from_a_feed_can_mention_link_or_format() -> None:
    message = a_digest(a_worst_card(HOSTILE)).slack[1]

    text = "\n".join(text for block in message.blocks for text in slack.texts(block))

    assert "<!" not in text
    assert "<@" not in text
    assert "<https://evil" not in text
    assert "*bold*" not in text
    assert ":fire:" not in text


def test_entities_are_never_cut() -> None:
    for message in a_digest(a_worst_card("&" * 300), route=TO_SLACK).slack:
        for block in message.blocks:
            for text in slack.texts(block):
                assert "&" not in re.sub(r"&(amp|lt|gt);", "", text)


def test_the_notification_reads_well_alone() -> None:
    digest = a_digest(*[a_card(f"Event {number} & co") for number in range(10)])

    assert digest.slack[0].text == "Weekly AI Recap, 16–22 Nov: Event 0 &amp; co and 9 more"


def test_a_reply_shows_the_card_in_the_order_of_the_product() -> None:
    reply = a_digest(a_full_card()).slack[1]

    text = "\n".join(text for block in reply.blocks for text in slack.texts(block))
    labels = [
        "🔥 *青屿科技* · Stale · collected in 26m",
        "Halcyon Labs opens its weather model",
        "💡",
        "*⚡ 30-Second TL;DR*",
        "*What Changed*",
        "*Why It Matters*",
        "*What To Do Next* · Playbook",
        "*Who should care:* AI Researchers, Founders &amp; Product Leaders",
        "*🧠 Deep Insight*",
        "Extracted from the sources, without a language model.",
        "*🔑 Enhanced Key Takeaways*",
        "*🔮 Future Implications* · As stated by the sources",
        "*⏳ Timeline*",
        "*Sources*",
        "*Coverage*",
        "*Why it's here*",
        "📰 *Weekly AI Recap*",
        "Read this week's curated digest of top AI events →",
        "*👉 Related Updates*",
        "Automatically curated news aggregator. All content rights belong to original publishers.",
        "Original source: 青屿科技 ↗",
    ]

    places = [text.index(label) for label in labels]
    assert places == sorted(places)


def test_parts_without_content_are_left_out() -> None:
    reply = a_digest(a_card()).slack[1]

    text = "\n".join(text for block in reply.blocks for text in slack.texts(block))

    for label in ("💡", "⚡", "Who should care", "🧠", "🔑", "🔮", "⏳", "*Sources*", "👉"):
        assert label not in text


def test_the_footer_tells_which_sources_failed() -> None:
    footer = slack.texts(a_digest().slack[0].blocks[-1])[0]

    assert footer.startswith("⚠️ 3 of 41 sources failed this week: kern-canvas, pipelark, preprint-desk\n")


def test_a_model_is_named_where_one_took_part() -> None:
    footer = slack.texts(a_digest(a_full_card(analyst="openai:gpt-5")).slack[0].blocks[-1])[0]

    assert "Analysed with openai:gpt-5, grounded in cited sources. AI-curated news aggregator." in footer


def test_the_editors_note_stands_before_the_events() -> None:
    digest = a_digest().model_copy(update={"note": "A *quiet* week.\nRead the first."})

    again = slack.messages(digest, a_route(), renderer=a_renderer(), policy=SITE, now=NOW)

    assert slack.texts(again[0].blocks[2])[0] == "✍️ *From the editor*\nA ∗quiet∗ week.\nRead the first."


def test_a_note_of_entities_still_fits_one_text() -> None:
    digest = a_digest().model_copy(update={"note": "& " * 3000})

    parent = slack.messages(digest, a_route(), renderer=a_renderer(), policy=SITE, now=NOW)[0]

    assert_within_limits(parent)
    assert "From the editor" in slack.texts(parent.blocks[2])[0]


def test_a_digest_in_chinese_speaks_chinese() -> None:
    digest = a_digest(route=a_route(language="zh"))

    assert slack.texts(digest.slack[0].blocks[0]) == ["📰 Weekly AI Recap · 2026年11月16日至22日"]
    assert "*谁该关注：*" in slack.texts(digest.slack[0].blocks[3])[0]


# Where a Slack app receives clicks

CLICKED = replace(SITE, takes_clicks=True)


def clicked(*cards: Card) -> list[SlackMessage]:
    return slack.messages(a_digest(*cards), TO_SLACK, renderer=a_renderer(), policy=CLICKED, now=NOW)


def found(name: str, message: SlackMessage) -> list[str]:
    return re.findall(rf"'{name}': '([^']+)'", str(message.blocks))


def test_each_event_has_a_menu_and_its_reply_has_buttons() -> None:
    card = a_full_card(event_id="e1")

    parent, reply = clicked(card)

    on_event = ["event_useful", "event_not_for_me", "event_wrong", "event_follow"]
    assert found("action_id", parent) == ["event_menu"]
    assert found("value", parent) == ["event_insight:e1", *(f"{action}:e1" for action in on_event)]
    assert found("action_id", reply) == on_event
    assert found("value", reply) == ["e1"] * 4
    assert "`/recap subscribe` brings your own" in slack.texts(parent.blocks[-1])[0]


def test_nothing_asks_to_be_clicked_where_no_app_would_hear_it() -> None:
    for message in a_digest(a_full_card()).slack:
        assert "action_id" not in str(message.blocks)
        assert "`/recap" not in str(message.blocks)


def test_labels_of_menus_count_like_any_text() -> None:
    blocks = with_menu([{"type": "section", "text": plain("Title")}], [("v", "Useful"), ("w", "Wrong")], action="menu")

    assert slack.texts(blocks[0]) == ["Title", "Useful", "Wrong"]


WORDS = st.sampled_from(
    [HOSTILE, CHINESE, ARABIC, EMOJI, "<!channel> <@U1> <https://x|y>", "&" * 300, "👩‍👩‍👧‍👦" * 60, "x" * 4000]
)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    words=WORDS,
    worst=st.integers(0, 2),
    plain_ones=st.integers(0, 48),
    note=st.sampled_from(["", "& " * 2000, CHINESE * 9]),
    language=st.sampled_from(["en", "zh"]),
)
def test_slack_takes_whatever_feeds_hold(words: str, worst: int, plain_ones: int, note: str, language: str) -> None:
    told = [CardCorrection(text=words[:600], revision=number, at=NOW) for number in (1, 2)]
    cards = [a_worst_card(words).model_copy(update={"corrections": told})] * worst
    cards += [a_card(words, publisher=words)] * plain_ones
    route = TO_SLACK.model_copy(update={"language": language})
    digest = a_digest(*cards, route=route).model_copy(update={"note": note})

    messages = slack.messages(digest, route, renderer=a_renderer(), policy=CLICKED, now=NOW)

    for message in {message.part: message for message in messages if message.part not in LIKE_OTHERS}.values():
        assert slack_blocks.faults([*message.blocks]) == []
        assert_within_limits(message)
        assert not re.search(r"<[!@#]", f"{message.text} {message.blocks}")


LIKE_OTHERS = {f"reply-{number:02d}" for number in range(4, 51)}
