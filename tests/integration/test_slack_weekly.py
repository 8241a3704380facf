"""A person's own weekly message, against the stand-in workspace."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.model.delivery import Delivery
from bot.model.subscriber import SLACK_LIST, Subscription, SubscriptionState
from bot.workflows import correct_recap, look_up, mute_words
from bot.workflows.personal import Reader
from bot.workflows.review_recap import Editor
from tests.fakes import slack_blocks
from tests.fakes.slack_client import ADA, NOW, Caller, a_workspace

TEAM = "T0HALDEN"
RECAP = "2026-W47"


@pytest.fixture
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with a_workspace(tmp_path_factory.mktemp("slack")) as caller:
        yield caller


def chosen(*audiences: str, day: int = 1, hour: int = 8) -> dict[str, Any]:
    several = {"type": "multi_static_select", "selected_options": [{"value": each} for each in audiences]}
    return {
        "subscribe_audiences": {"value": several},
        "subscribe_day": {"value": {"type": "static_select", "selected_option": {"value": str(day)}}},
        "subscribe_hour": {"value": {"type": "static_select", "selected_option": {"value": str(hour)}}},
    }


def subscription(caller: Caller) -> Subscription:
    person = caller.bot.store.load_slack_subscriber(TEAM, ADA)
    assert person is not None
    return next(each for each in caller.bot.store.load_subscriptions(person.id) if each.list_id == SLACK_LIST)


def planned(caller: Caller) -> list[Delivery]:
    caller.bot.plan(look_up.edition(RECAP, desk=caller.bot.desk), now=NOW, at_once=False)
    return [each for each in caller.bot.store.load_deliveries(recap=RECAP) if each.route_id == SLACK_LIST]


def direct(caller: Caller) -> list[str]:
    return [
        "\n".join(slack_blocks.texts(each.arguments["blocks"]))
        for each in caller.slack.posted
        if each.channel == "D0ADA"
    ]


def test_subscribe_asks_in_a_form_that_slack_takes(caller: Caller) -> None:
    caller.command("subscribe")

    (form,) = caller.slack.desk.await_views(1)
    assert form.view["callback_id"] == "subscribe_form"
    assert slack_blocks.view_faults(form.view, kind="modal") == []
    assert "Europe/Berlin" in "\n".join(slack_blocks.texts(form.view["blocks"]))


def test_what_the_form_says_is_kept_and_told(caller: Caller) -> None:
    reply = caller.submit("subscribe_form", chosen("engineers", "nobody", day=2, hour=17))

    kept = subscription(caller)
    assert (kept.state, kept.audiences) == (SubscriptionState.ACTIVE, ["engineers"])
    assert (kept.day, kept.hour, kept.timezone) == (2, 17, "Europe/Berlin")
    assert b"Your weekly message comes on Wednesday at 17:00." in reply.body


def test_message_is_planned_for_the_local_hour_and_sent_once(caller: Caller) -> None:
    caller.submit("subscribe_form", chosen("engineers"))

    (row,) = planned(caller)
    for _ in range(2):
        caller.bot.plan(look_up.edition(RECAP, desk=caller.bot.desk), now=NOW, at_once=True)
        caller.bot.send(now=lambda: NOW)

    # Tuesday at eight in Berlin, in winter
    assert f"{row.not_before:%Y-%m-%dT%H:%M}" == "2026-11-24T07:00"
    assert len(direct(caller)) == 1


def test_message_is_of_the_chosen_audiences_without_muted_words(caller: Caller) -> None:
    caller.submit("subscribe_form", chosen())
    caller.bot.plan(look_up.edition(RECAP, desk=caller.bot.desk), now=NOW, at_once=True)
    (all_news,) = planned(caller)
    reader = Reader(TEAM, ADA, "en", "Europe/Berlin")
    mute_words.mute("Corvane", reader, store=caller.bot.store, now=NOW)
    caller.submit("subscribe_form", chosen())

    (row,) = planned(caller)

    before, after = (caller.bot.store.load_digest(key) for key in (all_news.subject, row.subject))
    assert before is not None
    assert after is not None
    assert row.id == all_news.id
    assert any("Corvane" in card.title for card in before.cards)
    assert not any("Corvane" in card.title for card in after.cards)


def test_who_unsubscribed_after_it_was_planned_gets_nothing(caller: Caller) -> None:
    caller.submit("subscribe_form", chosen())
    planned(caller)

    caller.command("unsubscribe")
    said = caller.slack.desk.await_answers(1)[-1]
    caller.command("unsubscribe")
    again = caller.slack.desk.await_answers(2)[-1]
    caller.bot.send(now=lambda: NOW.replace(day=25))

    assert "You get no weekly message any more." in said.text
    assert "starts one" in again.text
    assert direct(caller) == []


def test_correction_changes_the_message_in_place_and_says_so_below(caller: Caller) -> None:
    caller.submit("subscribe_form", chosen())
    caller.bot.plan(look_up.edition(RECAP, desk=caller.bot.desk), now=NOW, at_once=True)
    caller.bot.send(now=lambda: NOW)
    (row,) = planned(caller)
    digest = caller.bot.store.load_digest(row.subject)
    assert digest is not None

    note, at = "It is 60 million.", NOW.replace(hour=23)
    correction = correct_recap.Correction(note)
    correct_recap.correct(digest.cards[0].event_id, correction, Editor("mira", at), desk=caller.bot.desk)
    caller.bot.send(now=lambda: at)

    message, line = direct(caller)
    assert note in message
    assert note in line
