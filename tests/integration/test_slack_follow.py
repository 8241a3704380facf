"""Who follows an affair hears once of each development, by a direct message in the stand-in workspace."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.deliver.plan import SenderFacts
from bot.model.delivery import DeliveryState
from bot.model.event import Event
from bot.model.feedback import Follow
from bot.workflows import edit_events, follow_threads, look_up, tell_followers
from tests.fakes import slack_blocks
from tests.fakes.slack_client import ADA, NOW, Caller, a_workspace

CORVANE = "ea0f8f39477"
TEAM = "T0HALDEN"
SLACK = SenderFacts("slack", TEAM)
BEFORE = NOW - timedelta(days=20)


@pytest.fixture
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with a_workspace(tmp_path_factory.mktemp("slack")) as caller:
        yield caller


def follow(caller: Caller, *, since: datetime = BEFORE, workspace: str = TEAM, event: str = CORVANE) -> str:
    thread = look_up.dossier_of(event, desk=caller.bot.desk).event.thread_id
    caller.bot.store.save_follow(
        Follow(id=f"{workspace}{ADA}", thread_id=thread, workspace=workspace, person=ADA, since=since)
    )
    return thread


def plan(caller: Caller, *, now: datetime = NOW) -> int:
    return tell_followers.plan(desk=caller.bot.desk, sender=SLACK, now=now)


def test_development_comes_once_as_a_direct_message(caller: Caller) -> None:
    follow(caller)

    planned = [plan(caller), plan(caller), plan(caller, now=NOW + timedelta(days=1))]
    caller.bot.send(now=lambda: NOW)
    caller.bot.send(now=lambda: NOW)

    (message,) = [each for each in caller.slack.posted if each.channel == "D0ADA"]
    assert planned == [1, 0, 0]
    assert "What you follow has developed: *<https://recap.example/e/ea0f8f39477" in str(message.arguments["text"])
    assert slack_blocks.faults(message.arguments["blocks"]) == []


def test_run_that_died_before_it_noted_what_it_planned_plans_none_twice(caller: Caller) -> None:
    thread = follow(caller)
    plan(caller)

    caller.bot.store.delete_follow(thread, workspace=TEAM, person=ADA)
    follow(caller)

    assert plan(caller, now=NOW + timedelta(minutes=10)) == 0


def test_who_unfollowed_before_it_was_sent_gets_nothing(caller: Caller) -> None:
    thread = follow(caller)
    plan(caller)

    caller.bot.store.delete_follow(thread, workspace=TEAM, person=ADA)
    caller.bot.send(now=lambda: NOW)

    (row,) = caller.bot.store.load_deliveries(subject=tell_followers.subject_of(thread, BEFORE))
    assert row.state is DeliveryState.CANCELLED


def merged(caller: Caller) -> tuple[str, Event]:
    """Follow an event that is merged into Corvane's then; return its thread, and what it has become."""
    other = next(each for each in caller.bot.store.load_dossiers() if "Brightwell" in each.event.title)
    thread = follow(caller, since=NOW, event=other.event.id)
    return thread, edit_events.merge(CORVANE, other.event.id, desk=caller.bot.desk, now=NOW).events[0].event


def test_follow_goes_on_with_what_an_event_was_merged_into(caller: Caller) -> None:
    thread, kept = merged(caller)

    planned = [plan(caller), plan(caller, now=NOW + timedelta(hours=4))]
    caller.bot.send(now=lambda: NOW)

    (message,) = [each for each in caller.slack.posted if each.channel == "D0ADA"]
    assert planned == [1, 0]
    assert [each.thread_id for each in caller.bot.store.load_follows()] == [kept.thread_id] != [thread]
    assert "was merged into another event" in str(message.arguments["text"])
    assert kept.title in str(message.arguments["text"])


def test_who_unfollowed_what_theirs_was_merged_into_hears_nothing(caller: Caller) -> None:
    _, kept = merged(caller)
    plan(caller)

    follow_threads.unfollow(kept.id, desk=caller.bot.desk, workspace=TEAM, person=ADA)
    caller.bot.send(now=lambda: NOW)

    assert [each for each in caller.slack.posted if each.channel == "D0ADA"] == []


def test_nothing_comes_soon_after_the_last_message_nor_to_another_workspace(caller: Caller) -> None:
    follow(caller, since=NOW - timedelta(hours=2))
    follow(caller, workspace="T0OTHER")

    assert plan(caller) == 0
