from collections.abc import Sequence

import pytest

from bot.compose import actions, slack_answers, slack_forms
from bot.compose.actions import Query
from bot.compose.slack_answers import Line, Listing
from bot.compose.voice import Voice
from bot.model.digest import Card, SlackMessage
from bot.model.values import Language
from tests.builders import NOW
from tests.builders_cards import (
    ARABIC,
    CHINESE,
    EMOJI,
    HOSTILE,
    SITE,
    a_card,
    a_full_card,
    a_renderer,
    a_worst_card,
)
from tests.fakes import slack_blocks
from tests.unit.compose.test_slack import assert_within_limits

QUERY = Query("search", "weather model")


def a_voice(language: Language = "en", zone: str = "Europe/Berlin") -> Voice:
    return Voice(a_renderer(), language, zone, policy=SITE, now=NOW)


def a_listing(cards: Sequence[Card], *, number: int = 1, pages: int = 1) -> Listing:
    lines: list[Line] = [slack_answers.line_of_card(card) for card in cards]
    return Listing(lines, number, pages, total=len(lines) * pages, first=(number - 1) * 6 + 1)


def buttons_of(message: SlackMessage) -> list[str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [str(each["action_id"]) for row in rows if isinstance(row, list) for each in row if isinstance(each, dict)]


def text_of(message: SlackMessage) -> str:
    return "\n".join(slack_blocks.texts([*message.blocks]))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("title", [HOSTILE * 3, CHINESE, ARABIC, EMOJI, "x" * 300], ids=lambda title: title[:9])
def test_a_page_of_the_worst_events_stays_within_every_limit(title: str, language: Language) -> None:
    cards = [a_worst_card(title)] * 6

    message = slack_answers.listing(
        a_listing(cards, number=2, pages=3), Query("search", title[:300], 2), voice=a_voice(language)
    )

    assert_within_limits(message)
    assert slack_blocks.faults([*message.blocks]) == []


@pytest.mark.parametrize("title", [HOSTILE * 3, CHINESE, ARABIC, EMOJI, "x" * 300], ids=lambda title: title[:9])
def test_the_worst_event_stays_within_every_limit(title: str) -> None:
    message = slack_answers.event(a_worst_card(title), voice=a_voice())

    assert_within_limits(message)
    assert slack_blocks.faults([*message.blocks]) == []
    assert buttons_of(message)[-1] == actions.SHARE


@pytest.mark.parametrize("title", [HOSTILE * 3, CHINESE, ARABIC, EMOJI, "x" * 300], ids=lambda title: title[:9])
def test_modals_and_forms_of_the_worst_event_are_taken(title: str) -> None:
    card, voice = a_worst_card(title), a_voice("zh")

    modal = slack_answers.modal(card, voice=voice, note=title[:600])
    wrong = slack_forms.wrong(card.event_id, title=card.title, voice=voice)
    feedback = slack_forms.feedback([card] * 120, voice=voice)

    assert [slack_blocks.view_faults(view, kind="modal") for view in (modal, wrong, feedback)] == [[], [], []]


@pytest.mark.parametrize(
    ("number", "pages", "buttons"),
    [
        (1, 1, ["answer_share"]),
        (1, 3, ["answer_next", "answer_share"]),
        (2, 3, ["answer_previous", "answer_next", "answer_share"]),
        (3, 3, ["answer_previous", "answer_share"]),
    ],
)
def test_a_page_is_turned_only_where_there_is_another(number: int, pages: int, buttons: list[str]) -> None:
    message = slack_answers.listing(a_listing([a_card()], number=number, pages=pages), QUERY, voice=a_voice())

    assert buttons_of(message) == buttons


def test_times_are_told_in_the_zone_of_the_person() -> None:
    listed = a_listing([a_card()])

    assert "14:00 CET" in text_of(slack_answers.listing(listed, QUERY, voice=a_voice()))
    assert "21:00 CST" in text_of(slack_answers.listing(listed, QUERY, voice=a_voice(zone="Asia/Shanghai")))


def test_a_shared_event_names_who_shared_it_and_has_no_buttons() -> None:
    message = slack_answers.event(a_full_card(), voice=a_voice(), shared_by="U0ADA")

    assert "Shared by <@U0ADA>" in text_of(message)
    assert buttons_of(message) == []


def test_the_modal_of_a_usual_event_holds_every_part_of_the_card() -> None:
    view = slack_answers.modal(a_full_card(), voice=a_voice())
    shown = "\n".join(slack_blocks.texts(view["blocks"]))

    parts = ["30-Second TL;DR", "Who should care:", "Key Takeaways", "Future Implications", "Timeline", "Sources"]
    assert [part for part in parts if part not in shown] == []


def test_a_vote_in_a_modal_takes_the_place_of_its_buttons() -> None:
    view = slack_answers.modal(a_full_card(), voice=a_voice(), note="👍 Noted")

    assert [block["type"] for block in view["blocks"] if isinstance(block, dict)][-1] == "context"  # type: ignore[union-attr]
