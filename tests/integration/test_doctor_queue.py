from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.entrypoints import doctor
from bot.ports import Chunk
from bot.wiring import Bot
from tests.builders import NOW
from tests.fakes.job_queue import FakeJobQueue
from tests.fakes.office import open_office


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    with open_office(tmp_path) as office:
        yield office.bot


def said(bot: Bot, queue: FakeJobQueue | None) -> list[tuple[str, str]]:
    found = doctor.examine(replace(bot, jobs=queue), now=NOW)
    return [(each.level, each.text) for each in found if each.subject == "queue"]


def a_queue(*, workers: int, waits: timedelta) -> FakeJobQueue:
    queue = FakeJobQueue(workers=workers, waiting_since=NOW - waits)
    queue.put([Chunk("C1", ("d1",)), Chunk("C2", ("d2",))])
    return queue


def test_who_sends_alone_has_no_queue_to_look_at(bot: Bot) -> None:
    assert said(bot, None) == []


def test_queue_without_a_worker_is_a_fault(bot: Bot) -> None:
    told = said(bot, a_queue(workers=0, waits=timedelta(minutes=5)))

    text = "no worker shows life, and 2 jobs wait; the oldest waits since 2026-11-23 08:55 UTC: start `recap worker`."
    assert told == [("fault", text)]


def test_job_that_waits_long_beside_workers_is_a_note(bot: Bot) -> None:
    told = [said(bot, a_queue(workers=3, waits=timedelta(minutes=minutes))) for minutes in (30, 31)]

    assert told[0] == [("ok", "3 workers; 2 jobs wait or are worked on.")]
    [[level, text]] = told[1]
    assert (level, text.partition(":")[0]) == (
        "note",
        "3 workers, but 2 jobs are left; the oldest waits since 2026-11-23 08",
    )
