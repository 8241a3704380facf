"""Events, memberships, redirects, threads and insights."""

from datetime import timedelta

import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.audience import AudienceMatch
from bot.model.errors import StorageError
from bot.model.event import Clustering, EventState, JoinedBy, Membership
from tests.builders import MONDAY, NOW, a_dossier, an_article
from tests.contract.builders import an_insight, store_articles, store_dossiers

DAY = timedelta(days=1)


def test_dossier_comes_back_as_it_was_saved(store: SqlStore) -> None:
    told = a_dossier(
        an_article(),
        an_article("哈尔西恩发布模型", source="orrery", published_at=MONDAY + DAY),
        state=EventState.DEVELOPING,
        audiences=[AudienceMatch(id="founders", confidence=0.7, reason="funding")],
        topics=["models"],
        hook="Halcyon opens it.",
    )

    store_dossiers(store, told)

    assert store.load_dossiers() == [told]


def test_event_is_found_by_any_of_its_articles_and_comes_with_all(store: SqlStore) -> None:
    long_lived = a_dossier(an_article("First"), an_article("Second", published_at=MONDAY + 3 * DAY))
    over = a_dossier(an_article("Over", published_at=MONDAY - DAY))
    store_dossiers(store, long_lived, over)

    found = store.load_dossiers(since=MONDAY + 2 * DAY, until=MONDAY + 4 * DAY)

    assert found == [long_lived]


def test_editors_membership_stands(store: SqlStore) -> None:
    here, there = a_dossier(an_article("Here")), a_dossier(an_article("There"))
    store_dossiers(store, here, there)
    moved = here.articles[0].id
    by_editor = Membership(
        article_id=moved, event_id=there.event.id, reason="merged", by=JoinedBy.EDITOR, joined_at=NOW
    )

    store.save_clustering(Clustering(memberships=(by_editor,)))
    store.save_clustering(Clustering(memberships=here.memberships))

    [event] = store.load_dossiers()
    assert event.event.id == there.event.id
    assert by_editor in event.memberships


def test_editor_may_move_what_an_editor_moved(store: SqlStore) -> None:
    here, there = a_dossier(an_article("Here")), a_dossier(an_article("There"))
    store_dossiers(store, here, there)
    away = here.memberships[0].model_copy(update={"event_id": there.event.id, "by": JoinedBy.EDITOR})
    back = here.memberships[0].model_copy(update={"by": JoinedBy.EDITOR})

    store.save_clustering(Clustering(memberships=(away,)))
    store.save_clustering(Clustering(memberships=(back,)))

    assert {dossier.event.id for dossier in store.load_dossiers()} == {here.event.id, there.event.id}


def test_machine_moves_what_the_machine_joined(store: SqlStore) -> None:
    here, there = a_dossier(an_article("Here")), a_dossier(an_article("There"))
    store_dossiers(store, here, there)

    moved = here.memberships[0].model_copy(update={"event_id": there.event.id})
    store.save_clustering(Clustering(memberships=(moved,)))

    [event] = store.load_dossiers()
    assert len(event.articles) == 2


def test_events_come_by_id_in_the_order_asked_for(store: SqlStore) -> None:
    first, second = a_dossier(an_article("First")), a_dossier(an_article("Second", published_at=MONDAY + DAY))
    store_dossiers(store, first, second)

    found = store.load_dossiers_by_id([second.event.id, "unknown", first.event.id])

    assert found == [second, first]


def test_chain_of_redirects_is_followed(store: SqlStore) -> None:
    oldest = a_dossier(an_article("Oldest"))
    store_dossiers(store, oldest)
    store.save_clustering(Clustering(redirects={"e3": "e2"}))
    store.save_clustering(Clustering(redirects={"e2": oldest.event.id}))

    assert store.load_dossiers_by_id(["e3"]) == [oldest]
    assert store.load_dossiers_by_id(["e3", oldest.event.id, "e2"]) == [oldest]


def test_ring_of_redirects_ends(store: SqlStore) -> None:
    store.save_clustering(Clustering(redirects={"e1": "e2", "e2": "e1"}))

    assert store.load_dossiers_by_id(["e1"]) == []


def test_merged_event_is_not_listed(store: SqlStore) -> None:
    kept, merged = a_dossier(an_article("Kept"), thread_id="t1"), a_dossier(an_article("Merged"), thread_id="t1")
    store_dossiers(store, kept, merged)

    store.save_clustering(Clustering(redirects={merged.event.id: kept.event.id}))

    assert store.load_dossiers() == [kept]
    assert store.load_thread("t1") == [kept]
    assert store.load_merged_from("t1") == [kept]
    assert store.load_merged_from("t2") == []


def test_thread_lists_its_events_oldest_first(store: SqlStore) -> None:
    later = a_dossier(an_article("Later", published_at=MONDAY + 7 * DAY), thread_id="t1")
    earlier = a_dossier(an_article("Earlier"), thread_id="t1")
    store_dossiers(store, later, earlier, a_dossier(an_article("Another")))

    assert store.load_thread("t1") == [earlier, later]


def test_outlines_come_as_asked_for_with_articles_that_have_no_texts(store: SqlStore) -> None:
    told = a_dossier(an_article("One", html="<p>Long.</p>"), an_article("Two", published_at=MONDAY + DAY))
    other = a_dossier(an_article("Other"))
    store_dossiers(store, told, other)

    found = store.load_outlines([other.event.id, "unknown", told.event.id])

    assert [each.event for each in found] == [other.event, told.event]
    assert [(article.title, article.text, article.html) for article in found[1].articles] == [
        ("One", "", ""),
        ("Two", "", ""),
    ]
    assert found[1].content_hash == told.content_hash


def test_most_told_events_come_by_publishers_then_by_date(store: SqlStore) -> None:
    old = a_dossier(an_article("Old", published_at=MONDAY - DAY))
    one, later = a_dossier(an_article("One")), a_dossier(an_article("Later", published_at=MONDAY + DAY))
    two = a_dossier(an_article("Two"), an_article("Two", publisher="Orrery", source="orrery"))
    store_dossiers(store, old, one, two, later)

    assert store.load_most_told(since=MONDAY, limit=3) == [two.event.id, later.event.id, one.event.id]
    assert store.load_most_told(since=MONDAY, limit=1) == [two.event.id]


def test_facts_of_an_event_are_replaced(store: SqlStore) -> None:
    told = a_dossier()
    store_dossiers(store, told)

    store.save_events([told.event.model_copy(update={"hook": "Now with a number: 40."})])

    [found] = store.load_dossiers()
    assert found.event.hook == "Now with a number: 40."
    assert found.articles == told.articles


def test_insights_come_newest_first(store: SqlStore) -> None:
    told = a_dossier()
    store_dossiers(store, told)
    old = an_insight(told)
    new = an_insight(told, analyst="openai:gpt-5", made_at=NOW + DAY)

    store.save_insight(old)
    store.save_insight(new)

    assert store.load_insights([told.event.id, "unknown"]) == {told.event.id: [new, old]}


def test_insight_is_replaced_by_key(store: SqlStore) -> None:
    told = a_dossier()
    store_dossiers(store, told)

    store.save_insight(an_insight(told))
    store.save_insight(an_insight(told, dropped_claims=2))

    assert store.load_insights([told.event.id]) == {told.event.id: [an_insight(told, dropped_claims=2)]}


def test_clustering_is_stored_whole_or_not_at_all(store: SqlStore) -> None:
    stored, missing = a_dossier(an_article("Stored")), a_dossier(an_article("Missing"))
    store_articles(store, *stored.articles)
    both = Clustering((stored.event, missing.event), (*stored.memberships, *missing.memberships))

    with pytest.raises(StorageError):
        store.save_clustering(both)

    assert store.load_unjoined_articles() == list(stored.articles)
