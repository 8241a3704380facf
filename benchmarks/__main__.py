"""List the benchmarks, or run some: `python -m benchmarks [NAME ... | all | list]`; without a name, the quick ones."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks import (
    cluster,
    collect,
    figures,
    insight,
    mail,
    pages,
    score,
    search,
    segments,
    select,
    slash,
    weekly_run,
)
from benchmarks.figures import ROOT, Figure

MOST_S = 1_800
"""A benchmark that takes longer is stopped."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Something to measure, in a process of its own."""

    figures: Callable[[], Iterator[Figure]]
    is_long: bool = False

    @property
    def about(self) -> str:
        """What it measures."""
        said = (self.figures.__doc__ or "").strip().partition("\n")[0]
        return said.removeprefix("Yield the figures").lstrip(": of").rstrip(".")


BENCHMARKS = {
    "collect": Benchmark(collect.figures),
    "cluster": Benchmark(cluster.week),
    "insight": Benchmark(insight.figures),
    "segments": Benchmark(segments.figures, is_long=True),
    "score": Benchmark(score.figures),
    "select": Benchmark(select.figures),
    "mail": Benchmark(mail.figures),
    "mail_memory": Benchmark(mail.memory, is_long=True),
    "search": Benchmark(search.figures),
    "slash": Benchmark(slash.figures, is_long=True),
    "weekly_run": Benchmark(weekly_run.figures),
    "cluster_large": Benchmark(cluster.large_week, is_long=True),
    "cluster_curve": Benchmark(cluster.curve, is_long=True),
    "slash_million": Benchmark(slash.million, is_long=True),
    "pages_million": Benchmark(pages.million, is_long=True),
    "search_million": Benchmark(search.million, is_long=True),
}


def main(words: Sequence[str]) -> int:
    """Run what *words* name; return the exit status."""
    if words[:1] == ["--alone"]:
        measure(BENCHMARKS[words[1]])
        return 0
    unknown = [word for word in words if word not in {*BENCHMARKS, "all", "list"}]
    if unknown or "list" in words:
        print("\n".join(f"{name:<16}{each.about}" for name, each in BENCHMARKS.items()))
        return 2 if unknown else 0
    for name in chosen(words):
        print(f"\n{figures.surroundings(f'python -m benchmarks {name}')}", flush=True)
        try:
            # Of its own, so that no benchmark inherits another's memory.
            command = [sys.executable, "-m", "benchmarks", "--alone", name]
            subprocess.run(command, cwd=ROOT, timeout=MOST_S, check=True)
        except subprocess.SubprocessError as exc:
            print(f"{name} failed: {exc}", flush=True)
            return 1
    return 0


def chosen(words: Sequence[str]) -> list[str]:
    """Return the names of the benchmarks to run."""
    if "all" in words:
        return list(BENCHMARKS)
    return list(words) or [name for name, each in BENCHMARKS.items() if not each.is_long]


def measure(benchmark: Benchmark) -> None:
    """Print each figure as it comes."""
    for figure in benchmark.figures():
        print(figure, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
