"""The demo, played once for all tests that look at it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.command import Answer, Operator


@dataclass(frozen=True, slots=True)
class Demo:
    """A folder in which `recap demo` ran, and what it said."""

    home: Path
    answer: Answer


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    home = tmp_path_factory.mktemp("demo")
    return Demo(home, Operator(home, {}).recap("demo"))
