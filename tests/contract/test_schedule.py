"""Periods and leadership."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.adapters.storage.store import SqlStore
from tests.builders import NOW


def test_period_is_taken_once(store: SqlStore, other_store: SqlStore) -> None:
    assert store.claim_period("build", "2026-W47", now=NOW)
    assert not store.claim_period("build", "2026-W47", now=NOW)
    assert not other_store.claim_period("build", "2026-W47", now=NOW)
    assert other_store.claim_period("build", "2026-W48", now=NOW)
    assert other_store.claim_period("collect", "2026-W47", now=NOW)


def test_of_many_threads_one_takes_the_period(store: SqlStore, other_store: SqlStore) -> None:
    def take(each: SqlStore) -> bool:
        return each.claim_period("build", "2026-W47", now=NOW)

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, [store, other_store] * 8))

    assert taken.count(True) == 1


def test_one_process_leads(store: SqlStore, other_store: SqlStore) -> None:
    with store.lead() as is_first, other_store.lead() as is_second:
        assert (is_first, is_second) == (True, False)

    with other_store.lead() as is_leading:
        assert is_leading


def test_offices_are_held_apart(store: SqlStore, other_store: SqlStore) -> None:
    with store.lead("scheduler") as is_scheduler, other_store.lead("sender") as is_sender:
        assert (is_scheduler, is_sender) == (True, True)

        with other_store.lead("scheduler") as is_second:
            assert not is_second


def test_upgrade_waits_for_no_office(store: SqlStore, other_store: SqlStore) -> None:
    with store.lead("scheduler"), store.lead("sender"):
        other_store.upgrade()

        other_store.check()


def test_leadership_ends_with_an_error(store: SqlStore, other_store: SqlStore) -> None:
    with pytest.raises(RuntimeError), store.lead():
        raise RuntimeError

    with other_store.lead() as is_leading:
        assert is_leading


def test_leader_can_still_work(store: SqlStore) -> None:
    with store.lead():
        assert store.claim_period("build", "2026-W47", now=NOW)
