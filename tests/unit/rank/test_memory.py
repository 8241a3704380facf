from datetime import datetime, timedelta

from bot.model.event import Dossier, EventState
from bot.model.recap import Showing
from bot.rank import memory
from tests.builders import MONDAY, a_dossier, an_article

BUILT = MONDAY + timedelta(days=7)
ENDS = BUILT - timedelta(hours=14)
LATER = BUILT + timedelta(days=1)


def a_showing(dossier: Dossier, week: str = "2026-W47", *, ends_at: datetime = ENDS) -> Showing:
    return Showing(dossier.event.id, dossier.event.thread_id, week, ends_at, BUILT)


def followed(title: str = "Second", **values: object) -> Dossier:
    later = {"published_at": LATER, "collected_at": LATER} | values
    return a_dossier(an_article("First"), an_article(title, source="kern", **later))


def test_event_of_a_thread_that_no_recap_told_of_is_new() -> None:
    standing = memory.standing(followed(), past=memory.past([]), news="anything", ending=None)

    assert (standing.state, standing.is_repeat, standing.since) == (EventState.NEW, False, None)


def test_event_that_a_recap_told_of_and_that_has_news_develops() -> None:
    told = followed()

    standing = memory.standing(told, past=memory.past([a_showing(told)]), news="Kern says “More”", ending=None)

    assert (standing.state, standing.since) == (EventState.DEVELOPING, "2026-W47")
    assert standing.reason == "1 new article since 2026-W47: Kern says “More”"


def test_event_without_news_since_its_recap_is_a_repeat() -> None:
    told = followed()

    standing = memory.standing(told, past=memory.past([a_showing(told)]), news=None, ending="“settles”")

    assert standing.is_repeat
    assert standing.reason == "in the recap of 2026-W47, nothing new since"


def test_new_event_of_a_thread_that_a_recap_told_of_develops() -> None:
    before, after = a_dossier(an_article("First"), thread_id="t1"), a_dossier(an_article("Second"), thread_id="t1")

    standing = memory.standing(after, past=memory.past([a_showing(before)]), news="more", ending=None)

    assert standing.state == EventState.DEVELOPING


def test_event_whose_affair_came_to_its_end_is_resolved_and_says_by_which_words() -> None:
    told = followed()

    standing = memory.standing(told, past=memory.past([a_showing(told)]), news="more", ending="“settles” in “Second”")

    assert (standing.state, standing.reason) == (EventState.RESOLVED, "over: “settles” in “Second”")


def test_last_showing_counts_of_an_event_and_of_its_thread() -> None:
    told = followed()
    early, late = a_showing(told, "2026-W45", ends_at=ENDS - timedelta(days=14)), a_showing(told)

    assert memory.past([late, early]).last(told) == late


def test_readers_know_what_was_collected_before_the_build_and_dated_in_its_week() -> None:
    after_the_week = followed(published_at=ENDS + timedelta(hours=1), collected_at=BUILT - timedelta(hours=1))
    collected_late = followed(published_at=ENDS - timedelta(hours=1), collected_at=LATER)
    in_time = followed(published_at=ENDS - timedelta(hours=1), collected_at=BUILT)

    told = [memory.told(each, a_showing(each)) for each in (after_the_week, collected_late, in_time)]

    assert [[article.title for article in articles] for articles in told] == [["First"], ["First"], ["First", "Second"]]
    assert [article.title for article in memory.since(collected_late, a_showing(collected_late))] == ["Second"]


def test_of_what_no_recap_showed_readers_know_nothing() -> None:
    told = followed()

    assert memory.told(told, None) == ()
    assert memory.since(told, None) == told.articles


def test_page_of_an_event_whose_thread_went_on_says_so() -> None:
    first = a_dossier(an_article("First"), thread_id="t1")
    later = a_dossier(an_article("Second", published_at=LATER), thread_id="t1", state=EventState.DEVELOPING)
    over = a_dossier(an_article("Third", published_at=LATER), thread_id="t1", state=EventState.RESOLVED)

    assert memory.by_now(first, [first]) == EventState.NEW
    assert memory.by_now(first, [first, later]) == EventState.DEVELOPING
    assert memory.by_now(first, [first, over]) == EventState.RESOLVED
