"""What an editor's merge and split make of events."""

from datetime import timedelta

import pytest

from bot.model.errors import NotAllowed
from bot.model.event import Bond, JoinedBy, Verdict, event_id
from bot.understand import edit
from bot.understand.bonds import respected
from tests.builders import MONDAY, NOW, a_dossier, an_article
from tests.unit.understand.newsroom import Newsroom

HOUR = timedelta(hours=1)

LAUNCH = an_article("Orrery Labs launches the Tidewell 4 chip for 900 dollars")
FOLLOWED = an_article(
    "Tidewell 4 chip launched by Orrery Labs at 900 dollars", source="quay", published_at=MONDAY + HOUR
)
RECALL = an_article("Recall of 3,000 kettles by maker Brassfield", source="dune", published_at=MONDAY + 2 * HOUR)
RECALLED = an_article("Brassfield recalls 3,000 kettles", source="quay", published_at=MONDAY + 3 * HOUR)


def test_merge_keeps_the_id_of_the_earlier_founded() -> None:
    older, newer = a_dossier(LAUNCH), a_dossier(RECALL)

    for one, other in ((older, newer), (newer, older)):
        merged = edit.merge(one, other, vectors={}, now=NOW)
        assert [event.id for event in merged.events] == [older.event.id]
        assert merged.redirects == {newer.event.id: older.event.id}


def test_age_of_an_event_is_that_of_its_founding_article() -> None:
    early = an_article("Found late", source="dune", published_at=MONDAY - 5 * HOUR)
    newer = a_dossier(early, RECALL, founding_article_id=RECALL.id, id=event_id(RECALL.id))

    merged = edit.merge(newer, a_dossier(LAUNCH), vectors={}, now=NOW)

    assert merged.redirects == {event_id(RECALL.id): event_id(LAUNCH.id)}


def test_merged_event_gets_fresh_facts() -> None:
    [event] = edit.merge(a_dossier(LAUNCH), a_dossier(RECALL), vectors={}, now=NOW).events

    assert (event.first_published_at, event.last_published_at) == (MONDAY, MONDAY + 2 * HOUR)


def test_memberships_become_the_editors_and_remember_why_they_were() -> None:
    one = a_dossier(LAUNCH)
    other = a_dossier(RECALL)
    other.memberships[0].reason = "same words as quay: kettles (0.80)"

    kept, moved = edit.merge(one, other, vectors={}, now=NOW).memberships

    assert (kept.by, moved.by, moved.event_id) == (JoinedBy.EDITOR, JoinedBy.EDITOR, one.event.id)
    assert moved.reason == (f"merged from {other.event.id} by an editor; before: same words as quay: kettles (0.80)")


def test_reason_does_not_grow_with_every_edit() -> None:
    newsroom = Newsroom()
    newsroom.arrive([LAUNCH, RECALL])
    newsroom.take(edit.merge(newsroom.dossier(LAUNCH), newsroom.dossier(RECALL), vectors={}, now=NOW))
    merged = newsroom.dossier(LAUNCH)

    newsroom.take(edit.split(merged, {RECALL.id}, new_id=event_id(RECALL.id), vectors={}, now=NOW))

    assert newsroom.memberships[RECALL.id].reason == (
        f"split from {merged.event.id} by an editor; before: first report"
    )


def test_event_is_not_merged_with_itself() -> None:
    with pytest.raises(NotAllowed):
        edit.merge(a_dossier(LAUNCH), a_dossier(LAUNCH), vectors={}, now=NOW)


def test_split_starts_an_event_founded_by_its_earliest_in_the_same_thread() -> None:
    whole = a_dossier(LAUNCH, RECALL, RECALLED, thread_id="t-affair")

    rest, part = edit.split(whole, {RECALL.id, RECALLED.id}, new_id=event_id(RECALL.id), vectors={}, now=NOW).events

    assert (rest.id, rest.title, rest.last_published_at) == (whole.event.id, LAUNCH.title, MONDAY)
    assert (part.id, part.founding_article_id) == (event_id(RECALL.id), RECALL.id)
    assert (part.thread_id, part.first_published_at) == ("t-affair", RECALL.dated_at)


@pytest.mark.parametrize("moved", [set(), {LAUNCH.id, RECALL.id}])
def test_split_leaves_no_event_without_articles(moved: set[str]) -> None:
    with pytest.raises(NotAllowed):
        edit.split(a_dossier(LAUNCH, RECALL), moved, new_id="e1", vectors={}, now=NOW)


def test_split_undoes_a_merge_address_and_all() -> None:
    newsroom = Newsroom()
    newsroom.arrive([LAUNCH, RECALL])
    before = newsroom.partition()
    newsroom.take(edit.merge(newsroom.dossier(LAUNCH), newsroom.dossier(RECALL), vectors={}, now=NOW))

    newsroom.take(edit.split(newsroom.dossier(LAUNCH), {RECALL.id}, new_id=event_id(RECALL.id), vectors={}, now=NOW))

    assert newsroom.partition() == before
    assert newsroom.redirects == {}
    assert [bond.verdict for bond in newsroom.bonds.values()] == [Verdict.APART]


def test_later_article_joins_the_side_of_a_split_that_it_is_like() -> None:
    newsroom = Newsroom()
    newsroom.arrive([LAUNCH, RECALL])
    newsroom.take(edit.merge(newsroom.dossier(LAUNCH), newsroom.dossier(RECALL), vectors={}, now=NOW))
    newsroom.take(edit.split(newsroom.dossier(LAUNCH), {RECALL.id}, new_id=event_id(RECALL.id), vectors={}, now=NOW))

    newsroom.arrive([RECALLED, FOLLOWED])

    assert newsroom.dossier(RECALLED).event.id == event_id(RECALL.id)
    assert newsroom.dossier(FOLLOWED).event.id == event_id(LAUNCH.id)


def test_later_article_joins_a_merged_event_that_half_of_it_is_like() -> None:
    newsroom = Newsroom()
    newsroom.arrive([LAUNCH, RECALL])
    newsroom.take(edit.merge(newsroom.dossier(LAUNCH), newsroom.dossier(RECALL), vectors={}, now=NOW))

    newsroom.arrive([RECALLED])

    assert newsroom.dossier(RECALLED).event.id == event_id(LAUNCH.id)


def test_bonded_apart_counts_as_a_veto_and_together_as_surely_alike() -> None:
    rows = {"a": 0, "b": 1, "c": 2, "d": 3}
    bonds = [
        Bond(one_id="a", other_id="b", verdict=Verdict.APART, decided_at=NOW),
        Bond(one_id="c", other_id="d", verdict=Verdict.TOGETHER, decided_at=NOW),
    ]

    edges = respected([(0, 1, 0.9)], bonds, rows)

    assert sorted(edges) == [(0, 1, -1.0), (2, 3, 1.0)]


def test_likeness_to_one_is_lent_to_those_that_belong_together_with_it() -> None:
    rows = {"a": 0, "b": 1, "c": 2, "new": 3}
    bonds = [Bond(one_id="a", other_id=other, verdict=Verdict.TOGETHER, decided_at=NOW) for other in ("b", "c")]

    edges = {(one, other): alike for one, other, alike in respected([(1, 3, 0.8), (2, 3, 0.4)], bonds, rows)}

    assert edges[0, 3] == 0.6
    assert edges[1, 3] == 0.8


def test_veto_is_not_lent_away() -> None:
    rows = {"a": 0, "b": 1, "new": 2}
    bond = Bond(one_id="a", other_id="b", verdict=Verdict.TOGETHER, decided_at=NOW)

    edges = {(one, other): alike for one, other, alike in respected([(0, 2, -1.0), (1, 2, 0.8)], [bond], rows)}

    assert edges[0, 2] == -1.0
