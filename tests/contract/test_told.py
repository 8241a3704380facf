"""What readers were told, by segment, and what was corrected since."""

from datetime import timedelta

import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.digest import Digest, DigestState
from bot.model.feedback import CORRECT, Erratum, ReviewAct
from bot.model.recap import Served
from bot.model.week import Week
from tests.builders import a_dossier, an_article
from tests.contract.builders import WEEK, a_digest, a_recap, store_dossiers

MONDAY = WEEK.ends_at + timedelta(hours=6)
SEGMENT = ("all", "abc")


def a_segment(*events: str, week: Week = WEEK, state: DigestState = DigestState.READY) -> Digest:
    return a_digest(*events, key=f"abc-{week.id}", recap=week.id, segment="abc", state=state)


def stored(store: SqlStore, week: Week, *digests: Digest) -> None:
    store.save_edition(a_recap(id=week.id, week=week.id, ends_at=week.ends_at, built_at=MONDAY), digests, [])


def test_what_a_segment_was_shown_is_told_by_week_and_is_no_showing_of_the_routes_own(store: SqlStore) -> None:
    one, other = a_dossier(an_article("One")), a_dossier(an_article("Other"))
    store_dossiers(store, one, other)
    stored(store, WEEK, a_digest(one.event.id), a_segment(other.event.id))

    own = store.load_showings(before=WEEK.ends_at)
    told = store.load_told(since=WEEK.starts_at, before=WEEK.ends_at)

    assert [each.event_id for each in own] == [one.event.id]
    shown = {
        key: {week: [each.event_id for each in events] for week, events in weeks.items()} for key, weeks in told.items()
    }
    assert shown == {SEGMENT: {"2026-W47": [other.event.id]}}


@pytest.mark.parametrize("state", [DigestState.HELD, DigestState.SKIPPED])
def test_week_whose_digest_did_not_go_out_told_nothing_and_served_nobody(store: SqlStore, state: DigestState) -> None:
    told = a_dossier()
    store_dossiers(store, told)
    stored(store, WEEK, a_segment(told.event.id, state=state))

    assert store.load_told(since=WEEK.starts_at, before=WEEK.ends_at) == {SEGMENT: {"2026-W47": ()}}
    assert store.load_served(since=WEEK.starts_at, before=WEEK.ends_at) == {}


def test_segments_are_served_by_whole_recaps_within_the_time_asked_for(store: SqlStore) -> None:
    stored(store, WEEK.previous, a_segment(week=WEEK.previous))

    assert store.load_served(since=WEEK.previous.starts_at, before=WEEK.starts_at) == {
        SEGMENT: Served(WEEK.previous.ends_at, MONDAY)
    }
    assert store.load_served(since=WEEK.starts_at, before=WEEK.ends_at) == {}
    assert store.load_told(since=WEEK.starts_at, before=WEEK.ends_at) == {}


def test_digests_that_show_an_event_are_found_the_routes_own_first(store: SqlStore) -> None:
    own = a_digest("e1", key="z")
    stored(store, WEEK, a_segment("e2", "e1"), own, a_digest("e2", route="other"))

    assert store.load_shown_in("e1", recap=WEEK.id) == ["z", "abc-2026-W47"]


def test_corrections_say_whose_digest_and_how_many_mails_had_gone(store: SqlStore) -> None:
    digest = a_segment("e1")
    stored(store, WEEK, digest)
    details = {"note": "It is 60.", "mails": "3"}
    act = ReviewAct(
        id="1", digest_key="abc-2026-W47", act=CORRECT, argument="e1", editor="ann", acted_at=MONDAY, details=details
    )
    store.save_digest(digest, act, instead_of=digest)

    known = [Erratum("2026-W47", "all", "abc", "e1", "It is 60.", MONDAY, 3)]
    assert store.load_errata(recap=WEEK.id) == known
    assert store.load_errata(since=MONDAY) == known
    assert store.load_errata(since=MONDAY + timedelta(seconds=1)) == []
