"""
Kill a mailing again and again: `python -m benchmarks.kills [KILLS] [RECIPIENTS] [SEED]`.

Each recipient must get one mail or be reported as unknown, and no kill may leave more unknown than connections.
"""

import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks import mail
from benchmarks.figures import ROOT
from bot.adapters.storage.store import SqlStore
from bot.model.delivery import DeliveryState

CONNECTIONS = 4
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mailing that was killed on its way."""

    planned: int
    states: Counter[str]
    mails: Counter[str]
    """How many mails the relay took, by Message-ID."""
    unknown_by_kill: list[int]

    def faults(self) -> list[str]:
        """Return what must never be."""
        twice = [each for each, count in self.mails.items() if count > 1]
        lost = self.states["sent"] - len(self.mails)
        most = max(self.unknown_by_kill, default=0)
        ended = self.states["sent"] + self.states["unknown"]
        return [
            *([f"{len(twice)} mails came twice"] if twice else []),
            *([f"{self.planned - ended} recipients were forgotten"] if ended != self.planned else []),
            *([f"{lost} mails are written down as sent and never came"] if lost > 0 else []),
            *([f"a kill left {most} unknown, with {CONNECTIONS} connections"] if most > CONNECTIONS else []),
        ]


def run(folder: Path, *, kills: int, readers: int, segments: int, seed: int) -> Outcome:
    """Plan a mailing to *readers*, kill its process *kills* times at random moments, and let the last one finish."""
    database, log, chance = f"sqlite:///{folder}/recap.db", folder / "mails", random.Random(seed)
    log.touch()
    mail.plan(database, readers, segments=segments)
    unknown: list[int] = []
    with mail.sink(0, log=log) as url:
        command = [sys.executable, "-m", "benchmarks.mail", "send", database, url, str(CONNECTIONS)]
        for number in range(kills):
            # Spread over what is left, so that the last kills still find something to cut off.
            step = max(1, (readers - _lines(log)) // (kills - number))
            _kill(command, log, more=chance.randint(1, step), after_s=chance.uniform(0, 0.01))
            unknown.append(_states(database)["sending"])
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return Outcome(readers, _states(database), Counter(log.read_text().split()), unknown)


def _kill(command: list[str], log: Path, *, more: int, after_s: float) -> None:
    enough, deadline = _lines(log) + more, time.monotonic() + _PATIENCE_S
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    while _lines(log) < enough and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(after_s)
    process.send_signal(signal.SIGKILL)
    process.wait()


def _lines(log: Path) -> int:
    return log.read_bytes().count(b"\n")


def _states(database: str) -> Counter[str]:
    with closing(SqlStore(database)) as store:
        return Counter({state.value: len(store.load_deliveries(state=state)) for state in _COUNTED})


_COUNTED = (DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.FAILED)


def main(words: list[str]) -> int:
    """Run, and print what became of it; return the exit status."""
    kills, readers, seed = (
        int(word) for word in (*words, *("100", "10000", str(time.time_ns() % 2**32))[len(words) :])
    )
    print(f"seed {seed}, {kills} kills, {readers} recipients, {mail.SEGMENTS} segments", flush=True)
    with tempfile.TemporaryDirectory(prefix="recap-kills-") as folder:
        outcome = run(Path(folder), kills=kills, readers=readers, segments=mail.SEGMENTS, seed=seed)
    print(f"{dict(outcome.states)}; {len(outcome.mails)} mails came, each {max(outcome.mails.values())} times at most")
    print(f"left unknown by each kill: {dict(sorted(Counter(outcome.unknown_by_kill).items()))}")
    print("\n".join(outcome.faults()) or "Nothing is lost, nothing came twice.")
    return 1 if outcome.faults() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
