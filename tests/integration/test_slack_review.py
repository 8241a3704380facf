"""Editors review a draft in Slack, against a stand-in workspace that refuses what Slack would refuse."""

from collections.abc import Iterator

import pytest

from bot.model.digest import DigestState
from tests.fakes import review_desk, slack_blocks
from tests.fakes.review_desk import ReviewDesk


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewDesk]:
    with review_desk.opened(tmp_path_factory.mktemp("slack")) as desk:
        yield desk


def shown(desk: ReviewDesk) -> list[str]:
    return [card.event_id for card in desk.draft.cards]


def test_draft_comes_to_the_editors_channel_once(desk: ReviewDesk) -> None:
    desk.bot.tick(now=review_desk.BUILT)
    desk.bot.run(now=review_desk.BUILT)

    assert "waits for approval: 5 events" in str(desk.message.arguments["text"])
    assert slack_blocks.faults(desk.message.arguments["blocks"]) == []
    assert [each.channel for each in desk.slack.posted] == [review_desk.EDITORS]


def test_menu_moves_an_event_in_place_and_the_thread_says_who(desk: ReviewDesk) -> None:
    first, second, *rest = shown(desk)

    desk.choose(desk.value("Move up", event=2))

    assert desk.await_thread(1) == [
        "↕️ *Ada Byron (U0ADA)* moved Kestrel opens the source of its routing engine to place 1"
    ]
    assert shown(desk) == [second, first, *rest]
    assert desk.text.index("Kestrel opens") < desk.text.index("Chipmaker Lumenar")


def test_approval_takes_the_buttons_away(desk: ReviewDesk) -> None:
    desk.press("review_approve", desk.value("Approve"))

    assert desk.await_thread(1) == ["✅ *Ada Byron (U0ADA)* approved it"]
    assert desk.draft.state is DigestState.READY
    assert "Approved by Ada Byron (U0ADA), 23 Nov 2026, 06:00 UTC" in desk.text
    assert "Move up" not in desk.text
