"""`recap up`, `serve` and `schedule`: they start, answer, and end cleanly when they are told to."""

import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.test_bad_days import fails
from tests.fakes.command import Operator
from tests.fakes.invented_week import an_office


@contextmanager
def running(operator: Operator, *words: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Start a service; yield its process and the first line that it says."""
    process = operator.process(*words)
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline()
    finally:
        process.kill()
        process.communicate(timeout=20)


@pytest.mark.parametrize("command", ["up", "serve"])
def test_web_answers_and_ends_cleanly(tmp_path: Path, command: str) -> None:
    with running(an_office(tmp_path), command, "--port", "0") as (process, line):
        address = line.split("on ")[1].split(" ")[0]
        with urllib.request.urlopen(f"{address}healthz", timeout=20) as answer:
            said = (answer.status, answer.read())

        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)

    assert said == (200, b'{"status":"ok"}')
    assert (process.returncode, err) == (0, "")


def test_scheduler_ends_cleanly(tmp_path: Path) -> None:
    with running(an_office(tmp_path), "schedule") as (process, line):
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)

    assert line.startswith("The scheduler ticks every 30 seconds")
    assert (process.returncode, err) == (0, "")


def test_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        line = fails(an_office(tmp_path), "up", "--port", str(port))

    assert f"Nothing can listen on 127.0.0.1:{port} (Address already in use)" in line
    assert line.endswith("stop what listens there, or choose another --port or --host.")
