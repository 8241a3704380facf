"""A channel's own route, against the stand-in workspace."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.model.delivery import ShutDestination
from bot.model.route import Route
from bot.workflows import keep_routes
from tests.fakes import slack_blocks
from tests.fakes.slack_client import ADA, CHANNEL, NOW, Caller, a_workspace
from tests.fakes.slack_people import MOST_ANSWERS, Said, Shown

OWN = "C0RESEARCH"
"""A channel that routes.yaml does not name."""
BOB = "U0BOB"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with a_workspace(tmp_path_factory.mktemp("slack")) as caller:
        caller.slack.desk.users[BOB] = {"tz": "UTC", "locale": "en-GB", "is_admin": False}
        yield caller


@pytest.fixture
def caller(workspace: Caller) -> Iterator[Caller]:
    """Return the workspace as it was first: without a route of a channel's own, and nothing shown yet."""
    yield workspace
    desk = workspace.bot.desk
    for route in own(workspace):
        keep_routes.remove(route.id, person=ADA, desk=desk, now=NOW)
    workspace.slack.foreign.clear()
    workspace.slack.desk.shown.clear()
    workspace.slack.desk.said.clear()


def opened(caller: Caller, channel: str = OWN) -> Shown:
    """Return the form, after we have looked whether we are in the channel."""
    before = len(caller.slack.desk.shown)
    caller.command("route", channel_id=channel, channel_name="research")
    return caller.slack.desk.await_views(before + 2)[-1]


def filled(*audiences: str, score: str = "40", **chosen: str) -> dict[str, Any]:
    """Return what Slack sends of the form's fields."""
    several = {"type": "multi_static_select", "selected_options": [{"value": each} for each in audiences]}
    values = {"route_day": "3", "route_time": "16:00", "route_events": "5"} | chosen
    options = {
        name: {"value": {"type": "static_select", "selected_option": {"value": value}}}
        for name, value in values.items()
    }
    return options | {"route_audiences": {"value": several}, "route_score": {"value": {"value": score}}}


def submit(caller: Caller, form: Shown, values: dict[str, Any]) -> bytes:
    """Send the form; where it is taken, wait for what is told in the channel."""
    before = len(caller.slack.desk.said)
    reply = caller.submit("route_form", values, metadata=str(form.view["private_metadata"])).body
    if b'"clear"' in reply:
        caller.slack.desk.await_answers(before + 1)
    return reply


def own(caller: Caller) -> list[Route]:
    return caller.bot.store.load_routes()


def text(shown: Shown) -> str:
    return "\n".join(slack_blocks.texts(shown.view["blocks"]))


def test_form_of_a_channel_without_a_route_is_one_that_slack_takes(caller: Caller) -> None:
    form = opened(caller)

    assert slack_blocks.view_faults(form.view, kind="modal") == []
    assert "No route brings a recap to this channel yet." in text(form)
    assert "Remove" not in text(form)


def test_what_the_form_says_is_kept_and_told_with_the_next_time(caller: Caller) -> None:
    reply = submit(caller, opened(caller), filled("engineers", route_zone="Europe/Berlin"))

    (route,) = own(caller)
    assert reply == b'{"response_action": "clear"}'
    assert (route.id, route.name, route.workspace) == ("slack-c0research", "#research", "T0HALDEN")
    assert (route.audiences, route.day, route.time) == (["engineers"], 3, "16:00")
    assert (route.min_score, route.max_events, route.timezone) == (0.4, 5, "Europe/Berlin")
    (said,) = caller.slack.desk.await_answers(1)
    assert "The next recap comes here on 26 Nov 2026, 16:00 CET." in said.text
    assert "5 of the newest recap's 5 events reach that score." in said.text
    assert said.message["response_type"] == "ephemeral"


def test_form_opened_again_shows_what_was_chosen_and_offers_to_remove_it(caller: Caller) -> None:
    submit(caller, opened(caller), filled("engineers"))

    form = opened(caller)

    blocks: Any = form.view["blocks"]
    fields = {block.get("block_id"): block for block in blocks}
    assert fields["route_time"]["element"]["initial_option"]["value"] == "16:00"
    assert fields["route_audiences"]["element"]["initial_options"][0]["value"] == "engineers"
    assert fields["route_score"]["element"]["initial_value"] == "40"
    assert slack_blocks.view_faults(form.view, kind="modal") == []
    assert "Remove" in text(form)


def test_removed_route_is_gone_with_the_record_of_who_did_it(caller: Caller) -> None:
    submit(caller, opened(caller), filled())
    form = opened(caller)

    view = {"id": form.id, "type": "modal", "private_metadata": form.view["private_metadata"]}
    before = len(caller.slack.desk.shown)
    caller.click("route_remove", "slack-c0research", view=view, channel={})
    told = caller.slack.desk.await_views(before + 1)[-1]

    assert "has no route of its own any more" in text(told)
    assert own(caller) == []
    assert {(act.act, act.person) for act in caller.bot.store.load_route_acts()} == {("make", ADA), ("remove", ADA)}


def test_route_of_the_config_is_shown_with_its_line_and_cannot_be_changed(caller: Caller) -> None:
    caller.command("route", channel_id=CHANNEL)

    (shown,) = caller.slack.desk.await_views(1)
    assert "submit" not in shown.view
    assert "*Everybody* · Monday at 09:00 (UTC) · up to 10 events" in text(shown)
    assert "It stands in `routes.yaml`, line 2, and is changed only there" in text(shown)


def test_who_is_no_admin_is_told_who_may_change_it(caller: Caller) -> None:
    caller.command("route", channel_id=OWN, user_id=BOB)

    (said,) = caller.slack.desk.await_answers(1)
    assert "No route brings a recap to this channel." in said.text
    assert "`/recap route` changes it for: administrators of this workspace" in said.text
    assert caller.slack.desk.shown == []


def test_where_slack_does_not_tell_of_somebody_they_are_asked_to_try_again(caller: Caller) -> None:
    caller.command("route", channel_id=OWN, user_id="U0NOBODY")

    (said,) = caller.slack.desk.await_answers(1)
    assert "Please try again in a minute." in said.text


def test_form_sent_by_who_is_no_admin_changes_nothing(caller: Caller) -> None:
    form = opened(caller)

    reply = submit(replace(caller, user=BOB), form, filled())

    assert b"administrators of this workspace" in reply
    assert own(caller) == []


def test_faults_are_told_at_their_fields(caller: Caller) -> None:
    reply = submit(caller, opened(caller), filled("nobody", score="forty", route_time="25:00"))

    assert b'"response_action": "errors"' in reply
    for told in (b"Write a whole number from 0 to 100.", b"choose again", b"Choose one of those offered."):
        assert told in reply
    assert own(caller) == []


def test_where_the_bot_is_not_in_the_channel_the_form_says_how_to_invite_it(caller: Caller) -> None:
    caller.slack.foreign.add(OWN)

    form = opened(caller)

    assert "I am not in this channel. Write here: `/invite @Weekly Tech Recap`" in text(form)


def test_who_closed_the_form_at_once_is_told_nothing(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as caller:
        caller.slack.desk.closes_at_once = True
        caller.command("route", channel_id=OWN)
        caller.slack.desk.await_views(1)

    assert "views.update" in [method for method, _ in caller.slack.calls]
    assert caller.slack.desk.said == []


def test_a_direct_message_has_no_route(caller: Caller) -> None:
    caller.command("route", channel_id="D0ADA")

    (said,) = caller.slack.desk.await_answers(1)
    assert "`/recap subscribe` starts a weekly message to you alone." in said.text


def test_where_the_form_cannot_be_opened_the_route_is_told(caller: Caller) -> None:
    caller.command("route", channel_id=CHANNEL, trigger_id="")

    (said,) = caller.slack.desk.await_answers(1)
    assert "*Everybody* · Monday at 09:00 (UTC)" in said.text


def test_saving_opens_a_channel_that_took_nothing(caller: Caller) -> None:
    store = caller.bot.store
    store.save_shut(ShutDestination(workspace="T0HALDEN", destination=OWN, reason="is_archived", since=NOW))

    form = opened(caller)
    submit(caller, form, filled())

    assert "Nothing is posted here since 23 November 2026 (is_archived)." in text(form)
    assert store.load_shut() == []


def test_form_that_stood_open_too_long_is_kept_and_told_all_the_same(caller: Caller) -> None:
    form = opened(caller)
    place = str(form.view["private_metadata"]).rpartition("/")[2].rstrip('"]')
    caller.slack.desk.said.extend([Said(place, {"text": "Used up."})] * MOST_ANSWERS)

    submit(caller, form, filled())

    said = caller.slack.desk.said[-1]
    assert (said.place, said.message["channel"], said.message["user"]) == ("", OWN, ADA)
    assert "The next recap comes here on" in said.text
