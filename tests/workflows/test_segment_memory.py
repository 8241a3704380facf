"""Week after week, each segment's readers are told what is new to them: what others saw does not count as theirs."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.digest import Digest
from bot.model.event import EventState
from tests.fakes.invented_week import EVENTS
from tests.fakes.paper import Paper, in_week, opened

ADA, BO = "ada@reader.example", "bo@reader.example"
TITLE, LEAD = EVENTS[1][2], EVENTS[1][3]
FINED = "Norway's safety board fined Brightwell 4.6 million kroner on Tuesday after a fire in its plant near Bergen."
PROBED = "The regulator opened an antitrust investigation, and lawmakers in parliament want a new law on Wednesday."


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Callable[[str], Paper]]:
    with ExitStack() as stack:
        yield lambda audience: opened(stack, tmp_path, routed=ROUTE.format(audience=audience))


ROUTE = "routes:\n  - {{id: all, audiences: [{audience}], destinations: [{{email: team}}], min_events: 1}}\n"


def goes_on(desk: Paper, text: str) -> None:
    """Let a later article tell of Brightwell again."""
    desk.publish(f"{TITLE} after fire", f"{TITLE}. {text}", at=in_week(48) - timedelta(days=1))
    desk.edition(48)


def states(digest: Digest | None) -> dict[str, EventState]:
    assert digest is not None
    return {card.title: card.state for card in digest.cards}


def test_what_a_segment_saw_develops_for_it_and_is_new_to_others(paper: Callable[[str], Paper]) -> None:
    desk = paper("policy")
    desk.joins(ADA, audiences=["investors"])
    desk.edition(47)
    goes_on(desk, FINED)
    desk.joins(BO, audiences=["investors"], density="compact")

    assert states(desk.digest_for(ADA, 48)) == {TITLE: EventState.DEVELOPING}
    assert states(desk.digest_for(BO, 48)) == {TITLE: EventState.NEW}


def test_what_only_a_segment_saw_is_held_back_from_nobody_else(paper: Callable[[str], Paper]) -> None:
    desk = paper("policy")
    desk.joins(ADA, audiences=["investors"])
    desk.edition(47)
    goes_on(desk, LEAD)
    desk.joins(BO, audiences=["investors"], density="compact")

    assert desk.digest_for(ADA, 48) is None
    assert states(desk.digest_for(BO, 48)) == {TITLE: EventState.NEW}


@pytest.mark.parametrize("text", [PROBED, f"{LEAD} {PROBED}"])
def test_what_a_segment_never_saw_is_new_to_it_though_the_routes_digest_showed_it(
    paper: Callable[[str], Paper], text: str
) -> None:
    desk = paper("investors")
    desk.joins(ADA, audiences=["policy"])
    desk.edition(47)
    goes_on(desk, text)

    assert states(desk.digest_for(ADA, 48)) == {TITLE: EventState.NEW}
    [own] = desk.bot.store.load_digests("2026-W48")
    assert states(own) == {TITLE: EventState.DEVELOPING}


def test_segment_that_is_new_goes_on_from_what_the_routes_digest_showed(paper: Callable[[str], Paper]) -> None:
    desk = paper("investors")
    desk.edition(47)
    goes_on(desk, FINED)
    desk.joins(ADA, density="compact")

    assert states(desk.digest_for(ADA, 48)) == {TITLE: EventState.DEVELOPING}


def test_readers_for_whom_there_is_nothing_are_told_so_once_in_four_weeks(paper: Callable[[str], Paper]) -> None:
    desk = paper("investors")
    desk.joins(ADA, audiences=["marketers"])
    found = []
    for week in range(47, 52):
        desk.publish(f"Startup {'ABCDE'[week - 47]}rno raises a seed round", "Investors paid.", at=in_week(week))
        desk.edition(week)
        found.append(desk.digest_for(ADA, week) is not None)

    assert found == [True, False, False, False, True]
