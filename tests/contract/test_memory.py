"""SQLite in memory: the fake that other tests use keeps the same promises."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.adapters.storage.store import SqlStore
from tests.builders import NOW, a_dossier, an_article
from tests.contract.builders import a_delivery, store_articles, store_dossiers


@pytest.fixture(params=["sqlite://", "sqlite:///:memory:"])
def memory(request: pytest.FixtureRequest) -> SqlStore:
    store = SqlStore(str(request.param))
    store.upgrade()
    return store


def test_memory_keeps_what_it_is_given(memory: SqlStore) -> None:
    store_dossiers(memory, a_dossier())

    memory.check()
    assert memory.load_dossiers() == [a_dossier()]
    assert len(memory.search_events("weather", limit=5)) == 1


def test_memories_are_apart(memory: SqlStore) -> None:
    other = SqlStore("sqlite://")
    other.upgrade()

    store_articles(other, an_article())

    assert memory.load_articles() == []


def test_threads_share_one_memory(memory: SqlStore) -> None:
    deliveries = [a_delivery(f"reply-{number:02}") for number in range(20)]
    memory.save_deliveries(deliveries)

    def claim(delivery: str) -> bool:
        return memory.claim(delivery, now=NOW, lease_s=60)

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(claim, [delivery.id for delivery in deliveries] * 3))

    assert won.count(True) == 20


def test_memory_always_leads(memory: SqlStore) -> None:
    with memory.lead() as is_leading:
        assert is_leading
