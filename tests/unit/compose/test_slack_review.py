"""The message about a draft: what an editor sees and can do, within Slack's limits whatever feeds and people write."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.compose import blocks as ours
from bot.compose import slack_review, slack_review_forms
from bot.compose.actions import Touch
from bot.compose.slack_review import Draft, LeftOut
from bot.compose.voice import Voice
from bot.model.digest import Card, CardAudience, Digest, DigestState
from bot.model.feedback import ReviewAct
from bot.model.policy import CardPolicy
from bot.model.recap import RecapNumbers, ScorePart
from bot.model.route import OnTimeout
from tests.builders import NOW
from tests.builders_cards import ARABIC, CHINESE, EMOJI, HOSTILE, a_card, a_line, a_renderer
from tests.fakes import slack_blocks

KEY = "0123456789abcdef0123456789abcdef"
UNTIL = datetime(2026, 11, 30, 9, tzinfo=UTC)
WORST = ("&" * 300, HOSTILE * 3, CHINESE[:300], ARABIC[:300], EMOJI[:300], "<" * 300)


def a_voice(*, language: str = "en", takes_clicks: bool = True) -> Voice:
    policy = CardPolicy(base_url="https://recap.example", takes_clicks=takes_clicks)
    return Voice(a_renderer(), language, "UTC", policy=policy, now=NOW)


def an_act(name: str, argument: str = "", *, editor: str = "Ada (U0ADA)", **details: str) -> ReviewAct:
    return ReviewAct(id=name, digest_key=KEY, act=name, argument=argument, editor=editor, acted_at=NOW, details=details)


def cards(titles: list[str]) -> list[Card]:
    audience = CardAudience(id="founders", confidence=1, reason="said", name="Founders")
    part = ScorePart(name="coverage", value=1, weight=1, reason=titles[-1] if titles else "")
    return [
        a_card(
            title,
            event_id=f"e{number:010d}",
            hook=a_line(title),
            audiences=[audience] * 2,
            score=0.61,
            score_parts=[part] * 3,
        )
        for number, title in enumerate(titles)
    ]


def a_draft(*titles: str, state: DigestState = DigestState.DRAFT, note: str = "", **values: object) -> Draft:
    digest = Digest(
        key=KEY,
        recap_id="2026-W47",
        route_id="all",
        audiences=["*"],
        language="en",
        title="Weekly AI Recap",
        numbers=RecapNumbers(),
        cards=cards(list(titles)),
        state=state,
        note=note,
        built_at=NOW,
    )
    given: dict[str, Any] = {"name": "Everybody", "places": ["C0FOUNDERS", "#ai"], "acts": (), "until": UNTIL}
    return Draft(digest, **given | values)


def shown(draft: Draft, voice: Voice | None = None) -> str:
    return "\n".join(slack_blocks.texts([*slack_review.message(draft, voice=voice or a_voice()).blocks]))


def elements(draft: Draft) -> list[dict[str, Any]]:
    """Return the buttons, menus and lists, from top to bottom."""
    found: list[Any] = []
    for each in slack_review.message(draft, voice=a_voice()).blocks:
        inner = each.get("elements")
        found += [each["accessory"]] if "accessory" in each else []
        found += inner if each["type"] == "actions" and isinstance(inner, list) else []
    return found


def menus(draft: Draft) -> list[str]:
    """Return what each event's menu does."""
    options = [each["options"] for each in elements(draft) if each["type"] == "overflow"]
    return [" ".join(option["value"].split()[0] for option in menu) for menu in options]


def left(count: int, title: str = "Kestrel opens its router") -> list[LeftOut]:
    return [LeftOut(f"f{number:010d}", title, "https://recap.example/e/f", 0.5) for number in range(count)]


def test_event_is_shown_with_its_score_its_audiences_and_why_it_is_there() -> None:
    assert (
        "*1.* *<https://recap.example/e/e0123456789-halcyon-labs-opens-its-weather-model|Halcyon>* · 61%\n"
        "💡 Halcyon\n*Who should care:* Founders, Founders\n*Why it's here* Coverage (Halcyon)"
    ) in shown(a_draft("Halcyon"))


def test_menu_offers_only_what_would_change_something() -> None:
    draft = a_draft("One", "Two", "Three", pins=["e0000000000"])

    assert menus(a_draft("Alone")) == ["pin drop"]
    assert menus(a_draft("One", "Two", "Three")) == ["down pin drop", "up down top pin drop", "up top pin drop"]
    assert menus(draft) == ["unpin drop", "down pin drop", "up top pin drop"]


def test_every_element_says_which_state_of_the_draft_its_editor_saw() -> None:
    draft = a_draft("One", acts=(an_act("note", "x"), an_act("drop", "e1")), left_out=left(1))

    values = [option["value"] for each in elements(draft) for option in each.get("options", [each])]

    assert [Touch.parse(value) for value in values] == [
        Touch("pin", KEY, 2, "e0000000000"),
        Touch("drop", KEY, 2, "e0000000000"),
        Touch("add", KEY, 2, "f0000000000"),
        Touch("approve", KEY, 2),
        Touch("reject", KEY, 2),
        Touch("note", KEY, 2),
        Touch("rewrite", KEY, 2),
    ]


def test_approval_asks_first() -> None:
    (approve,) = [each for each in elements(a_draft("One", "Two")) if each.get("action_id") == "review_approve"]

    assert approve["confirm"]["title"]["text"] == "Approve this draft?"
    assert approve["confirm"]["text"]["text"] == (
        "Weekly AI Recap goes out with 2 events, and cannot be changed here any more."
    )


def test_draft_without_events_can_only_be_filled_annotated_or_rejected() -> None:
    found = elements(a_draft(left_out=left(30)))

    assert [each["action_id"] for each in found] == ["review_add", "review_reject", "review_note"]
    assert len(found[0]["options"]) == 20


def test_what_was_left_out_next_is_told_beside_the_list() -> None:
    text = shown(a_draft("One", left_out=left(5)))

    assert "*Left out next*\n• <https://recap.example/e/f|Kestrel opens its router> · 50%\n" in text
    assert "and 2 more" in text


@pytest.mark.parametrize("title", WORST)
def test_fifty_events_of_the_worst_text_fit_and_the_rest_is_named(title: str) -> None:
    act = an_act("note", title * 10, editor=title[:80])
    draft = a_draft(*[title] * 50, note=title * 10, acts=(act,), left_out=left(40, title), places=["#x"] * 50)

    message = slack_review.message(draft, voice=a_voice())

    assert slack_blocks.faults([*message.blocks]) == []
    assert ours.fits(message.blocks)
    assert "more events: `recap review show all` shows them" in shown(draft)
    assert len(menus(draft)) >= 10


def test_how_a_draft_ended_fits_however_long_its_reason_and_the_names_are() -> None:
    act = an_act("reject", "&" * 1000, editor=f"{'&' * 80} (U0ADA)")
    draft = a_draft("One", state=DigestState.REJECTED, acts=(act,), places=[f"#{'x' * 79}"] * 9)

    message = slack_review.message(draft, voice=a_voice())

    assert slack_blocks.faults([*message.blocks]) == []
    assert "⛔ Rejected by &amp;" in shown(draft)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (an_act("approve"), "✅ *Ada (U0ADA)* approved it"),
        (an_act("reject", "thin"), "⛔ *Ada (U0ADA)* rejected it: thin"),
        (an_act("note", "Hi *all*"), "✍️ *Ada (U0ADA)* wrote a note: Hi ∗all∗"),
        (an_act("note"), "✍️ *Ada (U0ADA)* took the note away"),
        (an_act("add", "e1"), "➕ *Ada (U0ADA)* added R&amp;D"),
        (an_act("drop", "e1"), "➖ *Ada (U0ADA)* dropped R&amp;D"),
        (an_act("move", "e1 to 3"), "↕️ *Ada (U0ADA)* moved R&amp;D to place 3"),
        (an_act("pin", "e1"), "📌 *Ada (U0ADA)* pinned R&amp;D to the top"),
        (an_act("rewrite", "e1 hook", after="Now"), "✏️ *Ada (U0ADA)* rewrote a line of R&amp;D: Now"),
        (an_act("correct", "e1", note="It is 60."), "✏️ *Ada (U0ADA)* corrected R&amp;D: It is 60."),
        (an_act("timeout", "send"), "⏱ Nobody reviewed it in time: it is sent as it was."),
        (an_act("timeout", "skip"), "⏱ Nobody reviewed it in time: it is not sent."),
    ],
    ids=lambda value: value.act if isinstance(value, ReviewAct) else "",
)
def test_thread_says_who_did_what(act: ReviewAct, words: str) -> None:
    assert slack_review.told(act, title="R&D", part="act-001", voice=a_voice()).text == words


@pytest.mark.parametrize(
    ("act", "state", "words"),
    [
        (an_act("approve"), DigestState.READY, "✅ Approved by Ada (U0ADA), "),
        (an_act("reject", "<thin>"), DigestState.REJECTED, "⛔ Rejected by Ada (U0ADA), "),
        (an_act("timeout", "send"), DigestState.READY, "⏱ Nobody reviewed it in time: it is sent as it was."),
        (an_act("timeout", "skip"), DigestState.SKIPPED, "⏱ Nobody reviewed it in time: it is not sent."),
    ],
    ids=lambda value: value.act if isinstance(value, ReviewAct) else "",
)
def test_draft_that_ended_shows_how_and_can_not_be_pressed(act: ReviewAct, state: DigestState, words: str) -> None:
    draft = a_draft("One", state=state, acts=(act,), left_out=left(3))

    assert words in shown(draft)
    assert elements(draft) == []


def test_where_no_app_hears_clicks_the_command_is_named() -> None:
    message = slack_review.message(a_draft("One", left_out=left(3)), voice=a_voice(takes_clicks=False))

    assert "`recap review show all` and its neighbors change and approve it." in str(message.blocks)
    assert "action_id" not in str(message.blocks)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (OnTimeout.HOLD, "if nobody acts, it waits on"),
        (OnTimeout.SEND, "if nobody acts, it is sent"),
        (OnTimeout.SKIP, "if nobody acts, it is not sent"),
    ],
)
def test_deadline_stands_with_what_becomes_of_it_then(choice: OnTimeout, words: str) -> None:
    text = shown(a_draft("One", on_timeout=choice))

    assert f"*Waits for approval* · until 30 Nov 2026, 09:00 UTC · {words}\nGoes to <#C0FOUNDERS> · #ai" in text


def test_chinese_editors_read_chinese() -> None:
    text = shown(a_draft("One"), a_voice(language="zh"))

    assert "等待审核" in text
    assert "批准" in text


@pytest.mark.parametrize("name", ["reject", "note", "rewrite"])
@pytest.mark.parametrize("words", WORST)
def test_forms_are_taken_and_keep_what_was_typed(name: str, words: str) -> None:
    draft = a_draft(*[words] * 3, note=words * 5)
    typed = {"review_reason": words * 20, "review_text": words * 20, "review_words": words * 20}

    form = slack_review_forms.form(
        Touch(name, KEY, 7), draft, voice=a_voice(), max_line_chars=600, typed=typed if name != "note" else None
    )

    assert slack_blocks.view_faults(form, kind="modal") == []
    assert form["private_metadata"] == f"{name} 0 {KEY}"
    assert "initial_value" in str(form)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=400), max_size=60), st.text(max_size=4000), st.text(max_size=200))
def test_no_text_breaks_the_message_or_its_thread(titles: list[str], words: str, name: str) -> None:
    act = an_act("reject", words, editor=name)
    draft = a_draft(*titles, note=words, left_out=left(3, words), acts=(act,), name=name or "x")

    for message in (
        slack_review.message(draft, voice=a_voice()),
        slack_review.told(act, title=words, part="act-001", voice=a_voice()),
        slack_review.answer("ended", draft, typed=words, voice=a_voice()),
    ):
        assert slack_blocks.faults([*message.blocks]) == []
        assert ours.fits(message.blocks)


@pytest.mark.parametrize("value", ["", "drop", "drop x abc", "drop 1 XYZ", "drop 1 abc e1 more", "drop 1 abc\ne1"])
def test_value_of_another_making_is_no_touch(value: str) -> None:
    assert Touch.parse(value) is None
