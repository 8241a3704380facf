from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.compose.actions import Query
from bot.entrypoints.slack_app.commands import ANSWERS
from bot.entrypoints.slack_app.dates import day_of
from bot.entrypoints.slack_app.grammar import VERBS, Command, Misread, event_id, parse
from bot.entrypoints.slack_app.signature import is_signed

MONDAY = date(2026, 11, 23)
OF_OTHERS = {"subscribe", "unsubscribe", "route"}
"""Verbs whose answers live with the personal messages and routes."""


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Command("week")),
        ("   ", Command("week")),
        ("HELP", Command("help")),
        ("?", Command("help")),
        ("Search  Battery   recycling ", Command("search", "Battery recycling")),
        ("find 芯片", Command("search", "芯片")),
        ("2026-w47", Command("week", "2026-W47")),
        ("E0123456789", Command("event", "e0123456789")),
        ("<https://recap.example/e/e0123456789-corvane|it>", Command("event", "e0123456789")),
        ("mute", Command("mute")),
        ("explain e0123456789", Command("why", "e0123456789")),
    ],
)
def test_words_after_the_command_are_understood_whatever_their_case(text: str, command: Command) -> None:
    assert parse(text) == command


@pytest.mark.parametrize(
    ("text", "misread"),
    [
        ("serch chips", Misread("serch", "unknown", "search")),
        ("SUBSCRIB", Misread("SUBSCRIB", "unknown", "subscribe")),
        ("flw e0123456789", Misread("flw", "unknown", "follow")),
        ("xyzzy", Misread("xyzzy", "unknown")),
        ("search", Misread("search", "lacks", "search")),
        ("why", Misread("why", "lacks", "why")),
    ],
)
def test_what_is_no_command_names_the_nearest_right_form(text: str, misread: Misread) -> None:
    assert parse(text) == misread


@given(st.text(max_size=200))
@settings(max_examples=200, derandomize=True)
def test_whatever_is_typed_is_a_command_or_misread(text: str) -> None:
    read = parse(text)

    assert isinstance(read, Misread) or read.verb in VERBS


def test_every_verb_is_answered() -> None:
    assert VERBS.keys() - OF_OTHERS <= ANSWERS.keys()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("e0123456789", "e0123456789"),
        ("`E0123456789`", "e0123456789"),
        ("#e0123456789", "e0123456789"),
        ("https://recap.example/e/e0123456789-slug", "e0123456789"),
        ("e012345678", ""),
        ("e01234567890", ""),
        ("corvane", ""),
    ],
)
def test_an_event_is_named_by_its_id_or_its_page(words: str, found: str) -> None:
    assert event_id(words) == found


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2026-11-16", date(2026, 11, 16)),
        ("today", MONDAY),
        ("Yesterday", date(2026, 11, 22)),
        ("last monday", date(2026, 11, 16)),
        ("monday", date(2026, 11, 16)),
        ("sunday", date(2026, 11, 22)),
        ("tue", date(2026, 11, 17)),
        ("3 days ago", date(2026, 11, 20)),
        ("10d", date(2026, 11, 13)),
        ("a week ago", date(2026, 11, 16)),
        ("last week", date(2026, 11, 16)),
        ("2 weeks", date(2026, 11, 9)),
        ("last month", date(2026, 10, 24)),
        ("昨天", date(2026, 11, 22)),
        ("上周五", date(2026, 11, 20)),
        ("3天前", date(2026, 11, 20)),
        ("2026-11-24", None),
        ("2026-13-01", None),
        ("soon", None),
        ("", None),
    ],
)
def test_days_are_understood_as_people_write_them(words: str, day: date | None) -> None:
    assert day_of(words, today=MONDAY) == day


@given(st.text(max_size=40))
@settings(max_examples=200, derandomize=True)
def test_no_words_name_a_day_to_come(words: str) -> None:
    day = day_of(words, today=MONDAY)

    assert day is None or day <= MONDAY


@pytest.mark.parametrize("query", [Query("week"), Query("search", "a b 芯片", 3), Query("since", "last monday", 12)])
def test_a_question_survives_its_button(query: Query) -> None:
    assert Query.parse(query.value()) == query


def test_the_signature_of_slacks_own_example_is_good() -> None:
    # Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"

    assert is_signed(
        body,
        timestamp="1531420618",
        signature=signature,
        secret="8f742231b10e8888abcd99yyyzzz85a5",
        now_s=1531420618,
    )
