"""The affairs of the sample weeks: nine go on for weeks, their look-alikes do not."""

from collections.abc import Mapping, Sequence
from functools import cache

from bot.model.article import Article
from bot.model.event import Dossier
from bot.model.values import ArticleId, EventId
from bot.understand import related
from tests.builders import a_dossier
from tests.unit.understand import sample_week
from tests.unit.understand.newsroom import POLICY

AFTERWARDS = {
    "weightyard-token-theft",
    "torrentine-rce-advisory",
    "brindlemark-series-c",
    "publishers-sue-solvane",
    "calendar-invite-injection",
}
"""Their affairs go on only in the week after."""


@cache
def dossiers() -> dict[str, Dossier]:
    """Return the labelled events of the week by their labels."""
    return labelled(sample_week.articles(), sample_week.event_of())


def labelled(articles: Sequence[Article], event_of: Mapping[ArticleId, str]) -> dict[str, Dossier]:
    told: dict[str, list[Article]] = {}
    for article in articles:
        if event := event_of.get(article.id):
            told.setdefault(event, []).append(article)
    return {event: a_dossier(*articles) for event, articles in told.items()}


@cache
def continued() -> dict[str, str]:
    """Return for each event that continues another the label of that one."""
    return threads_of(dossiers(), dossiers())


def threads_of(new: Mapping[str, Dossier], all_told: Mapping[str, Dossier]) -> dict[str, str]:
    label_of: dict[EventId, str] = {dossier.event.id: label for label, dossier in all_told.items()}
    first_of = {dossier.event.thread_id: label for label, dossier in all_told.items()}
    found = related.threads(list(new.values()), list(all_told.values()), vectors={}, policy=POLICY)
    return {label_of[event]: first_of[thread] for event, thread in found.items()}


def test_three_affairs_are_threads_and_nothing_else_is() -> None:
    assert continued() == {
        "fennick-osprell-deal": "fennick-osprell-talks",
        "velloway-postmortem": "velloway-outage",
        "eu-label-committee-vote": "eu-label-draft-leaked",
    }
    assert {*continued(), *continued().values()} == sample_week.thread_of().keys() & dossiers().keys() - AFTERWARDS


def test_six_affairs_go_on_in_the_week_after() -> None:
    after = {
        label: dossier
        for label, dossier in labelled(sample_week.articles_after(), sample_week.event_after()).items()
        if label not in dossiers()
    }
    threads = sample_week.thread_of()

    found = threads_of(after, dossiers() | after)

    assert found == {
        "cassowary-osprell-bid": "fennick-osprell-talks",
        "weightyard-tokens-used": "weightyard-token-theft",
        "torrentine-attacks": "torrentine-rce-advisory",
        "brindlemark-claims-reopened": "brindlemark-series-c",
        "publishers-solvane-settlement": "publishers-sue-solvane",
        "daybook-calendar-patch": "calendar-invite-injection",
    }
    assert all(threads[later] == threads[before] for later, before in found.items())


def test_next_version_of_a_product_is_no_thread() -> None:
    assert (
        dossiers()["draftwell-3-release"].articles[0].dated_at
        > dossiers()["draftwell-2-1-release"].articles[0].dated_at
    )
    assert "draftwell-3-release" not in continued()


def test_departure_of_a_person_does_not_continue_the_release_of_the_employers_product() -> None:
    assert "halcyon-chief-scientist-leaves" not in continued()


def test_roundup_of_the_week_continues_nothing() -> None:
    assert "northgate-roundup-w47" not in continued()


def test_talks_are_nearest_to_the_deal() -> None:
    everything = list(dossiers().values())
    deal, talks = dossiers()["fennick-osprell-deal"], dossiers()["fennick-osprell-talks"]

    near = related.nearest([deal], everything, vectors={}, limit=3)

    assert near[deal.event.id][0] == talks.event.id
