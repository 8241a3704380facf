"""The sample weeks one after the other: what comes back has news, and says so."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.digest import Card, Digest
from bot.model.event import EventState
from tests.e2e.conftest import Demo

REPEATS = {"nr-3351", "qy-8849", "bb-2229", "pl-664"}
"""Copies and retellings of last week's news."""


@pytest.fixture(scope="module")
def store(demo: Demo) -> Iterator[SqlStore]:
    with closing(SqlStore(f"sqlite:///{demo.home / 'demo' / 'recap.db'}")) as opened:
        yield opened


def cards(digests: list[Digest]) -> list[Card]:
    return [card for digest in digests for card in digest.cards]


def test_second_week_shows_nothing_again_that_has_no_news(store: SqlStore) -> None:
    before = {card.event_id for card in cards(store.load_digests("2026-W47"))}
    again = [card for card in cards(store.load_digests("2026-W48")) if card.event_id in before]

    recap = store.load_recap("2026-W48")

    assert all(card.whats_new for card in again)
    assert recap is not None
    told = store.load_dossiers_by_id([event.event_id for event in recap.events])
    assert REPEATS.isdisjoint(article.guid for dossier in told for article in dossier.articles)


def test_what_developed_says_what_is_new(store: SqlStore) -> None:
    shown = {card.event_id: card for card in cards(store.load_digests("2026-W48"))}
    back = {card.title: card for card in shown.values() if card.whats_new}

    titles = " / ".join(sorted(back))

    assert all(name in titles for name in ("Weightyard", "Brindlemark", "Solvane"))
    assert {card.state for card in back.values()} == {EventState.DEVELOPING, EventState.RESOLVED}
    assert all(card.state != EventState.DEVELOPING or card.whats_new for card in shown.values())


def test_week_stands_against_the_week_before(store: SqlStore) -> None:
    first, second, third = (store.load_recap(f"2026-W{week}") for week in (46, 47, 48))

    assert first is not None
    assert second is not None
    assert third is not None
    assert (first.previous, second.previous, third.previous) == (None, first.numbers, second.numbers)
    assert third.numbers.resolved >= 1
    assert third.numbers.developing >= 3
