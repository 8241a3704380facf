"""Editions, digests and reviews."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.digest import DigestState
from bot.model.event import EventState
from bot.model.feedback import ReviewAct
from bot.model.recap import ScoredEvent, Showing
from bot.model.week import Week
from tests.builders import NOW, a_dossier, an_article
from tests.contract.builders import WEEK, a_card, a_digest, a_recap, an_insight, store_dossiers


def test_edition_comes_back_as_it_was_saved(store: SqlStore) -> None:
    told = a_dossier()
    store_dossiers(store, told)

    store.save_edition(a_recap("e2", "e1"), [a_digest("e2")], [an_insight(told)])

    assert store.load_recap(WEEK.id) == a_recap("e2", "e1")
    assert store.load_digests(WEEK.id) == [a_digest("e2")]
    assert store.load_digest(a_digest().key) == a_digest("e2")
    assert store.load_insights([told.event.id]) == {told.event.id: [an_insight(told)]}


def test_what_was_never_stored_is_null(store: SqlStore) -> None:
    assert store.load_recap("2026-W01") is None
    assert store.load_digest("unknown") is None
    assert store.load_digests("2026-W01") == []


def test_edition_saved_twice_keeps_the_first(store: SqlStore) -> None:
    told = a_dossier()
    store_dossiers(store, told)
    store.save_edition(a_recap("e1", title="First"), [a_digest("e1", title="First")], [an_insight(told)])

    store.save_edition(
        a_recap("e2", title="Second"), [a_digest("e2", title="Second")], [an_insight(told, dropped_claims=9)]
    )

    assert store.load_recap(WEEK.id) == a_recap("e1", title="First")
    assert store.load_digests(WEEK.id) == [a_digest("e1", title="First")]
    assert store.load_insights([told.event.id]) == {told.event.id: [an_insight(told)]}


def test_new_segment_joins_a_stored_edition(store: SqlStore) -> None:
    store.save_edition(a_recap("e1"), [a_digest("e1", route="founders")], [])

    store.save_edition(a_recap("e1"), [a_digest("e1", route="engineers")], [])

    assert [digest.route_id for digest in store.load_digests(WEEK.id)] == ["engineers", "founders"]


def test_recaps_come_newest_first(store: SqlStore) -> None:
    for week in (WEEK.previous, WEEK.next, WEEK):
        store.save_edition(a_recap(id=week.id, week=week.id, starts_at=week.starts_at, ends_at=week.ends_at), [], [])

    assert [recap.id for recap in store.load_recaps()] == ["2026-W48", "2026-W47", "2026-W46"]


def test_heads_of_recaps_come_newest_first_without_events(store: SqlStore) -> None:
    for week in (WEEK.previous, WEEK):
        edition = a_recap("e1", id=week.id, week=week.id, starts_at=week.starts_at, ends_at=week.ends_at)
        store.save_edition(edition, [], [])

    heads = store.load_recap_heads()

    assert [(head.id, head.events) for head in heads] == [("2026-W47", []), ("2026-W46", [])]
    assert heads[0].numbers == a_recap().numbers


def test_scored_events_keep_their_order(store: SqlStore) -> None:
    events = [ScoredEvent(event_id=event, score=0.5) for event in ("e9", "e1", "e5")]

    store.save_edition(a_recap(events=events), [], [])

    [recap] = store.load_recaps()
    assert recap.events == events


def test_messages_of_a_digest_come_without_its_cards(store: SqlStore) -> None:
    digest = a_digest("e1", "e2", note="Hello.")
    store.save_edition(a_recap("e1", "e2"), [digest], [])

    assert len(digest.cards) == 2
    assert store.load_messages(digest.key) == digest.model_copy(update={"cards": []})
    assert store.load_messages("unknown") is None


def test_editors_change_replaces_the_digest_and_is_recorded(store: SqlStore) -> None:
    store.save_edition(a_recap("e1", "e2"), [a_digest("e1", "e2", state=DigestState.DRAFT)], [])
    key = a_digest().key
    drop = ReviewAct(id="2", digest_key=key, act="drop", argument="e1", editor="ann", acted_at=NOW)
    approve = ReviewAct(
        id="1", digest_key=key, act="approve", editor="ann", acted_at=NOW + timedelta(minutes=1), details={"via": "web"}
    )

    dropped = a_digest("e2", state=DigestState.DRAFT)
    assert store.save_digest(dropped, drop, instead_of=a_digest("e1", "e2", state=DigestState.DRAFT))
    assert store.save_digest(a_digest("e2", note="Hello."), approve, instead_of=dropped)

    assert store.load_digest(key) == a_digest("e2", note="Hello.")
    assert store.load_review_acts(key) == [drop, approve]


def test_change_of_a_digest_that_somebody_changed_meanwhile_is_not_kept(store: SqlStore) -> None:
    seen = a_digest("e1", "e2", state=DigestState.DRAFT)
    store.save_edition(a_recap("e1", "e2"), [seen], [])
    drop = ReviewAct(id="1", digest_key=seen.key, act="drop", argument="e1", editor="ann", acted_at=NOW)
    note = ReviewAct(id="2", digest_key=seen.key, act="note", argument="Hello.", editor="ben", acted_at=NOW)
    dropped = a_digest("e2", state=DigestState.DRAFT)

    assert store.save_digest(dropped, drop, instead_of=seen)
    assert not store.save_digest(a_digest("e1", "e2", note="Hello.", state=DigestState.DRAFT), note, instead_of=seen)

    assert store.load_digest(seen.key) == dropped
    assert store.load_review_acts(seen.key) == [drop]


def test_of_two_editors_at_once_one_is_heard(store: SqlStore) -> None:
    seen = a_digest("e1", state=DigestState.DRAFT)
    store.save_edition(a_recap("e1"), [seen], [])

    def save(number: int) -> bool:
        act = ReviewAct(id=str(number), digest_key=seen.key, act="note", editor="ann", acted_at=NOW)
        return store.save_digest(a_digest("e1", note=f"{number}"), act, instead_of=seen)

    with ThreadPoolExecutor(8) as editors:
        assert sorted(editors.map(save, range(8))) == [False] * 7 + [True]

    assert len(store.load_review_acts(seen.key)) == 1


def an_edition(
    store: SqlStore, week: Week, *events: str, state: DigestState = DigestState.READY, is_partial: bool = False
) -> None:
    """Store a recap of *week* whose digest shows *events*, built six hours after it."""
    built_at = week.ends_at + timedelta(hours=6)
    recap = a_recap(*events, id=week.id, week=week.id, ends_at=week.ends_at, built_at=built_at, is_partial=is_partial)
    store.save_edition(recap, [a_digest(*events, recap=week.id, state=state)], [])


def shown(store: SqlStore, before: datetime) -> list[tuple[str, str]]:
    return [(showing.week, showing.event_id) for showing in store.load_showings(before=before)]


def test_showings_are_of_whole_recaps_that_ended_before_oldest_first(store: SqlStore) -> None:
    one, other = a_dossier(an_article("One")), a_dossier(an_article("Other"))
    store_dossiers(store, one, other)
    an_edition(store, WEEK, one.event.id)
    an_edition(store, WEEK.previous, one.event.id, other.event.id)
    ids = sorted((one.event.id, other.event.id))

    assert shown(store, WEEK.starts_at) == [("2026-W46", event) for event in ids]
    assert shown(store, WEEK.ends_at) == [*(("2026-W46", event) for event in ids), ("2026-W47", one.event.id)]


def test_showing_says_when_its_recap_was_built_and_what_thread_it_told(store: SqlStore) -> None:
    told = a_dossier()
    store_dossiers(store, told)
    an_edition(store, WEEK, told.event.id)

    [showing] = store.load_showings(before=WEEK.ends_at)

    assert showing == Showing(
        told.event.id, told.event.thread_id, "2026-W47", WEEK.ends_at, WEEK.ends_at + timedelta(hours=6)
    )


def test_partial_recap_shows_nothing_to_later_ones(store: SqlStore) -> None:
    told = a_dossier()
    store_dossiers(store, told)
    an_edition(store, WEEK, told.event.id, is_partial=True)

    assert shown(store, WEEK.ends_at) == []


@pytest.mark.parametrize(
    ("state", "count"),
    [
        (DigestState.READY, 1),
        (DigestState.DRAFT, 1),
        (DigestState.HELD, 0),
        (DigestState.SKIPPED, 0),
        (DigestState.REJECTED, 0),
    ],
)
def test_what_no_reader_got_was_not_shown(store: SqlStore, state: DigestState, count: int) -> None:
    told = a_dossier()
    store_dossiers(store, told)
    an_edition(store, WEEK, told.event.id, state=state)

    assert len(shown(store, WEEK.ends_at)) == count


def test_event_that_two_digests_show_comes_once(store: SqlStore) -> None:
    told = a_dossier()
    store_dossiers(store, told)
    an_edition(store, WEEK, told.event.id)
    store.save_edition(a_recap(), [a_digest(told.event.id, route="other")], [])

    assert shown(store, WEEK.ends_at) == [("2026-W47", told.event.id)]


def test_standing_of_an_event_is_kept_with_its_recap(store: SqlStore) -> None:
    event = ScoredEvent(event_id="e1", score=0.5, state=EventState.DEVELOPING, state_reason="1 new article")

    store.save_edition(a_recap(events=[event]), [], [])

    recap = store.load_recap(WEEK.id)
    assert recap is not None
    assert recap.events == [event]


def test_digest_that_shows_an_event_twice_is_stored(store: SqlStore) -> None:
    store.save_edition(a_recap("e1"), [a_digest("e1", "e1")], [])

    assert store.load_digests(WEEK.id)[0].cards == [a_card("e1"), a_card("e1")]


def test_states_of_digests_are_read_without_their_cards(store: SqlStore) -> None:
    draft, ready = a_digest("e1", state=DigestState.DRAFT), a_digest("e1", route="founders")
    store.save_edition(a_recap("e1"), [draft, ready], [])

    assert store.load_digest_states(WEEK.id) == {draft.key: DigestState.DRAFT, ready.key: DigestState.READY}
    assert store.load_digest_states("2026-W01") == {}


def test_digests_of_segments_are_kept_beside_the_routes_own(store: SqlStore) -> None:
    own, segment = a_digest("e1"), a_digest("e2", key="of-a-segment", segment="abc")
    store.save_edition(a_recap("e1", "e2"), [own], [])

    store.save_edition(a_recap("e1", "e2"), [segment], [])

    assert store.load_digests(WEEK.id) == [own]
    assert store.load_digest("of-a-segment") == segment
    assert set(store.load_digest_states(WEEK.id)) == {own.key, "of-a-segment"}


def test_what_was_held_over_is_told_by_route_and_segment(store: SqlStore) -> None:
    held = {"state": DigestState.HELD}
    digests = [
        a_digest("e1", **held),
        a_digest("e3", "e2", key="of-a-segment", segment="abc", **held),
        a_digest("e4", route="other"),
    ]

    store.save_edition(a_recap("e1", "e2", "e3", "e4"), digests, [])

    assert store.load_held(WEEK.id) == {("all", ""): ["e1"], ("all", "abc"): ["e2", "e3"]}
