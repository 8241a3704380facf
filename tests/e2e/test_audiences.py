"""`recap audiences` and `recap eval --routing`: teaching audiences, and measuring them."""

from pathlib import Path

import pytest

from tests.fakes.command import Operator, an_operator

BREACHES = ("Ransomware at Tidal", "Breach at Mirrin", "Malware in a package", "Phishing of staff", "A stolen password")
ROUNDS = ("Pelham raises a seed round", "A fund of funds", "Series B for Osprell", "A term sheet", "Angel money")
SOURCES = "sources:\n  - slug: halden\n    url: https://halden.invalid/feed.xml\n"
ROUTES = 'routes:\n  - id: all\n    audiences: ["*"]\n    destinations: [{slack: "#ai"}]\n'


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """Return somebody who sorted ten items."""
    rows = [("security", title) for title in BREACHES] + [("investors", title) for title in ROUNDS]
    told = "".join(f"{title}\t{audience}\n" for audience, title in rows)
    (tmp_path / "sorted.tsv").write_text(f"title\taudiences\n{told}", encoding="utf-8")
    return an_operator(tmp_path, recap="title: Recap\n", sources=SOURCES, routes=ROUTES)


def taught(operator: Operator) -> dict[str, list[str]]:
    listed = operator.recap("audiences", "list", "--json")
    assert listed.status == 0, listed.err
    return {each["id"]: each["taught"] for each in listed.data}


def test_taught_audiences_are_listed_with_their_words_until_they_are_forgotten(operator: Operator) -> None:
    trained = operator.recap("audiences", "train", "sorted.tsv")
    known = taught(operator)
    forgotten = operator.recap("audiences", "forget")

    assert (trained.status, forgotten.status) == (0, 0)
    assert "Learned 2 audiences from 10 items" in " ".join(trained.out.split())
    assert known["security"]
    assert known["founders"] == []
    assert set(map(tuple, taught(operator).values())) == {()}


def test_training_without_enough_items_says_so_and_keeps_nothing(operator: Operator) -> None:
    (operator.home / "few.tsv").write_text("title\taudiences\nA breach\tsecurity\n", encoding="utf-8")

    answer = operator.recap("audiences", "train", "few.tsv")

    assert answer.status != 0
    assert "'few.tsv' sorts too few items" in " ".join(answer.err.split())
    assert taught(operator)["security"] == []


def test_routing_is_measured_as_shipped_and_as_taught(operator: Operator) -> None:
    answer = operator.recap("eval", "--routing", "--data", "sorted.tsv", "--json")

    assert answer.status == 0, answer.err
    shipped, learned = answer.data["routing"]
    assert (shipped["matcher"], shipped["items"], shipped["precision"]) == ("shipped", 10, 1.0)
    assert (learned["matcher"], learned["taught_on"], learned["items"]) == ("taught", 5, 5)


def test_routing_without_items_says_what_is_missing(operator: Operator) -> None:
    answer = operator.recap("eval", "--routing")

    assert answer.status != 0
    assert "name a file with --data" in " ".join(answer.err.split())
