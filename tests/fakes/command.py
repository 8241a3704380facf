"""Run the `recap` command as an operator does: in a process of its own."""

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
"""Real data, where it lies beside the checkout."""

TIMEOUT_S = 240


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Its JSON."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody with a folder, a configuration and an environment."""

    home: Path
    environment: dict[str, str]

    @property
    def config(self) -> Path:
        return self.home / "config"

    def process(
        self, *words: str, before: str = "", own_group: bool = False, output: int = subprocess.PIPE
    ) -> "subprocess.Popen[str]":
        """
        Start `recap` with *words*.

        *before* is a line of shell that goes first, such as a limit; unread *output* goes to DEVNULL.
        """
        shell = ["sh", "-c", f'{before}; exec "$@"', "sh"] if before else []
        return subprocess.Popen(
            [*shell, sys.executable, "-m", "bot", *words],
            cwd=self.home,
            env=self._environment(),
            stdout=output,
            stderr=output,
            text=True,
            start_new_session=own_group,
            # A job in the background of a shell has Ctrl-C ignored, and hands that down.
            preexec_fn=_heed_interrupts,  # noqa: PLW1509  # sets a signal and nothing else
        )

    def recap(self, *words: str) -> Answer:
        """Run `recap` with *words* to its end, in a process forked from one that has loaded its modules."""
        with tempfile.TemporaryDirectory(prefix="recap-said-") as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            asked = {
                "words": words,
                "cwd": str(self.home),
                "environment": self._environment(),
                "stdin": os.devnull,
                "stdout": str(out),
                "stderr": str(err),
            }
            status = _warm().run(json.dumps(asked))
            return Answer(status, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        ours = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "RECAP_SECRET_KEY": "test"}
        return {**kept, **ours, **self.environment}


class _WarmProcess:
    def __init__(self) -> None:
        self._turn = Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fakes.warm_process"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        atexit.register(self._end)

    def run(self, asked: str) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._turn:
            self._process.stdin.write(asked + "\n")
            return int(self._process.stdout.readline())

    def _end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(TIMEOUT_S)


@cache
def _warm() -> _WarmProcess:
    return _WarmProcess()


def _heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def an_operator(home: Path, *, recap: str, sources: str, routes: str, **environment: str) -> Operator:
    """Write a configuration into *home* and return its operator."""
    config = home / "config"
    config.mkdir(parents=True)
    (config / "recap.yaml").write_text(recap, encoding="utf-8")
    (config / "sources.yaml").write_text(sources, encoding="utf-8")
    (config / "routes.yaml").write_text(routes, encoding="utf-8")
    return Operator(home, environment)
