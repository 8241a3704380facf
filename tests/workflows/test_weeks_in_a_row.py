"""Week after week on a real store: thin weeks are held over, and what was told comes back only with news."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.digest import Digest, DigestState
from bot.model.event import EventState
from tests.fakes.invented_week import EVENTS, RECAP
from tests.fakes.paper import Paper, in_week, opened

TITLE, LEAD = EVENTS[1][2], EVENTS[1][3]
FINED = "Norway's safety board fined Brightwell 4.6 million kroner on Tuesday after a fire in its plant near Bergen."


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Callable[..., Paper]]:
    with ExitStack() as stack:
        yield lambda **given: _opened(stack, tmp_path, **given)


def _opened(stack: ExitStack, home: Path, *, recap: str = RECAP, **min_events: int) -> Paper:
    """Open a bot with a route to a channel for each minimum."""
    rows = [
        f'  - {{id: {route}, destinations: [{{slack: "#{route}"}}], min_events: {least}}}\n'
        for route, least in min_events.items()
    ]
    return opened(stack, home, routed="routes:\n" + "".join(rows), recap=recap)


def titles(digest: Digest) -> set[str]:
    return {card.title for card in digest.cards}


def test_thin_week_comes_with_the_next_and_only_to_the_route_that_held_it(paper: Callable[..., Paper]) -> None:
    desk = paper(large=6, small=1)
    _, held = desk.edition(47)
    desk.publish("Corvane opens an office in Lisbon", "Forty engineers move in.", at=in_week(48))

    recap, digests = desk.edition(48)

    assert (held["large"].state, held["small"].state) == (DigestState.HELD, DigestState.READY)
    assert digests["large"].state == DigestState.READY
    assert titles(digests["large"]) == titles(held["large"]) | {"Corvane opens an office in Lisbon"}
    assert titles(digests["small"]) == {"Corvane opens an office in Lisbon"}
    assert (recap.numbers.events, recap.previous.events if recap.previous else None) == (1, 5)


def test_several_thin_weeks_may_be_held_in_a_row(paper: Callable[..., Paper]) -> None:
    desk = paper(large=6)
    states = [desk.edition(week)[1]["large"].state for week in (47, 48)]
    desk.publish("Corvane opens an office in Lisbon", "Forty engineers move in.", at=in_week(49))

    last = desk.edition(49)[1]["large"]

    assert states == [DigestState.HELD, DigestState.HELD]
    assert (last.state, len(last.cards)) == (DigestState.READY, 6)
    assert {card.state for card in last.cards} == {EventState.NEW}


def test_held_events_are_let_go_after_the_weeks_that_count_as_related(paper: Callable[..., Paper]) -> None:
    desk = paper(recap=f"{RECAP}related_weeks: 1\n", large=7)
    desk.edition(47)
    desk.publish("Corvane opens an office in Lisbon", "Forty engineers move in.", at=in_week(48))
    held = desk.edition(48)[1]["large"]
    desk.publish("Lumenar finds a lender", "A bank of Osaka steps in.", at=in_week(49))

    last = desk.edition(49)[1]["large"]

    assert len(held.cards) == 6
    assert titles(last) == {"Corvane opens an office in Lisbon", "Lumenar finds a lender"}


def test_what_was_only_held_was_shown_to_nobody(paper: Callable[..., Paper]) -> None:
    desk = paper(large=6)

    desk.edition(47)

    assert desk.bot.store.load_showings(before=in_week(49)) == []


def test_told_event_comes_back_with_its_news_and_says_what_is_new(paper: Callable[..., Paper]) -> None:
    desk = paper(small=1)
    desk.edition(47)
    desk.publish(f"{TITLE} after fire", f"{TITLE}. {FINED}", at=in_week(48) - timedelta(days=1))

    recap, digests = desk.edition(48)

    [card] = digests["small"].cards
    assert card.state == EventState.DEVELOPING
    assert card.whats_new is not None
    assert (card.whats_new.text, card.whats_new.date) == (FINED, None)
    assert [(event.state, event.state_reason) for event in recap.events] == [
        (EventState.DEVELOPING, f"1 new article since 2026-W47: mirador says “{FINED}”")
    ]
    assert recap.numbers.developing == 1
    assert "Developing — new since last week:" in str(digests["small"].slack[0].blocks)


@pytest.mark.parametrize("text", [f"{TITLE}. {LEAD}", LEAD, ""])
def test_copies_bring_no_told_event_back(paper: Callable[..., Paper], text: str) -> None:
    desk = paper(small=1)
    desk.edition(47)
    desk.publish(TITLE, text, at=in_week(48) - timedelta(days=1))

    recap, digests = desk.edition(48)

    assert (recap.events, recap.numbers.events) == ([], 0)
    assert digests["small"].cards == []


def test_first_recap_has_nothing_to_stand_against(paper: Callable[..., Paper]) -> None:
    recap, digests = paper(small=1).edition(47)

    assert (recap.previous, recap.numbers.new) == (None, 5)
    assert "than last week" not in str(digests["small"].slack[0].blocks)
