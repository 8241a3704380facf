"""The app's Home, against the stand-in workspace."""

from collections.abc import Iterator

import pytest

from bot.workflows import follow_threads, personal
from bot.workflows.personal import Reader
from tests.fakes import slack_blocks
from tests.fakes.slack_client import ADA, NOW, Caller, a_workspace
from tests.fakes.slack_people import Shown

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
    assert "You get no weekly message." in words_of(shown)
    assert "Nothing yet." in words_of(shown)


def test_home_shows_what_a_person_chose_and_follows(caller: Caller) -> None:
    subscribe(caller)
    follow_threads.follow(CORVANE, desk=caller.bot.desk, workspace=TEAM, person=ADA, now=NOW)

    told = words_of(home(caller))

    assert "Your weekly message comes on Friday at 07:00. Engineers" in told
    assert "🔔 <https://recap.example/e/ea0f8f39477-corvane" in told


def test_unsubscribing_on_home_shows_it_anew(caller: Caller) -> None:
    subscribe(caller)

    shown = after(caller, "home_unsubscribe", "home_unsubscribe")

    assert "You get no weekly message." in words_of(shown)
    assert not personal.is_subscribed(TEAM, ADA, store=caller.bot.store)


def test_unfollowing_on_home_shows_it_anew(caller: Caller) -> None:
    follow_threads.follow(CORVANE, desk=caller.bot.desk, workspace=TEAM, person=ADA, now=NOW)

    shown = after(caller, "home_unfollow", CORVANE)

    assert "Nothing yet." in words_of(shown)
    assert caller.bot.store.load_follows() == []


def test_choosing_on_home_opens_the_form(caller: Caller) -> None:
    assert after(caller, "home_subscribe", "home_subscribe").view["callback_id"] == "subscribe_form"
