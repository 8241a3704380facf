from dataclasses import replace
from datetime import timedelta

import pytest

from bot.collect import due
from bot.model.errors import SourceError, SourceGone, SourceUnavailable
from bot.model.policy import CollectPolicy
from bot.model.source import FeedDocument, FeedEntry, FetchedDocument, SourceState
from tests.builders import NOW, a_source

HOUR = timedelta(hours=1)
POLICY = CollectPolicy()


def a_state(**values: object) -> SourceState:
    url = "https://halden.example/feed.xml"
    return SourceState.model_validate({"slug": "halden", "configured_url": url, "url": url} | values)


def succeeded(
    state: SourceState, *, feed: FeedDocument | None = None, jitter: float = 0.0, **document: object
) -> SourceState:
    given = {"source": "halden", "url": state.url, "etag": '"1"'} | document
    fetched = FetchedDocument(**given)  # type: ignore[arg-type]
    return due.after_success(state, document=fetched, feed=feed, policy=POLICY, now=NOW, jitter=jitter)


def failed(state: SourceState, error: SourceError | None = None, *, jitter: float = 0.0) -> SourceState:
    return due.after_failure(state, error or SourceUnavailable("halden", "x"), policy=POLICY, now=NOW, jitter=jitter)


def publishing_every(gap: timedelta, *, entries: int = 10) -> FeedDocument:
    times = [NOW - gap * number for number in range(entries)]
    return FeedDocument("rss20", entries=tuple(FeedEntry(published=at.isoformat()) for at in times))


def test_a_source_never_polled_is_due() -> None:
    assert due.is_due(a_source(), None, now=NOW)


def test_a_source_is_due_when_its_time_has_come() -> None:
    assert due.is_due(a_source(), a_state(next_due_at=NOW), now=NOW)
    assert not due.is_due(a_source(), a_state(next_due_at=NOW + timedelta(seconds=1)), now=NOW)


def test_a_retired_source_is_never_due() -> None:
    assert not due.is_due(a_source(), a_state(retired_at=NOW - HOUR), now=NOW)


def test_a_source_with_a_new_address_is_due_even_if_retired() -> None:
    assert due.is_due(
        a_source(url="https://halden.example/new"), a_state(retired_at=NOW, next_due_at=NOW + HOUR), now=NOW
    )


def test_a_new_address_in_config_forgets_validators_and_failures_but_not_the_first_success() -> None:
    old = a_state(etag='"1"', last_modified="x", failures=4, retired_at=NOW, first_success_at=NOW - HOUR)

    state = due.state_of(a_source(url="https://halden.example/new"), old)

    assert (state.url, state.etag, state.last_modified) == ("https://halden.example/new", None, None)
    assert (state.failures, state.retired_at, state.first_success_at) == (0, None, NOW - HOUR)


def test_a_success_keeps_validators_and_forgets_failures() -> None:
    state = succeeded(a_state(failures=3, last_error="x"), etag='W/"a"', last_modified="Fri, 20 Nov 2026 08:15:00 GMT")

    assert (state.etag, state.last_modified) == ('W/"a"', "Fri, 20 Nov 2026 08:15:00 GMT")
    assert (state.failures, state.last_error, state.first_success_at) == (0, None, NOW)


def test_a_permanent_move_is_remembered_beside_the_configured_address() -> None:
    state = succeeded(a_state(), moved_to="https://new.example/feed")

    assert (state.url, state.configured_url) == ("https://new.example/feed", "https://halden.example/feed.xml")


@pytest.mark.parametrize(
    ("gap", "hours"),
    [
        (timedelta(minutes=5), 1.0),
        (timedelta(hours=6), 3.0),
        (timedelta(days=7), 24.0),
    ],
)
def test_the_interval_is_half_of_what_lies_between_two_articles_within_limits(gap: timedelta, hours: float) -> None:
    assert succeeded(a_state(), feed=publishing_every(gap)).next_due_at == NOW + HOUR * hours


def test_a_feed_that_fell_silent_is_asked_less_often() -> None:
    entries = tuple(FeedEntry(published=(NOW - timedelta(days=30, minutes=n)).isoformat()) for n in range(5))

    assert succeeded(a_state(), feed=FeedDocument("rss20", entries=entries)).interval_s == 86400


def test_an_unchanged_feed_is_asked_later_each_time() -> None:
    assert succeeded(a_state(interval_s=7200.0), feed=None, not_modified=True).interval_s == 10800


def test_max_age_is_honored() -> None:
    assert succeeded(a_state(), feed=publishing_every(timedelta(minutes=5)), max_age_s=14400.0).interval_s == 14400


def test_the_feeds_own_pace_is_honored() -> None:
    feed = replace(publishing_every(timedelta(minutes=5)), ttl_s=14400.0)

    assert succeeded(a_state(), feed=feed).interval_s == 14400


def test_an_absurd_max_age_does_not_silence_a_source() -> None:
    assert succeeded(a_state(), feed=publishing_every(HOUR), max_age_s=31536000.0).interval_s == 86400


def test_without_validators_a_feed_is_asked_once_a_day_unless_articles_would_be_missed() -> None:
    slow = succeeded(a_state(), feed=publishing_every(timedelta(hours=6), entries=40), etag=None)
    fast = succeeded(a_state(), feed=publishing_every(timedelta(hours=1), entries=9), etag=None)

    assert (slow.interval_s, fast.interval_s) == (86400, 14400)


def test_jitter_delays_by_at_most_a_tenth() -> None:
    state = succeeded(a_state(), feed=publishing_every(timedelta(hours=20)), jitter=1.0)

    assert state.next_due_at == NOW + HOUR * 11


@pytest.mark.parametrize(("failures", "hours"), [(0, 1), (1, 2), (4, 16), (20, 168)])
def test_pauses_double_with_each_failure_up_to_a_week(failures: int, hours: int) -> None:
    state = failed(a_state(failures=failures))

    assert (state.failures, state.next_due_at) == (failures + 1, NOW + HOUR * hours)


def test_retry_after_is_honored() -> None:
    state = failed(a_state(), SourceUnavailable("halden", "busy", retry_after_s=18000.0))

    assert state.next_due_at == NOW + HOUR * 5


def test_a_failure_keeps_validators_and_says_why() -> None:
    state = failed(a_state(etag='"1"'), SourceUnavailable("halden", "It answered 503."))

    assert state.etag == '"1"'
    assert state.last_error == "The source did not answer this time. It answered 503."


def test_a_source_that_is_gone_is_retired() -> None:
    state = failed(a_state(), SourceGone("halden", "410"))

    assert (state.retired_at, state.next_due_at) == (NOW, None)
    assert not due.is_due(a_source(), state, now=NOW + timedelta(days=400))


def test_a_move_that_leads_nowhere_is_taken_back() -> None:
    state = failed(a_state(url="https://new.example/feed", etag='"1"'), SourceGone("halden", "410"))

    assert (state.url, state.etag, state.retired_at) == ("https://halden.example/feed.xml", None, None)
