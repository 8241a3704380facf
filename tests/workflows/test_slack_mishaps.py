"""Whatever befalls a post, the channel ends with exactly one digest."""

from datetime import timedelta
from pathlib import Path

import pytest

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

        for minutes in (0, 2, 4, 12, 14):
            office.send(BUILT + timedelta(minutes=minutes))

        parent, *replies = office.slack.posted
        assert parent.thread_ts == ""
        assert [reply.thread_ts for reply in replies] == [parent.ts] * 5
        assert sorted(texts(office)) == sorted({*texts(office)})


def texts(office: Office) -> list[str]:
    return [str(each.arguments["text"]) for each in office.slack.posted]
