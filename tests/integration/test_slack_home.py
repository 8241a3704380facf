"""The app's Home, against the stand-in workspace."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.workflows import follow_threads, mute_words, personal
from bot.workflows.personal import Reader
from tests.fakes import slack_blocks
from tests.fakes.slack_client import ADA, NOW, Caller, a_workspace
from tests.fakes.slack_people import Shown
from tests.fakes.web_server import Reply

CORVANE = "ea0f8f39477"
TEAM = "T0HALDEN"
READER = Reader(TEAM, ADA, "en", "Europe/Berlin")


@pytest.fixture
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with a_workspace(tmp_path_factory.mktemp("slack")) as caller:
        yield caller


def home(caller: Caller) -> Shown:
    before = len(caller.slack.desk.shown)
    caller.event({"type": "app_home_opened", "user": ADA, "tab": "home", "channel": "D0ADA"})
    return caller.slack.desk.await_views(before + 1)[-1]


def after(caller: Caller, action: str, value: str) -> Shown:
    before = len(caller.slack.desk.shown)
    caller.click(action, value, response_url="", view={"id": f"VHOME{ADA}", "type": "home"})
    return caller.slack.desk.await_views(before + 1)[-1]


def words_of(shown: Shown) -> str:
    return "\n".join(slack_blocks.texts(shown.view["blocks"]))


def subscribe(caller: Caller) -> None:
    personal.subscribe(READER, audiences=["engineers"], day=4, hour=7, store=caller.bot.store, now=NOW)


def test_home_shows_the_latest_recap_and_that_nothing_was_chosen(caller: Caller) -> None:
    shown = home(caller)

    assert slack_blocks.view_faults(shown.view, kind="home") == []
    assert "Weekly Tech Recap" in words_of(shown)
    assert "*1.*" in words_of(shown)
    assert "as a direct message to you alone" in words_of(shown)
    assert "Nothing yet." in words_of(shown)


def test_home_shows_what_a_person_chose_and_follows(caller: Caller) -> None:
    subscribe(caller)
    follow_threads.follow(CORVANE, desk=caller.bot.desk, workspace=TEAM, person=ADA, now=NOW)

    told = words_of(home(caller))

    assert "Your weekly message comes on Friday at 07:00. Times are in Europe/Berlin.\nEngineers · English" in told
    assert "🔔 <https://recap.example/e/ea0f8f39477-corvane" in told


def test_unsubscribing_on_home_shows_it_anew(caller: Caller) -> None:
    subscribe(caller)

    shown = after(caller, "home_unsubscribe", "home_unsubscribe")

    assert "as a direct message to you alone" in words_of(shown)
    assert not personal.is_subscribed(TEAM, ADA, store=caller.bot.store)


def test_unfollowing_on_home_shows_it_anew(caller: Caller) -> None:
    follow_threads.follow(CORVANE, desk=caller.bot.desk, workspace=TEAM, person=ADA, now=NOW)

    shown = after(caller, "home_unfollow", CORVANE)

    assert "Nothing yet." in words_of(shown)
    assert caller.bot.store.load_follows() == []


def test_choosing_on_home_opens_the_form(caller: Caller) -> None:
    assert after(caller, "home_subscribe", "home_subscribe").view["callback_id"] == "subscribe_form"


def submit(caller: Caller, callback: str, values: dict[str, Any]) -> Reply:
    return caller.submit(callback, values, metadata="home")


def test_muted_words_are_changed_on_home(caller: Caller) -> None:
    mute_words.replace(["crypto", "rumour"], READER, store=caller.bot.store, now=NOW)

    form = after(caller, "home_mutes", "home_mutes")
    submit(caller, "mutes_form", {"mutes": {"value": {"value": " price  target \n\ncrypto\nCrypto\n"}}})

    shown = caller.slack.desk.await_views(2)[-1]
    assert "crypto\nrumour" in str(form.view["blocks"]).replace("\\n", "\n")
    assert mute_words.mutes(READER, store=caller.bot.store, now=NOW) == ["price target", "crypto"]
    assert "price target · crypto" in words_of(shown)


def test_too_many_muted_words_are_refused_in_their_form(caller: Caller) -> None:
    reply = submit(caller, "mutes_form", {"mutes": {"value": {"value": "\n".join(map(str, range(49)))}}})

    assert b'"response_action": "errors"' in reply.body
    assert mute_words.mutes(READER, store=caller.bot.store, now=NOW) == []


def test_what_is_chosen_in_homes_form_shows_on_home(caller: Caller) -> None:
    home(caller)
    languages = {"type": "static_select", "selected_option": {"value": "zh"}}

    submit(caller, "subscribe_form", {"subscribe_language": {"value": languages}})

    assert "Everything · 中文" in words_of(caller.slack.desk.await_views(2)[-1])


def test_home_that_was_shown_meanwhile_is_made_anew(caller: Caller) -> None:
    opened = {"type": "app_home_opened", "user": ADA, "tab": "home", "channel": "D0ADA"}
    home(caller)

    caller.event({**opened, "view": {"hash": "1"}})
    caller.slack.desk.await_views(2)
    caller.event({**opened, "view": {"hash": "1"}})
    caller.slack.desk.await_views(3)

    assert caller.slack.desk.published == [(ADA, ""), (ADA, "1"), (ADA, "")]
