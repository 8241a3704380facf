"""The affairs of the sample week: three go on for weeks, their look-alikes do not."""

from functools import cache

from bot.model.article import Article
from bot.model.event import Dossier
from bot.model.values import EventId
from bot.understand import related
from tests.builders import a_dossier
from tests.unit.understand import sample_week
from tests.unit.understand.newsroom import POLICY


@cache
def dossiers() -> dict[str, Dossier]:
    """Return the labelled events by their labels."""
    told: dict[str, list[Article]] = {}
    for article in sample_week.articles():
        if event := sample_week.event_of().get(article.id):
            told.setdefault(event, []).append(article)
    return {event: a_dossier(*articles) for event, articles in told.items()}


@cache
def continued() -> dict[str, str]:
    """Return for each event that continues another the label of that one."""
    everything = list(dossiers().values())
    label_of: dict[EventId, str] = {dossier.event.id: label for label, dossier in dossiers().items()}
    first_of = {dossier.event.thread_id: label_of[dossier.event.id] for dossier in everything}
    found = related.threads(everything, everything, vectors={}, policy=POLICY)
    return {label_of[event]: first_of[thread] for event, thread in found.items()}


def test_three_affairs_are_threads_and_nothing_else_is() -> None:
    assert continued() == {
        "fennick-osprell-deal": "fennick-osprell-talks",
        "velloway-postmortem": "velloway-outage",
        "eu-label-committee-vote": "eu-label-draft-leaked",
    }
    assert set(sample_week.thread_of()) == {*continued(), *continued().values()}


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
