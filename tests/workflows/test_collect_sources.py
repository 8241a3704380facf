from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from bot.model.article import Decision
from bot.model.errors import SourceError, SourceGone, SourceUnavailable, StorageFull
from bot.model.policy import CollectPolicy
from bot.model.source import FetchedDocument, Source, SourceKind, SourceState
from bot.ports import Store
from bot.workflows.collect_sources import CollectReport, SourceFailure, collect
from tests.builders import a_source
from tests.fakes.collecting import FakeArticleStore, FakeReader, InProcessParser

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
RAIN = "<item><guid>1</guid><link>https://halden.example/1</link><title>Halcyon opens its model</title></item>"
SUN = "<item><guid>2</guid><link>https://halden.example/2</link><title>Tidal raises $40 million</title></item>"


@pytest.fixture
def store() -> FakeArticleStore:
    return FakeArticleStore()


def a_document(*items: str, source: str = "halden", **values: object) -> FetchedDocument:
    body = f'<rss version="2.0"><channel><title>T</title>{"".join(items)}</channel></rss>'.encode()
    return FetchedDocument(source, f"https://{source}.example/feed.xml", body=body, **({"etag": '"1"'} | values))  # type: ignore[arg-type]


def polled(
    store: FakeArticleStore,
    reader: FakeReader | FetchedDocument | SourceError,
    *sources: Source,
    now: datetime = MONDAY,
    everything: bool = False,
    progress: list[str] | None = None,
    max_entries: int = 500,
) -> CollectReport:
    using = reader if isinstance(reader, FakeReader) else FakeReader({reader.source: reader})
    return collect(
        sources or [a_source("halden", language="en")],
        # The fake has what this workflow calls; the store's own contract suite holds the rest.
        store=cast("Store", store),
        readers={SourceKind.FEED: using},
        parser=InProcessParser(),
        policy=CollectPolicy(max_entries=max_entries),
        now=now,
        everything=everything,
        jitter=lambda: 0.0,
        on_progress=(progress if progress is not None else []).append,
    )


def test_new_articles_are_stored_with_the_source_at_once(store: FakeArticleStore) -> None:
    report = polled(store, a_document(RAIN, SUN))

    assert (report.polled, report.added, report.updated, report.unchanged) == (1, 2, 0, 0)
    assert store.polls == [("halden", ["add", "add"])]
    assert store.states["halden"].articles_seen == 2
    assert store.states["halden"].etag == '"1"'


def test_a_second_poll_of_the_same_document_changes_nothing(store: FakeArticleStore) -> None:
    polled(store, a_document(RAIN, SUN))

    report = polled(store, a_document(RAIN, SUN), now=MONDAY + 30 * HOUR)

    assert (report.added, report.updated, report.unchanged) == (0, 0, 2)
    assert store.polls[-1] == ("halden", [])
    assert all(article.collected_at == MONDAY for article in store.articles.values())


def test_an_edited_article_is_updated(store: FakeArticleStore) -> None:
    polled(store, a_document(RAIN))

    report = polled(store, a_document(RAIN.replace("opens", "sells")), now=MONDAY + 30 * HOUR)

    assert (report.added, report.updated) == (0, 1)
    assert [article.title for article in store.articles.values()] == ["Halcyon sells its model"]


def test_what_was_there_at_the_first_success_is_backlog(store: FakeArticleStore) -> None:
    polled(store, SourceUnavailable("halden", "x"))
    polled(store, a_document(RAIN), now=MONDAY + 2 * HOUR)
    polled(store, a_document(SUN, RAIN), now=MONDAY + 30 * HOUR)

    assert {article.guid: article.is_backlog for article in store.articles.values()} == {"1": True, "2": False}


def test_only_what_is_due_is_polled(store: FakeArticleStore) -> None:
    polled(store, a_document(RAIN))

    report = polled(store, a_document(RAIN), now=MONDAY + timedelta(minutes=5))

    assert (report.polled, report.skipped_not_due) == (0, 1)


def test_everything_is_polled_on_demand(store: FakeArticleStore) -> None:
    polled(store, a_document(RAIN))

    report = polled(store, a_document(RAIN), now=MONDAY + timedelta(minutes=5), everything=True)

    assert (report.polled, report.skipped_not_due) == (1, 0)


def test_validators_are_sent_back(store: FakeArticleStore) -> None:
    reader = FakeReader({"halden": a_document(RAIN, last_modified="Monday")})
    polled(store, reader)
    polled(store, reader, now=MONDAY + 30 * HOUR)

    assert (reader.requests[1].etag, reader.requests[1].last_modified) == ('"1"', "Monday")


def test_a_moved_feed_is_read_at_its_new_address(store: FakeArticleStore) -> None:
    reader = FakeReader({"halden": a_document(RAIN, moved_to="https://new.example/feed")})
    polled(store, reader)
    polled(store, reader, now=MONDAY + 30 * HOUR)

    assert reader.requests[1].url == "https://new.example/feed"


def test_a_changed_address_in_config_is_polled_at_once_without_validators(store: FakeArticleStore) -> None:
    reader = FakeReader({"halden": a_document(RAIN)})
    polled(store, reader)
    polled(store, reader, a_source("halden", url="https://halden.example/other.xml"), now=MONDAY + timedelta(minutes=1))

    assert (reader.requests[1].url, reader.requests[1].etag) == ("https://halden.example/other.xml", None)


def test_an_unchanged_source_is_a_success(store: FakeArticleStore) -> None:
    polled(store, a_document(RAIN))
    later = MONDAY + 30 * HOUR

    report = polled(store, a_document(not_modified=True), now=later)

    assert (report.not_modified, report.failures) == (1, ())
    assert store.states["halden"].last_success_at == later


def test_a_failure_costs_one_source_and_is_named(store: FakeArticleStore) -> None:
    reader = FakeReader(
        {"halden": SourceUnavailable("halden", "It answered 503."), "tidal": a_document(SUN, source="tidal")}
    )

    report = polled(store, reader, a_source("halden"), a_source("tidal"))

    assert report.failures == (SourceFailure("halden", "The source did not answer this time. It answered 503."),)
    assert report.added == 1
    assert store.states["halden"].failures == 1


def test_a_page_instead_of_a_feed_loses_nothing_stored(store: FakeArticleStore) -> None:
    polled(store, a_document(RAIN))

    page = FetchedDocument("halden", "https://halden.example/feed.xml", body=b"<html>Denied</html>")
    report = polled(store, page, now=MONDAY + 30 * HOUR)

    assert "an HTML page, not a feed" in report.failures[0].reason
    assert (len(store.articles), store.states["halden"].etag) == (1, '"1"')


def test_a_source_that_is_gone_is_not_polled_again(store: FakeArticleStore) -> None:
    polled(store, SourceGone("halden", "It answered 410 (Gone)."))

    report = polled(store, a_document(RAIN), now=MONDAY + timedelta(days=30))

    assert (report.polled, report.skipped_not_due) == (0, 1)


def test_a_failing_source_comes_back_by_itself(store: FakeArticleStore) -> None:
    polled(store, SourceUnavailable("halden", "x"))

    report = polled(store, a_document(RAIN), now=MONDAY + HOUR)

    assert report.added == 1
    assert store.states["halden"].failures == 0


def test_one_article_in_two_sources_is_two_articles(store: FakeArticleStore) -> None:
    reader = FakeReader({"halden": a_document(RAIN), "tidal": a_document(RAIN, source="tidal")})

    report = polled(store, reader, a_source("halden"), a_source("tidal"))

    assert report.added == 2


def test_repetitions_and_refused_entries_are_noted(store: FakeArticleStore) -> None:
    report = polled(store, a_document(RAIN, RAIN, "<item></item>"))

    assert report.added == 1
    assert report.notes == (
        "halden: refused, for they have neither title nor text nor link: entries 3",
        "halden: listed twice: Halcyon opens its model (1)",
    )
    assert (report.refused, report.duplicates, report.over_limit) == (1, 1, 0)


def test_every_entry_is_accounted_for(store: FakeArticleStore) -> None:
    polled(store, a_document(RAIN))

    report = polled(store, a_document(RAIN, RAIN, SUN, "<item></item>"), everything=True)

    known = (report.added, report.updated, report.unchanged)
    assert (known, report.duplicates, report.refused, report.over_limit) == ((1, 0, 1), 1, 1, 0)


def test_more_entries_than_the_limit_are_noted(store: FakeArticleStore) -> None:
    report = polled(store, a_document(RAIN, SUN), max_entries=1)

    assert (report.added, report.notes) == (1, ("halden: only the newest 1 of 2 entries were read",))
    assert (report.refused, report.duplicates, report.over_limit) == (0, 0, 1)


def test_the_language_of_the_source_stands(store: FakeArticleStore) -> None:
    polled(store, a_document(RAIN), a_source("halden", language="de"))

    assert [article.language for article in store.articles.values()] == ["de"]


def test_without_one_the_language_is_detected(store: FakeArticleStore) -> None:
    chinese = (
        "<item><guid>3</guid><title>36氪获悉，一家研究机构今天发布了新的天气模型，所有人都可以免费使用</title></item>"
    )

    polled(store, a_document(chinese), a_source("halden"))

    assert [article.language for article in store.articles.values()] == ["zh"]


def test_a_kind_that_nothing_reads_is_a_failure_of_its_source(store: FakeArticleStore) -> None:
    report = polled(store, a_document(RAIN), a_source("halden", kind="hackernews"))

    assert "Nothing here reads sources of the kind 'hackernews'" in report.failures[0].reason


def test_each_source_is_told_when_it_is_done(store: FakeArticleStore) -> None:
    told: list[str] = []
    reader = FakeReader({"halden": a_document(RAIN), "tidal": a_document(SUN, source="tidal", not_modified=True)})

    polled(store, reader, *(a_source(slug) for slug in ("halden", "tidal", "odd")), progress=told)

    assert sorted(told) == ["halden", "odd", "tidal"]


def test_a_full_disk_stops_the_collection() -> None:
    class FullStore(FakeArticleStore):
        def save_collected(self, state: SourceState, decisions: Sequence[Decision]) -> None:
            raise StorageFull("no room")

    with pytest.raises(StorageFull):
        polled(FullStore(), a_document(RAIN))
