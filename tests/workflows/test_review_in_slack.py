"""Drafts come to the editors' channel, are reminded of, and their messages follow what is done elsewhere."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model.delivery import NUDGE, DeliveryState
from bot.model.digest import DigestState
from bot.model.errors import NotFound
from bot.workflows import review_deadlines, review_in_slack, review_recap
from tests.fakes import review_desk, slack_blocks
from tests.fakes.job_queue import FakeJobQueue
from tests.fakes.review_desk import BUILT, DEADLINE, NEAR, ReviewDesk, a_desk, ben
from tests.fakes.slack_server import DROPS_AFTER


def texts(desk: ReviewDesk) -> list[str]:
    return [str(each.arguments["text"]) for each in desk.slack.posted]


def test_each_draft_comes_once_to_the_editors_channel_and_nowhere_else(tmp_path: Path) -> None:
    with a_desk(tmp_path, routes=2) as desk:
        desk.bot.run(now=BUILT)
        desk.bot.tick(now=BUILT)

        assert texts(desk) == [
            "📝 Weekly Tech Recap for r1 waits for approval: 4 events, until 23 Nov 2026, 09:00 UTC",
            "📝 Weekly Tech Recap for r2 waits for approval: 4 events, until 23 Nov 2026, 09:00 UTC",
        ]
        assert {each.channel for each in desk.slack.posted} == {review_desk.EDITORS}
        assert slack_blocks.faults(desk.message.arguments["blocks"]) == []


def test_what_is_done_by_command_shows_in_slack_at_the_next_tick(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        review_recap.drop(desk.draft, desk.events[0], ben(), desk=desk.bot.desk)
        review_recap.approve(desk.draft, ben(), desk=desk.bot.desk)

        desk.tick(now=BUILT)
        desk.tick(now=BUILT)

        assert desk.thread == ["➖ *ben* dropped Chipmaker Lumenar delays its 2027 foundry", "✅ *ben* approved it"]
        assert "Approved by ben, 23 Nov 2026, 06:00 UTC" in desk.text
        assert [name for name, _ in desk.slack.calls].count("chat.update") == 1


def test_reminder_names_the_reviewers_once_and_the_channel_sees_it(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        for now in (NEAR, NEAR, NEAR.replace(minute=30)):
            desk.tick(now=now)

        (reminder,) = [each for each in desk.slack.posted if each.thread_ts]
        assert reminder.arguments["text"] == (
            "⏰ <@U0ADA> <!subteam^S0EDITORS> Weekly Tech Recap for r1 waits for approval until "
            "23 Nov 2026, 09:00 UTC – if nobody acts, it waits on"
        )
        assert reminder.arguments["reply_broadcast"] is True


def test_draft_that_waits_on_after_its_time_says_so_once(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        for now in (DEADLINE, DEADLINE.replace(hour=10)):
            review_deadlines.end_overdue(desk=desk.bot.desk, now=now)
            desk.tick(now=now)

        assert len(desk.thread) == 1
        assert "Its time has come and nobody approved it: it waits on" in desk.thread[0]
        assert desk.draft.state is DigestState.DRAFT


def test_thread_and_message_say_what_became_of_a_draft_that_nobody_reviewed(tmp_path: Path) -> None:
    with a_desk(tmp_path, on_timeout="skip") as desk:
        review_deadlines.end_overdue(desk=desk.bot.desk, now=DEADLINE)
        desk.tick(now=DEADLINE)

        assert desk.thread == ["⏱ Nobody reviewed it in time: it is not sent."]
        assert "⏱ Nobody reviewed it in time: it is not sent.\nGoes to <#C0FOUNDERS>" in desk.text


def test_reminder_that_comes_after_its_route_is_gone_is_told_to_nobody(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        review_in_slack.plan_due(desk=desk.bot.desk, senders=desk.bot.senders, now=NEAR)
        (reminder,) = [each for each in desk.rows if each.part == NUDGE]

        gone = replace(desk.bot.desk, routes=[])

        assert review_in_slack.made(reminder, desk=desk.bot.desk, now=NEAR) is not None
        assert review_in_slack.made(reminder, desk=gone, now=NEAR) is None


def test_draft_whose_route_is_gone_cannot_be_approved_for_it_would_go_nowhere(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        gone = replace(desk.bot.desk, routes=[])

        with pytest.raises(NotFound, match="Route 'r1' is no route any more"):
            review_recap.approve(desk.draft, ben(), desk=gone)

        assert desk.draft.state is DigestState.DRAFT


def test_draft_that_ended_before_it_was_told_of_is_told_to_nobody(tmp_path: Path) -> None:
    with a_desk(tmp_path, is_told=False) as desk:
        desk.bot.plan(desk.edition, now=BUILT, at_once=False)
        review_recap.reject(desk.draft, "too thin", ben(), desk=desk.bot.desk)
        desk.tick(now=BUILT)

        assert desk.slack.posted == []
        assert [each.state for each in desk.rows] == [DeliveryState.CANCELLED]


def test_post_whose_connection_broke_off_is_found_by_its_metadata(tmp_path: Path) -> None:
    with a_desk(tmp_path, is_told=False) as desk:
        desk.slack.script.append(DROPS_AFTER)
        desk.bot.plan(desk.edition, now=BUILT, at_once=False)
        desk.tick(now=BUILT)
        review_recap.note(desk.draft, "Read this.", ben(), desk=desk.bot.desk)

        for _ in range(2):
            desk.tick(now=BUILT)

        assert len(texts(desk)) == 2
        assert desk.thread == ["✍️ *ben* wrote a note: Read this."]


def test_without_a_channel_nobody_is_told(tmp_path: Path) -> None:
    with a_desk(tmp_path, recap=review_desk.NO_CHANNEL) as desk:
        desk.tick(now=NEAR)

        assert desk.slack.posted == []
        assert desk.rows == []


def test_with_workers_the_messages_of_a_click_go_through_the_channels_lane(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        review_recap.note(desk.draft, "Read this.", ben(), desk=desk.bot.desk)
        rows = review_in_slack.plan(desk.key, desk=desk.bot.desk, senders=desk.bot.senders, now=BUILT)
        queue = FakeJobQueue()

        went = replace(desk.bot.sending, jobs=queue).send_posts(rows, now=lambda: BUILT)

        assert went
        (chunk,) = queue.waiting
        assert (chunk.lane, len(chunk.deliveries)) == ("slack/T0HALDEN/C0EDITORS", 2)


def test_without_a_token_the_draft_and_its_thread_lie_in_the_outbox(tmp_path: Path) -> None:
    with a_desk(tmp_path, token="") as desk:
        review_recap.note(desk.draft, "Read this.", ben(), desk=desk.bot.desk)
        desk.tick(now=BUILT)

        path = tmp_path / "outbox" / "2026-W47" / "review%2Fr1" / "slack" / "C0EDITORS.json"
        posted = json.loads(path.read_text(encoding="utf-8"))
        assert [reply["text"] for reply in posted["replies"]] == ["✍️ *ben* wrote a note: Read this."]
        assert "`recap review show r1` and its neighbors change and approve it." in str(posted["blocks"])
        assert "Read this." in str(posted["blocks"])
