"""Whatever befalls a post, the channel ends with exactly one digest."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.workflows import correct_recap, look_up, personal
from bot.workflows.correct_recap import Correction
from bot.workflows.personal import Reader
from bot.workflows.review_recap import Editor
from tests.fakes import slack_server
from tests.fakes.invented_week import WEEK
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


@pytest.mark.parametrize("mishap", MISHAPS.values(), ids=MISHAPS)
def test_direct_message_comes_once(tmp_path: Path, mishap: Mishap) -> None:
    with opened(tmp_path) as office:
        office.send()
        ada = Reader("T0HALDEN", "U0ADA", "en", "UTC")
        personal.subscribe(ada, audiences=[], day=0, hour=9, store=office.bot.store, now=BUILT)
        office.bot.plan(look_up.edition(WEEK, desk=office.bot.desk), now=BUILT, at_once=True)
        office.slack.script.append(mishap)

        for minutes in (0, 2, 4, 12, 14):
            office.send(BUILT + timedelta(minutes=minutes))

        assert [each.channel for each in office.slack.posted[6:]] == ["D0ADA"]


@pytest.mark.parametrize("mishap", MISHAPS.values(), ids=MISHAPS)
def test_correction_ends_with_one_line_below(tmp_path: Path, mishap: Mishap) -> None:
    with opened(tmp_path) as office:
        office.send()
        event = office.digest().cards[0].event_id
        correct_recap.correct(event, Correction("It is 60 million."), Editor("ada", BUILT), desk=office.bot.desk)
        office.slack.updates.extend([mishap, None, mishap])
        office.slack.script.append(mishap)

        for minutes in (0, 2, 4, 6, 18, 20):
            office.send(BUILT + timedelta(minutes=minutes))

        told = [each for each in office.slack.posted if "60 million" in str(each.arguments["blocks"])]
        assert len(office.slack.posted) == 7
        assert [bool(each.thread_ts) for each in told] == [False, True, True]


def texts(office: Office) -> list[str]:
    return [str(each.arguments["text"]) for each in office.slack.posted]
