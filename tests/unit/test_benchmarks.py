"""The list of benchmarks."""

from benchmarks.__main__ import BENCHMARKS


def test_each_benchmark_says_in_one_line_what_it_measures() -> None:
    assert [name for name, each in BENCHMARKS.items() if not each.about or "\n" in each.about] == []
