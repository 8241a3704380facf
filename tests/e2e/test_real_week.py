"""A real week of three publishers, and real documents of two hundred, read from beside the checkout."""

import csv
import warnings
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import feedparser
import pytest

from tests.fakes import feed_server, slack_outbox
from tests.fakes.command import SHARED, Operator, an_operator
from tests.fakes.feed_server import FeedServer

SERIES = SHARED / "data" / "series" / "2025-03-03"
FEEDS = SHARED / "data" / "feeds.tsv"
UNREADABLE = {"d003": 0, "d242": 0}
"""A page that says "access denied", and a JSON feed cut off in the middle: neither holds an entry."""
RECAP = """
title: Weekly Tech Recap
timezone: UTC
lists:
  - {id: team, name: Team, from: recap@team.example, postal_address: 1 Test Street, members: [ada@team.example]}
embedder: lexical
"""
ROUTES = """
routes:
  - {id: all, name: Everybody, audiences: ["*"], destinations: [{slack: "#news"}, {email: team}]}
"""


def present(path: Path) -> bool:
    """Return whether the real data lies beside the checkout, and say so where it does not."""
    if not path.exists():
        warnings.warn(f"NOT TESTED on real data: {path.name} does not lie beside the checkout", stacklevel=2)
    return path.exists()


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server.serving([f"127.0.0.{last}" for last in range(2, 18)]) as serving:
        yield serving


def reader_of(server: FeedServer, home: Path, paths: dict[str, str]) -> Operator:
    """Return an operator whose sources are *paths*: slug → path."""
    sources = "sources:\n" + "".join(
        f"  - {{slug: {slug}, name: {slug}, url: '{server.url(path, nth=nth)}', full_text: never}}\n"
        for nth, (slug, path) in enumerate(paths.items())
    )
    return an_operator(home, recap=RECAP, sources=sources, routes=ROUTES, RECAP_ALLOW_HOSTS=server.allow_hosts)


def polls() -> list[str]:
    """Return the moments of the week's polls, as the files name them."""
    return sorted({path.stem for path in SERIES.glob("*/*.xml")})


def moment(poll: str) -> str:
    return datetime.strptime(poll, "%Y-%m-%dT%H%M%SZ").strftime("%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007  # only reformatted


def guids(slug: str) -> set[str]:
    """Return what feedparser finds in all polls of a publisher."""
    found = set()
    for path in SERIES.glob(f"{slug}/*.xml"):
        found |= {entry.get("id") or entry.get("link") for entry in feedparser.parse(path.read_bytes()).entries}
    return found


def test_real_week_becomes_one_recap_and_a_second_run_adds_nothing(server: FeedServer, tmp_path: Path) -> None:
    if not present(SERIES):
        return
    slugs = sorted(path.name for path in SERIES.iterdir())
    operator = reader_of(server, tmp_path, {slug: f"/{slug}.xml" for slug in slugs})
    for poll in polls():
        for slug in slugs:
            server.documents[f"/{slug}.xml"] = ((SERIES / slug / f"{poll}.xml").read_bytes(), "application/rss+xml")
        answer = operator.recap("collect", "--now", moment(poll))
        assert (answer.status, "Traceback" in answer.err) == (0, False), answer.err

    first = operator.recap("run", "--now", "2025-03-10T09:00Z", "--json")
    second = operator.recap("run", "--now", "2025-03-10T09:10Z", "--json")

    assert (first.status, second.status) == (0, 0), first.err + second.err
    stored = [a for week in ("2025-W09", "2025-W10") for a in operator.recap("articles", "--week", week, "--json").data]
    for slug in slugs:
        assert len([article for article in stored if article["source"] == slug]) >= len(guids(slug))
    assert first.data["edition"]["recap"]["id"] == "2025-W10"
    assert first.data["sent"]["sent"] >= 2
    assert second.data["collected"]["added"] == 0
    assert second.data["edition"]["recap"] == first.data["edition"]["recap"]
    assert second.data["sent"]["sent"] == 0
    assert (tmp_path / "outbox" / "2025-W10" / "all" / "slack").is_dir()
    assert operator.recap("slack", "preview").status == 0
    assert slack_outbox.faults(tmp_path / "outbox") == {}


def test_real_documents_become_a_recap_and_each_refused_one_is_named(server: FeedServer, tmp_path: Path) -> None:
    if not present(FEEDS):
        return
    with FEEDS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["real_publisher"] == "yes"]
    folder = FEEDS.parent / "feeds"
    paths = {f"d{row['file'][:3]}": f"/{row['file']}" for row in rows}
    entries_of = {f"d{row['file'][:3]}": row["entries"] for row in rows}
    for row in rows:
        kind = "application/feed+json" if row["file"].endswith(".json") else "application/xml"
        server.documents[f"/{row['file']}"] = ((folder / row["file"]).read_bytes(), kind)
    operator = reader_of(server, tmp_path, paths)

    first = operator.recap("run", "--week", "2026-W08", "--now", "2026-02-24T09:00Z", "--json")
    second = operator.recap("run", "--week", "2026-W08", "--now", "2026-02-24T12:00Z", "--json")

    assert "Traceback" not in first.err + second.err
    assert first.status in (0, 3), first.err
    assert first.data["edition"]["recap"]["id"] == "2026-W08"
    collected = first.data["collected"]
    became_none = {why: collected[why] for why in ("duplicates", "refused", "over_limit")}
    assert collected["added"] + sum(became_none.values()) == sum(int(row["entries"]) for row in rows), became_none
    assert sum(": listed twice: " in note for note in collected["notes"]) == collected["duplicates"]
    assert sum(": refused, for they have " in note for note in collected["notes"]) == collected["refused"]
    assert {failure["source"]: int(entries_of[failure["source"]]) for failure in collected["failures"]} == UNREADABLE
    assert second.data["collected"]["added"] == 0
    assert slack_outbox.faults(tmp_path / "outbox") == {}
