"""
Kill a mailing again and again: `python -m benchmarks.kills [KILLS] [RECIPIENTS] [SEED]`.

Each recipient must get one mail or be reported as unknown, and no kill may leave more unknown than connections.
"""

import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmarks import mail
from bot.adapters.storage.store import SqlStore
from bot.model.delivery import DeliveryState

CONNECTIONS = 4
FORKS = multiprocessing.get_context("forkserver")
"""Starts processes from one that has loaded the modules: a hundred of them would load for minutes."""
FORKS.set_forkserver_preload(["benchmarks.mail"])
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mailing that was killed on its way."""

    planned: int
    states: Counter[str]
    mails: Counter[str]
    """How many mails the relay took, by Message-ID."""
    most_unknown: int
    """So many mails may have been under way where somebody died."""
    unknown_by_kill: list[int] = field(default_factory=list)
    """Where that can be told."""

    def __str__(self) -> str:
        """Return a line for each thing to know."""
        arrived = len(self.mails) - self.states["sent"]
        told = [
            f"{dict(self.states)}; {len(self.mails)} mails came, each {max(self.mails.values())} times at most",
            f"of the unknown {arrived} had arrived",
        ]
        if self.unknown_by_kill:
            told.append(f"left unknown by each kill: {dict(sorted(Counter(self.unknown_by_kill).items()))}")
        return "\n".join([*told, *(self.faults() or ["Nothing is lost, nothing came twice."])])

    def faults(self) -> list[str]:
        """Return what must never be."""
        twice = [each for each, count in self.mails.items() if count > 1]
        lost = self.states["sent"] - len(self.mails)
        most, unknown = max(self.unknown_by_kill, default=0), self.states["unknown"]
        ended = self.states["sent"] + self.states["unknown"]
        return [
            *([f"{len(twice)} mails came twice"] if twice else []),
            *([f"{self.planned - ended} recipients were forgotten"] if ended != self.planned else []),
            *([f"{lost} mails are written down as sent and never came"] if lost > 0 else []),
            *([f"{unknown} are unknown, and {self.most_unknown} can be"] if unknown > self.most_unknown else []),
            *([f"a kill left {most} unknown, with {CONNECTIONS} connections"] if most > CONNECTIONS else []),
        ]


def run(folder: Path, *, kills: int, readers: int, segments: int, seed: int) -> Outcome:
    """Plan a mailing to *readers*, kill its process *kills* times at random moments, and let the last one finish."""
    database, log, chance = f"sqlite:///{folder}/recap.db", folder / "mails", random.Random(seed)
    log.touch()
    mail.plan(database, readers, segments=segments)
    unknown: list[int] = []
    with mail.sink(0, log=log) as url:
        sending = (database, url, CONNECTIONS)
        for number in range(kills):
            # Spread over what is left, so that the last kills still find something to cut off.
            step = max(1, (readers - lines(log)) // (kills - number))
            _kill(sending, log, more=chance.randint(1, step), after_s=chance.uniform(0, 0.01))
            unknown.append(states(database)["sending"])
        last = _started(sending)
        last.join()
        assert last.exitcode == 0
    mails = Counter(log.read_text().split())
    return Outcome(readers, states(database), mails, kills * CONNECTIONS, unknown)


def _kill(sending: tuple[str, str, int], log: Path, *, more: int, after_s: float) -> None:
    enough, deadline = lines(log) + more, time.monotonic() + _PATIENCE_S
    process = _started(sending)
    while lines(log) < enough and process.is_alive() and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(after_s)
    process.kill()
    process.join()


def _started(sending: tuple[str, str, int]) -> BaseProcess:
    process = FORKS.Process(target=mail.send, args=sending)
    process.start()
    return process


def lines(log: Path) -> int:
    """Return how many mails the relay took."""
    return log.read_bytes().count(b"\n")


def states(database: str) -> Counter[str]:
    """Return how many deliveries of the ledger ended how."""
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
    print(outcome)
    return 1 if outcome.faults() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
