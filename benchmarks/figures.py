"""What a benchmark measured, and how it is printed."""

import os
import platform
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(slots=True)
class Stopwatch:
    """Seconds of a measured block."""

    seconds: float = 0.0
    cpu_s: float = 0.0
    """Of this process alone: what the block takes of a core, however busy the machine is with other work."""


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    """Measure a block."""
    watch = Stopwatch()
    began, cpu_began = time.perf_counter(), time.process_time()
    yield watch
    watch.seconds = time.perf_counter() - began
    watch.cpu_s = time.process_time() - cpu_began


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, with what DESIGN section 4 asks for."""

    what: str
    value: float
    unit: str
    goal: float | None = None
    """At most this; null where nothing is asked for."""
    cpu_s: float | None = None

    @classmethod
    def of(cls, what: str, watch: Stopwatch, *, goal_s: float | None = None) -> "Figure":
        """Return what *watch* measured."""
        return cls(what, watch.seconds, "s", goal_s, watch.cpu_s)

    def __str__(self) -> str:
        """Return a line of a table."""
        cpu = "" if self.cpu_s is None else f"(CPU {self.cpu_s:.2f} s)"
        line = f"{self.what:<62}{self.value:>10,.2f} {self.unit:<4}{cpu:<16}"
        if self.goal is None:
            return line.rstrip()
        return f"{line} at most {self.goal:g}: {'reached' if self.value <= self.goal else 'MISSED'}"


def median(work: Callable[[], object], *, times: int = 3) -> Stopwatch:
    """Return the median of *work*, done several *times*."""
    measured = []
    for _ in range(times):
        with stopwatch() as watch:
            work()
        measured.append(watch)
    return Stopwatch(
        statistics.median(watch.seconds for watch in measured), statistics.median(watch.cpu_s for watch in measured)
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that *share* (0..1) of *values* do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def peak_mb() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def workers() -> tuple[float, float]:
    """Return the CPU seconds of our forked workers so far, and the most memory in MB that one of them has held."""
    pids = _offspring_of(os.getpid())
    cpu_s, most_mb = 0.0, 0.0
    for pid in pids:
        cpu_s += cpu_of(pid)
        status = Path(f"/proc/{pid}/status").read_text()
        most_mb = max(most_mb, int(status.partition("VmHWM:")[2].split()[0]) / 1024)
    return cpu_s, most_mb


def cpu_of(pid: int) -> float:
    """Return the CPU seconds of a process so far."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _offspring_of(pid: int) -> list[int]:
    """Return the processes below *pid* that multiprocessing started."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # processes of others end while we look
            parents[int(path.name)] = int(_stat(int(path.name))[1])
    found, pending = list[int](), [pid]
    while pending:
        parent = pending.pop()
        children = [child for child, of in parents.items() if of == parent and b"forkserver" in _command(child)]
        found += children
        pending += children
    return found


def _stat(pid: int) -> list[str]:
    # The name stands in parentheses and may hold spaces; what follows it does not.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def surroundings(command: str) -> str:
    """Return command, commit and machine in a few lines."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return "\n".join(
        [
            f"command  {command}",
            f"commit   {_commit()}",
            f"machine  {os.cpu_count()} cores, {memory_gib:.0f} GiB, {_system()}, Python {platform.python_version()},"
            f" SQLAlchemy {_version('sqlalchemy')}, load before: {load}",
        ]
    )


def _commit() -> str:
    found = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    return found.stdout.strip() or "not a checkout"


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.platform()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"
