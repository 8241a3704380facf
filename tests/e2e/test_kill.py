"""`recap` killed with SIGKILL at random moments of its whole life: the same recap, nothing twice, nothing lost."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.wiring import WORKERS
from tests.fakes.slack_server import SCOPES, Mishap
from tests.fakes.world import CHANNELS, NOW, READERS, WEEK, World, a_world

EDITION = ("recaps", "digests", "events", "memberships", "insights")
"""What a kill must not change, row by row."""
ARTICLES = 62
"""Of the invented week as its feeds show it at the last poll."""
POSTS = 7
"""Of the edition, to each channel: the digest and a reply for each of six events."""
PATIENCE_S = 300
"""On a busy machine a run takes a minute."""
TAKEN_WITHOUT_ANSWER = Mishap(is_taken=True, hangs=True)

Moment = Callable[[World], bool]


@dataclass(frozen=True, slots=True)
class Life:
    """A run that nobody killed, and how long its parts took."""

    world: World
    opening_s: float
    """Until it asked the first source."""
    thinking_s: float
    """From the last article stored to the frozen recap."""


@pytest.fixture(scope="module")
def unkilled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    with a_world(tmp_path_factory.mktemp("unkilled") / "home") as world:
        began = time.monotonic()
        process = world.operator.process("run", "--now", NOW, output=subprocess.DEVNULL)
        wait(world, polled(world, 1), process)
        opened = time.monotonic()
        wait(world, lambda world: count(world, "articles") == ARTICLES, process)
        collected = time.monotonic()
        wait(world, lambda world: count(world, "recaps") == 1, process)
        built = time.monotonic()
        assert process.wait(120) == 0
        yield Life(world, opened - began, built - collected)


def a_seeded_chance() -> random.Random:
    seed = random.SystemRandom().randrange(2**32)
    sys.stdout.write(f"seed {seed}\n")
    return random.Random(seed)


def kill(world: World, *words: str, when: Moment, after_s: float = 0.0, at_latest: Moment | None = None) -> None:
    """Start `recap` with *words* and kill it *after_s* seconds from the moment *when*, but *at_latest* then."""
    process = world.operator.process(*words, "--now", NOW, output=subprocess.DEVNULL)
    wait(world, when, process)
    over = time.monotonic() + after_s
    wait(world, lambda world: time.monotonic() >= over or bool(at_latest and at_latest(world)), process)
    process.kill()
    tables = {table: count(world, table) for table in ("articles", "events", "recaps", "deliveries")}
    sys.stdout.write(f"killed {words[0]}: {tables}\n")
    assert process.wait() == -signal.SIGKILL


def wait(world: World, when: Moment, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not when(world) and process.poll() is None:
        assert time.monotonic() < deadline, "the moment to kill never came"
        time.sleep(0.003)


def count(world: World, table: str) -> int:
    """Return how many rows *table* has by now; 0 where it is not there yet."""
    try:
        return len(world.rows(table))
    except sqlite3.OperationalError:
        return 0


def at_once(_: World) -> bool:
    return True


def collected(world: World, articles: int) -> Moment:
    return lambda world: count(world, "articles") >= articles


def understood(world: World) -> bool:
    return count(world, "events") > 0


def built(world: World) -> bool:
    return count(world, "recaps") == 1


def polled(world: World, more: int) -> Moment:
    enough = world.sources.requests + more
    return lambda world: world.sources.requests >= enough


def delivered(world: World, more: int) -> Moment:
    enough = world.arrived() + more
    return lambda world: world.arrived() >= enough


def only_one_is_open(world: World) -> bool:
    """Return whether all that could be sent beside a message without an answer has been sent and settled."""
    posts = Counter(channel for channel, _ in world.posts())
    if len(world.mails()) < len(READERS) or max(posts.values(), default=0) < POSTS:
        return False
    return states_of(world) >= Counter(sent=world.arrived() - 1, sending=1)


def stored(world: World, *tables: str) -> dict[str, list[str]]:
    """Return the rows of *tables*, in no order that matters."""
    return {table: sorted(map(repr, world.rows(table))) for table in tables}


def articles_by_source(world: World) -> Counter[str]:
    return Counter(row["source"] for row in world.rows("articles"))


def states_of(world: World) -> Counter[str]:
    return Counter(row["state"] for row in world.rows("deliveries"))


def held_back(world: World) -> int:
    """Return how many replies wait because nobody can tell whether their parent arrived."""
    rows = world.rows("deliveries")
    lost = {
        (row["subject"], row["destination"]) for row in rows if row["part"] == "parent" and row["state"] == "unknown"
    }
    return sum(row["state"] == "planned" and (row["subject"], row["destination"]) in lost for row in rows)


def assert_whole_or_absent(world: World, whole: Counter[str]) -> None:
    found = articles_by_source(world)
    assert all(found[source] in (0, whole[source]) for source in whole)


def assert_nothing_twice(world: World) -> None:
    rows = {row["id"]: row for row in world.rows("deliveries")}
    parents = Counter(channel for channel, delivery in world.posts() if rows[delivery]["part"] == "parent")
    assert set(world.posts().values()) <= {1}
    assert set(world.mails().values()) <= {1}
    assert set(parents.values()) <= {1}


def test_ten_kills_of_a_run_change_no_line_of_the_recap_and_repeat_no_message(unkilled: Life, tmp_path: Path) -> None:
    chance = a_seeded_chance()
    whole = articles_by_source(unkilled.world)
    edition = stored(unkilled.world, *EDITION)
    planned = len(unkilled.world.rows("deliveries"))
    with a_world(tmp_path / "home") as world:
        kill(world, "run", when=polled(world, chance.randint(1, 8)), after_s=chance.uniform(0, 0.1))
        kill(world, "run", when=collected(world, chance.randint(1, 50)))
        assert_whole_or_absent(world, whole)
        thinking_s = unkilled.thinking_s * chance.uniform(0, 0.5)
        kill(world, "run", when=collected(world, ARTICLES), after_s=thinking_s, at_latest=built)
        for _ in range(2):  # understanding or building
            thinking_s = unkilled.thinking_s * chance.uniform(0, 0.9)
            kill(world, "run", when=at_once, after_s=unkilled.opening_s + thinking_s, at_latest=built)
        kill(world, "run", when=understood, after_s=unkilled.thinking_s * chance.uniform(0, 0.3), at_latest=built)
        kill(world, "run", when=built, after_s=chance.uniform(0, 0.05))
        assert articles_by_source(world) == whole
        for _ in range(3):
            kill(world, "run", when=delivered(world, chance.randint(1, 8)), after_s=chance.uniform(0, 0.03))
            assert stored(world, *EDITION) == edition
            assert states_of(world)["sending"] <= WORKERS

        last = world.operator.recap("run", "--now", NOW, "--json")

        states = states_of(world)
        assert last.data["edition"]["recap"]["id"] == WEEK
        assert stored(world, *EDITION) == edition
        assert_nothing_twice(world)
        assert sum(states.values()) == planned == states["sent"] + states["unknown"] + held_back(world)
        assert states["unknown"] <= 3 * WORKERS
        assert last.status == (3 if states["unknown"] or last.data["sent"]["waiting"] else 0), last.err
        assert len(world.posts()) + len(world.mails()) >= states["sent"]
        assert world.mails().keys() <= set(READERS)


def test_killed_collection_leaves_each_source_whole_or_absent(unkilled: Life, tmp_path: Path) -> None:
    chance = a_seeded_chance()
    whole = articles_by_source(unkilled.world)
    with a_world(tmp_path / "home") as world:
        kill(world, "collect", when=collected(world, chance.randint(1, 50)))
        assert_whole_or_absent(world, whole)

        answer = world.operator.recap("collect", "--now", NOW)

        assert answer.status == 0, answer.err
        assert articles_by_source(world) == whole
        assert stored(world, "events", "memberships") == stored(unkilled.world, "events", "memberships")


def test_post_whose_answer_died_with_the_process_is_found_in_the_history(unkilled: Life, tmp_path: Path) -> None:
    with a_world(tmp_path / "home") as world:
        world.slack.script.append(TAKEN_WITHOUT_ANSWER)
        kill(world, "run", when=only_one_is_open)

        last = world.operator.recap("run", "--now", NOW, "--json")

        assert last.status == 0, last.err
        assert states_of(world) == Counter(sent=len(unkilled.world.rows("deliveries")))
        assert_nothing_twice(world)
        assert {channel for channel, _ in world.posts()} == set(CHANNELS)
        assert len(world.posts()) == len(unkilled.world.posts())


def test_post_that_no_history_shows_stays_unknown_and_is_never_sent_again(tmp_path: Path) -> None:
    with a_world(tmp_path / "home", scopes=SCOPES - {"channels:history"}) as world:
        world.slack.script.extend([None, None, None, TAKEN_WITHOUT_ANSWER])  # the fourth post of all is a reply
        kill(world, "run", when=only_one_is_open)

        second = world.operator.recap("run", "--now", NOW, "--json")
        third = world.operator.recap("run", "--now", NOW, "--json")

        assert (second.status, second.data["sent"]["unknown"]) == (3, 1)
        assert (third.status, third.data["sent"]["unknown"]) == (3, 0)
        assert "nobody can tell whether it arrived" in third.out
        assert states_of(world) == Counter(sent=33, unknown=1)
        assert_nothing_twice(world)
