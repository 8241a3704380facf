"""Pages of the web, each asked for once, at a size where reading a week would show."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from benchmarks import search, slash
from benchmarks.figures import Figure, cpu_of, percentile
from benchmarks.invented import Newsroom
from bot.adapters.storage.store import SqlStore

PER_SECOND = 10
ASKED = 200
WARM_UP = 10


def million() -> Iterator[Figure]:
    """Yield the figures of 1,000,000 articles."""
    with tempfile.TemporaryDirectory(prefix="recap-bench-") as folder:
        database = Path(os.environ.get(search.FILLED) or f"{folder}/recap.db")
        if not database.exists():
            slash.fill(database, 1_000_000)
        queries = search.queries(Newsroom(seed=47))
        events = _found(database, queries)
        with slash.workspace() as slack, slash.serving(Path(folder), database, slack) as (port, pid):
            yield from _asked("search", [f"/search?q={quote(query)}" for query in queries], port, pid)
            yield from _asked("an event", [f"/e/{event}" for event in events], port, pid)


def _found(database: Path, queries: Sequence[str]) -> list[str]:
    store = SqlStore(f"sqlite:///{database}")
    found = [hit.event_id for query in queries for hit in store.search_events(query, limit=2)]
    store.close()
    return list(dict.fromkeys(found))


def _asked(what: str, targets: Sequence[str], port: int, pid: int) -> Iterator[Figure]:
    _at_their_time(targets[ASKED : ASKED + WARM_UP], lambda target: _seconds(target, port))
    cpu_before_s = cpu_of(pid)
    taken_ms = [seconds * 1000 for seconds in _at_their_time(targets[:ASKED], lambda target: _seconds(target, port))]
    cpu_ms = (cpu_of(pid) - cpu_before_s) * 1000 / len(taken_ms)
    yield Figure(
        f"page of {what}, {len(taken_ms):,} of them at {PER_SECOND} a second: p50", percentile(taken_ms, 0.5), "ms"
    )
    yield Figure("p99", percentile(taken_ms, 0.99), "ms", 500)
    yield Figure("CPU of the server for each", cpu_ms, "ms")


def _at_their_time(targets: Sequence[str], ask: Callable[[str], float]) -> list[float]:
    began = time.perf_counter()

    def at(number: int, target: str) -> float:
        time.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
        return ask(target)

    with ThreadPoolExecutor(32) as visitors:
        return list(visitors.map(at, range(len(targets)), targets))


def _seconds(target: str, port: int) -> float:
    """Return how long a page takes, with the way to an event's right address."""
    began = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", target)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status == 301:
        return time.perf_counter() - began + _seconds(answer.headers["Location"], port)
    if answer.status != 200:
        raise RuntimeError(f"status {answer.status} for {target}")
    return time.perf_counter() - began
