"""Editors review drafts in Slack, against a stand-in workspace that refuses what Slack would refuse."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.model.delivery import DeliveryState
from bot.model.digest import DigestState
from bot.workflows import review_recap
from tests.fakes import review_desk, slack_blocks
from tests.fakes.review_desk import Editors, ben
from tests.fakes.slack_people import Shown
from tests.fakes.slack_server import BREAKS

ROUTES = 20
CHANGED = "The draft has changed since you saw it. Nothing was done"


@pytest.fixture(scope="module")
def editors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editors]:
    with review_desk.the_editors(tmp_path_factory.mktemp("slack"), routes=ROUTES) as editors:
        yield editors


@pytest.fixture(scope="module")
def numbers() -> "count[int]":
    return count(1)


@pytest.fixture
def desk(editors: Editors, numbers: "count[int]") -> Editors:
    """A draft that no other test touches."""
    return replace(editors, route=f"r{next(numbers)}")


def form_of(desk: Editors, label: str, action: str) -> Shown:
    before = len(desk.slack.desk.shown)
    desk.press(action, desk.value(label))
    return desk.slack.desk.await_views(before + 1)[-1]


def words_of(view: object) -> str:
    return "\n".join(slack_blocks.texts(view["blocks"]))  # type: ignore[index]


def test_menu_moves_an_event_in_place_and_the_thread_says_who(desk: Editors) -> None:
    first, second, *rest = desk.events

    desk.choose(desk.value("Move up", event=2))

    assert desk.await_thread(1) == [
        "↕️ *Ada Byron (U0ADA)* moved Kestrel opens the source of its routing engine to place 1"
    ]
    assert desk.events == [second, first, *rest]
    assert desk.text.index("Kestrel opens") < desk.text.index("Chipmaker Lumenar")
    assert slack_blocks.faults(desk.message.arguments["blocks"]) == []


def test_pinned_event_is_marked_and_can_be_unpinned(desk: Editors) -> None:
    desk.choose(desk.value("Pin to the top", event=4))
    desk.await_thread(1)
    assert "*1.* 📌 *<https://recap.example/e/ea899cc4317" in desk.text

    desk.choose(desk.value("Unpin", event=1))

    assert len(desk.await_thread(2)) == 2
    assert "📌 *<" not in desk.text


def test_what_was_left_out_is_added_from_the_list(desk: Editors) -> None:
    value = desk.value("Corvane ships")

    desk.choose(value, action="review_add")

    assert desk.await_thread(1) == ["➕ *Ada Byron (U0ADA)* added Corvane ships its compact translation model"]
    assert desk.events[-1] == "ea0f8f39477"
    assert "Left out next" not in desk.text


def test_approval_takes_the_buttons_away_and_shows_who_it_was(desk: Editors) -> None:
    desk.press("review_approve", desk.value("Approve"))

    assert desk.await_thread(1) == ["✅ *Ada Byron (U0ADA)* approved it"]
    assert desk.draft.state is DigestState.READY
    assert "Approved by Ada Byron (U0ADA), 23 Nov 2026, 06:00 UTC" in desk.text
    assert "Move up" not in desk.text


def test_click_that_is_sent_again_acts_once(desk: Editors) -> None:
    before, value = desk.events, desk.value("Drop", event=1)

    desk.choose(value, trigger_id="trigger-of-a-retried-click")
    desk.choose(value, trigger_id="trigger-of-a-retried-click")
    desk.await_thread(1)
    desk.choose(desk.value("Drop", event=1))

    assert len(desk.await_thread(2)) == 2
    assert desk.events == before[2:]


def test_of_two_editors_at_once_the_later_one_sees_what_is_now(desk: Editors) -> None:
    before, seen = desk.events, desk.value("Drop", event=2)
    desk.choose(desk.value("Drop", event=1))
    desk.await_thread(1)

    said = desk.as_ben().told(seen)

    assert CHANGED in said.text
    assert "*Ada Byron (U0ADA)* dropped Chipmaker Lumenar delays its 2027 foundry" in said.text
    assert said.message["response_type"] == "ephemeral"
    assert desk.events == before[1:]


def test_of_two_clicks_at_the_same_moment_one_acts(desk: Editors) -> None:
    before, value, people = desk.events, desk.value("Drop", event=1), desk.slack.desk
    refused = sum(CHANGED in each.text for each in people.said)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda each: each.choose(value), (desk, desk.as_ben())))

    with people.changed:
        assert people.changed.wait_for(lambda: sum(CHANGED in each.text for each in people.said) == refused + 1, 20)
    assert len(desk.await_thread(1)) == 1
    assert desk.events == before[1:]


def test_button_of_a_draft_that_was_approved_by_command_says_so_and_goes_away(desk: Editors) -> None:
    value = desk.value("Drop", event=1)
    review_recap.approve(desk.draft, ben(), desk=desk.bot.desk)

    said = desk.told(value)

    assert "This draft cannot be changed any more: ✅ Approved by ben, 23 Nov 2026, 07:00 CET" in said.text
    assert desk.await_thread(1) == ["✅ *ben* approved it"]
    assert "Move up" not in desk.text


def test_what_is_pressed_outside_the_editors_channel_does_nothing(desk: Editors) -> None:
    before, value = desk.events, desk.value("Drop", event=1)
    assert desk.caller is not None

    said = replace(desk, caller=replace(desk.caller, channel="C0FOUNDERS")).told(value)

    assert said.text == "This draft is not here any more."
    assert desk.events == before


def test_while_others_send_the_message_is_changed_by_the_click_itself(desk: Editors) -> None:
    place, first = f"busy-{desk.route}", desk.events[0]

    with desk.bot.store.lead("sender") as is_ours:
        desk.choose(desk.value("Drop", event=1), response_url=desk.slack.response_url(place))
        said = desk.slack.desk.await_answer(place)
    desk.tick(now=review_desk.BUILT)

    assert is_ours
    assert said.message["replace_original"] is True
    assert f"*1.* *<https://recap.example/e/{first}" not in said.text
    assert len(desk.thread) == 1


def test_lost_change_of_the_message_is_made_by_the_next_tick(desk: Editors) -> None:
    desk.slack.updates.append(BREAKS)
    first = desk.events[0]

    desk.choose(desk.value("Drop", event=1))
    desk.await_thread(1)
    desk.tick(now=review_desk.BUILT + timedelta(minutes=5))

    assert f"*1.* *<https://recap.example/e/{first}" not in desk.text
    assert {each.state for each in desk.rows} == {DeliveryState.SENT}


def test_note_is_written_in_a_form_that_shows_the_one_before(desk: Editors) -> None:
    form = form_of(desk, "Note", "review_note")
    desk.submit(form, review_text="Read <this> first.")
    desk.await_thread(1)

    again = form_of(desk, "Note", "review_note")

    assert desk.draft.note == "Read <this> first."
    assert "✍️ *From the editor*\nRead &lt;this&gt; first." in desk.text
    assert "'initial_value': 'Read <this> first.'" in str(again.view)


def test_form_that_was_overtaken_asks_again_and_keeps_what_was_typed(desk: Editors) -> None:
    form = form_of(desk, "Note", "review_note")
    review_recap.drop(desk.draft, desk.events[0], ben(), desk=desk.bot.desk)

    again = desk.submit(form, review_text="Read this first.")
    done = desk.submit(replace(form, view=again), review_text="Read this first.")

    assert "The draft has changed since you opened this. Send it again if you still want it." in words_of(again)
    assert "'initial_value': 'Read this first.'" in str(again)
    assert done == {}
    assert desk.draft.note == "Read this first."


def test_form_of_a_draft_that_ended_gives_back_what_was_typed(desk: Editors) -> None:
    form = form_of(desk, "Note", "review_note")
    review_recap.reject(desk.draft, "too thin", ben(), desk=desk.bot.desk)

    closing = desk.submit(form, review_text="Read <this> first.")

    assert "⛔ Rejected by ben, 23 Nov 2026, 07:00 CET: too thin" in words_of(closing)
    assert "What you wrote: Read &lt;this&gt; first." in words_of(closing)


def test_rejection_asks_why(desk: Editors) -> None:
    form = form_of(desk, "Reject", "review_reject")

    desk.submit(form, review_reason="Old *news*.")

    assert desk.await_thread(1) == ["⛔ *Ada Byron (U0ADA)* rejected it: Old ∗news∗."]
    assert desk.draft.state_reason == "rejected by Ada Byron (U0ADA): Old *news*."


def test_line_is_rewritten_in_the_editors_words(desk: Editors) -> None:
    form, second = form_of(desk, "Rewrite", "review_rewrite"), desk.events[1]

    desk.submit(form, review_event=second, review_line="what_changed", review_words="It is open now.")

    (line,) = desk.await_thread(1)
    assert line.endswith("rewrote a line of Kestrel opens the source of its routing engine: It is open now.")
    changed = desk.draft.cards[1].what_changed
    assert changed is not None
    assert (changed.text, changed.label) == ("It is open now.", "editor")


def test_values_that_are_not_ours_change_nothing(desk: Editors) -> None:
    before, ours = desk.events, desk.value("Drop", event=1)

    for value in ("", "x", "drop 0 nothing e1", "explode 0 abc", "up 0 " + "f" * 64):
        desk.choose(value)
    desk.choose(ours)

    assert len(desk.await_thread(1)) == 1
    assert desk.events == before[1:]


def test_where_only_admins_review_others_are_told_so(tmp_path: Path) -> None:
    recap = review_desk.RECAP.replace("review: {", "review: {editors: admins, ")
    with review_desk.the_editors(tmp_path, routes=1, recap=recap) as desk:
        before = desk.events

        said = desk.as_ben().told(desk.value("Drop", event=1))
        desk.choose(desk.value("Drop", event=2))

        assert said.text == "Only administrators change and approve drafts here."
        assert len(desk.await_thread(1)) == 1
        assert desk.events == [before[0], *before[2:]]
