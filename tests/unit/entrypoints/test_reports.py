"""What commands say of sending: by this process, or by workers."""

from datetime import UTC, datetime

import pytest

from bot.entrypoints.cli import reports
from bot.ports import Chunk, QueueState
from bot.workflows.send_report import SendReport
from tests.fakes.job_queue import FakeJobQueue

Said = pytest.CaptureFixture[str]
QUEUED_AT = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)


def test_who_sends_alone_says_what_went_out(capsys: Said) -> None:
    reports.say_sent(SendReport(sent=3, failed=1, waiting=2), index=None)

    assert capsys.readouterr().out == "Deliveries (messages, replies, mails): 3 sent, 1 failed, 2 waiting.\n"


def test_who_queues_says_what_workers_will_send(capsys: Said) -> None:
    report = SendReport(queued=40, waiting=60, queue=QueueState(3, 60, workers=2, waiting_since=QUEUED_AT))

    reports.say_sent(report, index=None)
    reports.warn_of_failures(None, report)

    said = capsys.readouterr()
    put = "40 put into the queue for `recap worker`; in it 60 wait, in 3 jobs"
    assert said.out == f"Deliveries (messages, replies, mails): {put}. 2 workers show life.\n"
    assert said.err == ""
    assert reports.status_of(None, report) == 0


def test_who_queues_says_what_became_of_earlier_deliveries(capsys: Said) -> None:
    reports.say_sent(SendReport(sent=1, unknown=2, queue=QueueState(workers=1)), index=None)

    assert capsys.readouterr().out.splitlines() == [
        "Deliveries (messages, replies, mails): 0 put into the queue for `recap worker`. 1 worker shows life.",
        "Of earlier ones: 1 sent after all, 2 unknown.",
    ]


def test_queue_without_workers_is_warned_of(capsys: Said) -> None:
    report = SendReport(queued=1, queue=QueueState(1, 1, waiting_since=QUEUED_AT))

    reports.warn_of_failures(None, report)

    jobs = "1 job in it, the oldest since 2026-11-23 09:05 UTC"
    assert capsys.readouterr().err == (
        f"queue: no worker shows life, with {jobs}: start `recap worker`, on any machine.\n"
    )


def test_service_that_queues_says_at_its_start_who_sends(capsys: Said) -> None:
    queue = FakeJobQueue(workers=0)
    queue.put([Chunk("C1", ("d1",))])

    reports.say_who_sends(queue)

    said = capsys.readouterr()
    assert said.out == "queue: procrastinate, so this process queues and `recap worker` sends.\n"
    assert said.err == "queue: no worker shows life, with 1 job in it: start `recap worker`, on any machine.\n"


def test_service_that_sends_itself_says_nothing_of_workers(capsys: Said) -> None:
    reports.say_who_sends(None)

    said = capsys.readouterr()
    assert said.out + said.err == ""
