"""Run the `recap` command as an operator does: in a process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
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
        )

    def recap(self, *words: str) -> Answer:
        """Run `recap` with *words* to its end."""
        process = self.process(*words)
        out, err = process.communicate(timeout=TIMEOUT_S)
        return Answer(process.returncode, out, err)

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
        ours = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "RECAP_SECRET_KEY": "test"}
        return {**kept, **ours, **self.environment}


def an_operator(home: Path, *, recap: str, sources: str, routes: str, **environment: str) -> Operator:
    """Write a configuration into *home* and return its operator."""
    config = home / "config"
    config.mkdir(parents=True)
    (config / "recap.yaml").write_text(recap, encoding="utf-8")
    (config / "sources.yaml").write_text(sources, encoding="utf-8")
    (config / "routes.yaml").write_text(routes, encoding="utf-8")
    return Operator(home, environment)
