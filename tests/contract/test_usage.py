"""What asking language models took."""

from datetime import timedelta

from bot.adapters.storage.store import SqlStore
from bot.model.usage import ModelUsage, Outcome
from tests.builders import MONDAY


def a_usage(number: int, **values: object) -> ModelUsage:
    given: dict[str, object] = {
        "id": f"u{number}",
        "event_id": "e1",
        "language": "en",
        "analyst": "openai:gpt-5",
        "prompt_version": "1",
        "asked_at": MONDAY + timedelta(hours=number),
        "outcome": Outcome.WRITTEN,
        "tokens_in": 1_000,
        "cost": 0.01,
    }
    return ModelUsage.model_validate(given | values)


def test_usage_since_a_moment_comes_back_oldest_first(store: SqlStore) -> None:
    usages = [a_usage(3), a_usage(1), a_usage(2, outcome=Outcome.FAILED, reason="no answer")]
    for usage in usages:
        store.save_usage(usage)

    assert store.load_usage(since=MONDAY + timedelta(hours=2)) == [usages[2], usages[0]]


def test_usage_needs_no_event_that_is_still_stored(store: SqlStore) -> None:
    store.save_usage(a_usage(1, event_id="gone"))

    assert [usage.event_id for usage in store.load_usage(since=MONDAY)] == ["gone"]


def test_purge_forgets_old_usage(store: SqlStore) -> None:
    for usage in (a_usage(1), a_usage(3)):
        store.save_usage(usage)

    store.purge(before=MONDAY + timedelta(hours=2))

    assert store.load_usage(since=MONDAY) == [a_usage(3)]
