"""
Kill workers again and again: `python -m benchmarks.kills_workers [KILLS] [RECIPIENTS] [SEED]`.

Three of them send one mailing from a queue in PostgreSQL. Each recipient must get one mail or be reported as unknown.
"""

import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmarks import kills, mail
from benchmarks.figures import ROOT, stopwatch
from benchmarks.kills import Outcome
from bot.adapters.clock import SystemClock
from bot.adapters.queue_procrastinate import ProcrastinateQueue
from bot.adapters.storage.store import SqlStore
from bot.entrypoints.cli import app
from bot.model.subscriber import Subscriber, Subscription, SubscriptionState
from tests.databases import postgresql_database

WORKERS = 3
CONNECTIONS = 4
LATENCY_MS = 15
"""A relay's, so that mails are under way when a worker dies."""
_PATIENCE_S = 120.0
_WEEK = "2026-W47"
_RECAP = f"""
title: Weekly
embedder: lexical
queue: procrastinate
lists:
  - {{id: {mail.LIST.id}, name: Weekly, from: recap@mail.example, postal_address: 1 Test Street}}
deliver: {{chunk_size: 250, smtp_connections: {CONNECTIONS}, lease_s: 5, sweep_s: 2, late_after_hours: 1000000}}
"""
_SOURCES = "sources:\n  - {slug: none, url: 'http://127.0.0.1:9/feed'}\n"
_ROUTES = f"routes:\n  - {{id: all, name: All, audiences: ['*'], destinations: [{{email: {mail.LIST.id}}}]}}\n"

kills.FORKS.set_forkserver_preload(["bot.entrypoints.cli.app", "bot.adapters.queue_procrastinate", "bot.adapters.smtp"])


@dataclass(frozen=True, slots=True)
class Site:
    """A configuration, and who runs commands with it."""

    home: Path
    environment: dict[str, str]

    @classmethod
    def at(cls, home: Path, *, database: str, relay: str) -> "Site":
        """Write a configuration into *home*."""
        (home / "config").mkdir()
        for name, text in (("recap", _RECAP), ("sources", _SOURCES), ("routes", _ROUTES)):
            (home / "config" / f"{name}.yaml").write_text(text, encoding="utf-8")
        places = {"RECAP_DATABASE_URL": database, "RECAP_SMTP_URL": relay, "RECAP_BASE_URL": "https://recap.example"}
        return cls(home, places | {"RECAP_SECRET_KEY": "benchmark"})

    def start(self, name: str, *words: str) -> BaseProcess:
        """Start `recap` with *words*, forked from a process that has loaded its modules; *name* gets its output."""
        process = kills.FORKS.Process(target=_recap, args=(self, name, words))
        process.start()
        return process

    def run(self, *words: str) -> tuple[int, str]:
        """Run `recap` with *words* to its end; return its status and what it said on standard output."""
        process = self.start("said", *words)
        process.join()
        return process.exitcode or 0, (self.home / "said.out").read_text(encoding="utf-8")


def _recap(site: Site, name: str, words: tuple[str, ...]) -> None:
    os.chdir(site.home)
    os.environ.update(site.environment)
    for number, kind in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{name}.{kind}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    sys.argv = ["recap", *words]
    app.main()


@dataclass(slots=True)
class Crew:
    """The workers; who dies is replaced at once."""

    site: Site
    started: int = 0
    at_work: dict[str, BaseProcess] = field(default_factory=dict)
    """By the name of what they write to."""

    def hire(self) -> None:
        """Start one more."""
        self.started += 1
        name = f"worker-{self.started}"
        self.at_work[name] = self.site.start(name, "worker")

    def ready(self) -> list[str]:
        """Return who has begun to work."""
        said = {name: self.site.home / f"{name}.out" for name in self.at_work}
        return [name for name, path in said.items() if path.exists() and path.stat().st_size]

    def replace(self, name: str) -> None:
        """Kill one, and start another."""
        process = self.at_work.pop(name)
        process.kill()
        process.join()
        self.hire()

    def dismiss(self) -> list[int | None]:
        """Tell all to end, once they are at work; return their statuses."""
        while len(self.ready()) < len(self.at_work):
            time.sleep(0.05)
        for process in self.at_work.values():
            process.terminate()
        for process in self.at_work.values():
            process.join(_PATIENCE_S)
        return [process.exitcode for process in self.at_work.values()]


@contextmanager
def _crew(site: Site) -> Iterator[Crew]:
    crew = Crew(site)
    try:
        for _ in range(WORKERS):
            crew.hire()
        yield crew
    finally:
        for process in crew.at_work.values():
            process.kill()


def run(folder: Path, *, killed: int, readers: int, segments: int, seed: int) -> Outcome:
    """Queue a mailing to *readers*, kill a worker at *killed* random moments, and let the last ones finish."""
    log, chance = folder / "mails", random.Random(seed)
    log.touch()
    with postgresql_database() as database, mail.sink(LATENCY_MS, log=log) as relay:
        site = Site.at(folder, database=database, relay=relay)
        _plan(database, readers, segments=segments, now=SystemClock().now())
        assert _queued(site) == readers
        with _crew(site) as crew:
            for number in range(killed):
                step = max(1, (readers - kills.lines(log)) // (killed - number))
                _kill_one(crew, log, more=chance.randint(1, step), after_s=chance.uniform(0, 0.05), chance=chance)
            _wait_for_the_end(database)
            assert crew.dismiss() == [0] * WORKERS
        # Who sends again finds nothing to send: what is unknown stays so.
        assert _queued(site) == 0
        return Outcome(readers, kills.states(database), Counter(log.read_text().split()), killed * CONNECTIONS)


def _plan(database: str, readers: int, *, segments: int, now: datetime) -> None:
    ProcrastinateQueue(database, at_once=1, sweep_s=60).upgrade()
    mail.plan(database, readers, segments=segments, now=now)
    long_ago = now - timedelta(days=30)
    given = {"list_id": mail.LIST.id, "state": SubscriptionState.ACTIVE, "consented_at": long_ago}
    people = [
        (
            Subscriber(id=f"p{number}", address=mail.address_of(number), created_at=long_ago),
            Subscription.model_validate(
                given | {"id": f"s{number:06}", "subscriber_id": f"p{number}"} | dict.fromkeys(_DATES, long_ago)
            ),
        )
        for number in range(readers)
    ]
    with closing(SqlStore(database)) as store:
        store.save_newcomers(people)


_DATES = ("created_at", "changed_at")


def _queued(site: Site) -> int:
    """Return how many deliveries `recap send` puts into the queue."""
    status, said = site.run("send", "--week", _WEEK, "--json")
    assert status in (0, 3), (site.home / "said.err").read_text()
    return int(json.loads(said)["queued"])


def _kill_one(crew: Crew, log: Path, *, more: int, after_s: float, chance: random.Random) -> None:
    """Kill a worker once *more* mails have come and another one works, too."""
    enough, deadline = kills.lines(log) + more, time.monotonic() + _PATIENCE_S
    while (kills.lines(log) < enough or len(crew.ready()) < 2) and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(after_s)
    crew.replace(chance.choice(sorted(crew.ready())))


def _wait_for_the_end(database: str) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    with closing(SqlStore(database)) as store:
        left = store.count_open()
        while left and time.monotonic() < deadline:
            time.sleep(0.5)
            before, left = left, store.count_open()
            deadline = deadline if left == before else time.monotonic() + _PATIENCE_S


def main(words: list[str]) -> int:
    """Run, and print what became of it; return the exit status."""
    given = (*words, *("100", "10000", str(time.time_ns() % 2**32))[len(words) :])
    killed, readers, seed = (int(word) for word in given)
    print(
        f"seed {seed}, {killed} kills of {WORKERS} workers, {readers} recipients, {mail.SEGMENTS} segments", flush=True
    )
    with tempfile.TemporaryDirectory(prefix="recap-kills-") as folder, stopwatch() as watch:
        outcome = run(Path(folder), killed=killed, readers=readers, segments=mail.SEGMENTS, seed=seed)
    print(f"{outcome}\n{watch.seconds:.0f} s")
    return 1 if outcome.faults() else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
