"""`recap feedback`: what votes moved, and forgetting them."""

from pathlib import Path

from tests.fakes.command import Operator, an_operator

SOURCES = "sources:\n  - slug: halden\n    url: https://halden.invalid/feed.xml\n"
ROUTES = 'routes:\n  - id: all\n    audiences: ["*"]\n    destinations: [{slack: "#ai"}]\n'


def an_office(home: Path) -> Operator:
    return an_operator(home, recap="title: Recap\n", sources=SOURCES, routes=ROUTES)


def test_nobody_voted_yet_and_nothing_is_forgotten(tmp_path: Path) -> None:
    operator = an_office(tmp_path)
    assert operator.recap("db", "upgrade").status == 0

    listed = operator.recap("feedback", "list")
    reset = operator.recap("feedback", "reset", "--yes")

    assert (listed.status, listed.out.strip()) == (0, "Nobody has voted yet.")
    assert (reset.status, reset.out.strip()) == (0, "0 votes forgotten. Recaps that were built stay as they are.")
