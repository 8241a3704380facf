"""The Slack app over HTTP, against a stand-in workspace that refuses what Slack would refuse."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.fakes.slack_client import Caller, a_workspace
from tests.fakes.slack_people import Said

CORVANE = "ea0f8f39477"
"""Corvane ships its compact translation model."""


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with a_workspace(tmp_path_factory.mktemp("slack")) as caller:
        yield caller


def answer_to(caller: Caller, text: str) -> Said:
    """Return what somebody who types `/recap TEXT` reads."""
    before = len(caller.slack.desk.said)
    assert caller.command(text).status == 200
    return caller.slack.desk.await_answers(before + 1)[-1]


def test_a_command_is_acknowledged_empty_and_answered_to_the_person_alone(caller: Caller) -> None:
    before = len(caller.slack.desk.said)

    reply = caller.command("help")

    said = caller.slack.desk.await_answers(before + 1)[-1]
    assert (reply.status, reply.body) == (200, b"")
    assert said.message["response_type"] == "ephemeral"
    assert "`/recap search WORDS`" in said.text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Chipmaker Lumenar delays its 2027 foundry"),
        ("week 2026-W47", "*5 events* from 5 articles"),
        ("WEEK", "Weekly Tech Recap"),
        ("week 2026-W40", "There is no recap of “2026-W40”. `/recap week 2026-W47` is the latest."),
        ("search battery recycling", "1 event for “battery recycling”"),
        ("search nowhere", "No event holds all of “nowhere”."),
        ("who founders", "What Founders should care about"),
        ("who pilots", "• `/recap who engineers` – Engineers"),
        (f"event {CORVANE}", "Who should care:* Engineers, Founders"),
        (f"event https://recap.example/e/{CORVANE}-corvane-ships", "The model translates forty languages on a phone."),
        ("event e0000000000", "There is no event “e0000000000”."),
        (f"why {CORVANE}", "in 2026-W47, with a score of 45%."),
        ("since last monday", "5 events since 16 November 2026"),
        ("since sometime", "“sometime” is no day that I understand."),
        ("sources", "*2 sources* · 2 read"),
        (f"follow {CORVANE}", "You will hear when this develops: *Corvane"),
        ("serch battery", "Did you mean `/recap search`?"),
        ("<!channel> *now*", "“&lt;!channel&gt;” is not something I know."),
        ("search", "`/recap search` wants to know of what."),
    ],
)
def test_every_verb_has_its_answer(caller: Caller, text: str, told: str) -> None:
    assert told in answer_to(caller, text).text


def test_a_muted_word_leaves_events_out_of_a_catch_up_until_it_is_unmuted(caller: Caller) -> None:
    muted = answer_to(caller, "mute Foundry")
    without = answer_to(caller, "since 2026-11-16")
    answer_to(caller, "unmute FOUNDRY")
    again = answer_to(caller, "since 2026-11-16")

    assert "What is for you alone leaves out: Foundry" in muted.text
    assert "*4 events since 16 November 2026* · 1 muted word" in without.text
    assert "Lumenar" not in without.text
    assert "*5 events since 16 November 2026*" in again.text


def test_what_was_never_followed_or_muted_cannot_be_ended(caller: Caller) -> None:
    assert (
        "You did not follow this: *Corvane" in answer_to(replace(caller, user="U0NOBODY"), f"unfollow {CORVANE}").text
    )
    assert "That word was not muted." in answer_to(caller, "unmute crypto").text


def test_somebody_whose_language_is_chinese_is_answered_in_it_in_their_zone(caller: Caller) -> None:
    caller.slack.desk.users["U0LIN"] = {"tz": "Asia/Shanghai", "locale": "zh-CN"}

    said = answer_to(replace(caller, user="U0LIN"), "search battery recycling")

    assert "“battery recycling”：1 个事件" in said.text
    assert "时间为 Asia/Shanghai 时区" in said.text


def test_somebody_whom_slack_does_not_name_is_answered_in_the_channels_language_and_utc(caller: Caller) -> None:
    assert "Times in UTC" in answer_to(replace(caller, user="U0NOBODY"), "search battery recycling").text
