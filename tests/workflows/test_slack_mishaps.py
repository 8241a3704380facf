"""Whatever befalls a post, the channel ends with exactly one digest."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.delivery import DeliveryState
from bot.workflows import answer_unknown
from tests.fakes import slack_server
from tests.fakes.slack_office import BUILT, Office, opened
from tests.fakes.slack_server import Mishap

MISHAPS = {
    "asked to wait": slack_server.rate_limited(1),
    "asked to wait long": slack_server.rate_limited(60),
    "broke": slack_server.BREAKS,
    "dropped before": slack_server.DROPS_BEFORE,
    "dropped after": slack_server.DROPS_AFTER,
}


@pytest.mark.parametrize("before", [0, 5], ids=["parent", "last reply"])
@pytest.mark.parametrize("mishap", MISHAPS.values(), ids=MISHAPS)
def test_channel_ends_with_one_digest(tmp_path: Path, mishap: Mishap, before: int) -> None:
    with opened(tmp_path) as office:
        office.slack.script.extend([None] * before + [mishap])

        for minutes in (0, 2, 4):
            office.send(BUILT + timedelta(minutes=minutes))
        look_there_and_say_what_is_lost(office)
        office.send(BUILT + timedelta(minutes=6))

        parent, *replies = office.slack.posted
        assert parent.thread_ts == ""
        assert [reply.thread_ts for reply in replies] == [parent.ts] * 5
        assert sorted(texts(office)) == sorted({*texts(office)})


def look_there_and_say_what_is_lost(office: Office) -> None:
    """Do what an operator does: only what Slack's history does not show is unknown by now."""
    for delivery in office.bot.store.load_deliveries(state=DeliveryState.UNKNOWN):
        answer_unknown.lost(delivery.id, operator="ada", store=office.bot.store, now=BUILT)


def texts(office: Office) -> list[str]:
    return [str(each.arguments["text"]) for each in office.slack.posted]
