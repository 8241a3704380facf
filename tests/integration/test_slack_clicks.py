"""Buttons and forms, against a stand-in workspace that refuses what Slack would refuse."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.model.feedback import Vote
from tests.fakes import slack_blocks
from tests.fakes.slack_client import ADA, Caller, a_workspace
from tests.fakes.slack_people import Said, Shown

CORVANE = "ea0f8f39477"
"""Corvane ships its compact translation model."""
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with a_workspace(tmp_path_factory.mktemp("slack")) as caller:
        yield caller


def said_after(caller: Caller, action: str, value: str) -> Said:
    before = len(caller.slack.desk.said)
    assert caller.click(action, value).status == 200
    return caller.slack.desk.await_answers(before + 1)[-1]


def shown_after(caller: Caller, action: str, *, views: int, **other: object) -> Shown:
    before = len(caller.slack.desk.shown)
    assert caller.click(action, CORVANE, **other).status == 200
    return caller.slack.desk.await_views(before + views)[-1]


def words_of(shown: Shown) -> str:
    return "\n".join(slack_blocks.texts(shown.view["blocks"]))


def test_a_second_vote_of_a_person_takes_the_place_of_the_first(caller: Caller) -> None:
    said_after(caller, "event_useful", CORVANE)
    said = said_after(caller, "event_not_for_me", CORVANE)

    votes = [vote.vote for vote in caller.bot.store.load_votes(since=LONG_AGO) if vote.event_id == CORVANE]
    assert "Noted as not for you" in said.text
    assert votes == [Vote.NOT_FOR_ME]


def test_an_option_of_an_events_menu_does_what_its_button_does(caller: Caller) -> None:
    before = len(caller.slack.desk.said)
    chosen = {"type": "overflow", "action_id": "event_menu", "block_id": "b", "action_ts": "1"}

    option = {"selected_option": {"text": {}, "value": f"event_follow:{CORVANE}"}}
    caller.interact({"type": "block_actions", "actions": [chosen | option]})

    said = caller.slack.desk.await_answers(before + 1)[-1]
    assert "You will hear when this develops" in said.text
    assert len(caller.bot.store.load_follows(person=("T0HALDEN", ADA))) == 1


def test_deep_insight_opens_at_once_and_is_filled_with_the_whole_card(caller: Caller) -> None:
    shown = shown_after(caller, "event_insight", views=2)

    assert "One moment" in words_of(caller.slack.desk.shown[-2])
    assert "30-Second TL;DR" in words_of(shown)
    assert shown.view["private_metadata"] == CORVANE


def test_a_vote_in_the_modal_is_confirmed_in_the_modal(caller: Caller) -> None:
    modal = shown_after(caller, "event_insight", views=2)

    shown = shown_after(caller, "event_useful", views=1, view={"id": modal.id, "type": "modal"}, response_url="")

    assert "Noted as useful: *Corvane" in words_of(shown)


def test_wrong_asks_what_and_keeps_the_answer(caller: Caller) -> None:
    form = shown_after(caller, "event_wrong", views=1)

    reply = caller.submit(
        str(form.view["callback_id"]),
        {"wrong_note": {"value": {"type": "plain_text_input", "value": "It was <June>."}}},
        metadata=str(form.view["private_metadata"]),
    )
    notes: list[str] = []
    for _ in range(20):  # the form is kept after it was acknowledged; others' clicks pass the time
        said_after(caller, "event_follow", CORVANE)
        notes = [vote.note for vote in caller.bot.store.load_votes(since=LONG_AGO) if vote.note]
        if notes:
            break

    assert b'"response_action": "update"' in reply.body
    assert notes == ["It was <June>."]


def test_a_shared_answer_goes_to_the_channel_with_the_name_of_who_shared_it(caller: Caller) -> None:
    said = said_after(caller, "answer_share", "1 search battery recycling")

    assert said.message["response_type"] == "in_channel"
    assert "Shared by <@U0ADA>" in said.text
    assert not any(block["type"] == "actions" for block in said.message["blocks"])  # type: ignore[union-attr, index, call-overload]


def test_a_shared_event_is_the_whole_card(caller: Caller) -> None:
    said = said_after(caller, "event_share", CORVANE)

    assert said.message["response_type"] == "in_channel"
    assert "30-Second TL;DR" in said.text


def test_a_turned_page_takes_the_place_of_the_one_before(caller: Caller) -> None:
    said = said_after(caller, "answer_next", "2 week 2026-W47")

    assert said.message["replace_original"] is True
    assert "Weekly Tech Recap" in said.text


@pytest.mark.parametrize("value", ["", "x", "1", "1 drop table", "99999 week"])
def test_a_button_with_a_value_that_is_not_ours_does_nothing(caller: Caller, value: str) -> None:
    said = said_after(caller, "event_useful", CORVANE)
    caller.click("answer_next", value)

    assert said_after(caller, "event_useful", CORVANE).text == said.text


def test_feedback_offers_the_channels_week(caller: Caller) -> None:
    before = len(caller.slack.desk.shown)

    caller.command("feedback")

    form = caller.slack.desk.await_views(before + 1)[-1]
    assert form.view["callback_id"] == "feedback_form"
    assert "Chipmaker Lumenar delays its 2027 foundry" in words_of(form)
