import re

import pytest
from slack_sdk.models.blocks import Block

from bot.compose import slack
from bot.model.digest import Destination, Medium, SlackMessage
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
