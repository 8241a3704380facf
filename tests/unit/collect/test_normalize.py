from datetime import UTC, datetime

import pytest

from bot.collect import normalize
from bot.model.article import Article, DateKind
from bot.model.source import FeedDocument, FeedEntry
from bot.model.values import digest_of
from tests.builders import a_source

COLLECTED_AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def a_feed(*entries: FeedEntry, language: str | None = None) -> FeedDocument:
    return FeedDocument(format="rss20", entries=entries, language=language)


def an_article(
    *others: FeedEntry, feed_language: str | None = None, source: dict[str, object] | None = None, **values: object
) -> Article:
    entry = FeedEntry(**({"guid": "g1", "url": "https://tidal.example/a", "title": "Halcyon opens its model"} | values))  # type: ignore[arg-type]
    return normalize.article(
        entry,
        a_source("tidal", **(source or {})),
        feed=a_feed(entry, *others, language=feed_language),
        collected_at=COLLECTED_AT,
        is_backlog=False,
    )


def test_the_id_comes_from_source_and_guid() -> None:
    assert an_article().id == digest_of("tidal", "g1")


def test_an_edited_entry_keeps_its_id() -> None:
    assert an_article(title="Halcyon opens its weather model", html="New text").id == an_article().id


def test_without_guid_the_id_comes_from_the_canonical_url() -> None:
    found = an_article(guid=None, url="https://tidal.example/a?utm_source=rss")

    assert found.id == digest_of("tidal", "https://tidal.example/a")


def test_without_guid_and_url_the_id_comes_from_the_content() -> None:
    one, other = (
        an_article(guid=None, url=None, title="", html="One"),
        an_article(guid=None, url=None, title="", html="Two"),
    )

    assert one.id != other.id
    assert one.id == an_article(guid=None, url=None, title="", html="<p>One</p>").id


def test_a_guid_that_other_articles_share_names_none_of_them() -> None:
    other = FeedEntry(guid="g1", url="https://tidal.example/b", title="Another")

    assert an_article(other).id == digest_of("tidal", "https://tidal.example/a")


def test_entries_that_all_link_to_one_page_stay_apart() -> None:
    other = FeedEntry(url="https://tidal.example/a", title="Another")

    assert an_article(other, guid=None).id != an_article(guid=None).id


def test_title_and_text_are_clean() -> None:
    found = an_article(
        title=" Halcyonâ€™s\n model\x00 ", html="<p>Rain&nbsp;\x0bhere.</p><p>Sun.</p><script>x</script>"
    )

    assert found.title == "Halcyon’s model"
    assert found.text == "Rain here.\n\nSun."
    assert found.html == "<p>Rain&nbsp;here.</p><p>Sun.</p>"


def test_the_content_hash_covers_title_and_text() -> None:
    assert an_article(html="<p>Rain.</p>").content_hash == digest_of("Halcyon opens its model", "Rain.")


def test_an_article_without_title_is_named_by_its_first_words() -> None:
    assert an_article(title="", html="<p>Rain models got cheap. More follows.</p>").title == "Rain models got cheap."


def test_an_article_without_title_and_text_is_named_by_its_address() -> None:
    assert an_article(title="", html="").title == "https://tidal.example/a"


def test_a_text_that_repeats_the_title_is_no_text() -> None:
    assert an_article(html="Halcyon opens its model").text == ""


def test_a_very_long_title_is_cut() -> None:
    found = an_article(title="rain " * 200)

    assert len(found.title) <= 300
    assert found.title.endswith("…")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://tidal.example/a", "file:///etc/passwd", "/relative"])
def test_only_web_addresses_are_links(url: str) -> None:
    found = an_article(url=url, guid="g1")

    assert (found.url, found.canonical_url) == ("", "")


def test_a_guid_that_is_an_address_stands_in_for_a_missing_link() -> None:
    assert an_article(url=None, guid="https://tidal.example/g").url == "https://tidal.example/g"


def test_the_published_time_is_given() -> None:
    found = an_article(published="2026-11-20T08:34:00Z")

    assert (found.published_at, found.date_kind) == (datetime(2026, 11, 20, 8, 34, tzinfo=UTC), DateKind.GIVEN)


def test_the_time_of_the_last_change_is_a_guess_at_the_publication() -> None:
    found = an_article(updated="2026-11-20T08:34:00Z")

    assert (found.published_at, found.date_kind) == (datetime(2026, 11, 20, 8, 34, tzinfo=UTC), DateKind.GUESSED)


def test_a_future_date_is_clamped() -> None:
    found = an_article(published="2026-11-21T08:34:00Z")

    assert (found.published_at, found.is_date_clamped) == (COLLECTED_AT, True)


def test_an_article_without_date_has_none() -> None:
    found = an_article()

    assert (found.published_at, found.date_kind) == (None, DateKind.MISSING)


@pytest.mark.parametrize(
    ("configured", "entry", "feed", "language"),
    [
        ("de", "en", "fr", "de"),
        (None, "zh-Hans-CN", "en", "zh"),
        (None, None, "en-us", "en"),
        (None, None, "EN_GB", "en"),
        (None, None, "deu", "de"),
        (None, "x-none", None, "und"),
        (None, None, None, "und"),
    ],
)
def test_the_language_is_what_the_operator_then_the_publisher_says(
    configured: str | None, entry: str | None, feed: str | None, language: str
) -> None:
    found = an_article(source={"language": configured}, feed_language=feed, language=entry)

    assert found.language == language


def test_the_first_real_image_of_the_text_stands_in_for_a_missing_one() -> None:
    found = an_article(
        html='<img src="https://t.example/p.gif" width="1" height="1"><p><img alt="a" src="https://i.example/a.png?x=1&amp;y=2"></p>'
    )

    assert found.image_url == "https://i.example/a.png?x=1&y=2"


def test_topics_publisher_and_slug_come_from_the_source() -> None:
    found = an_article(source={"publisher": "Tidal Media", "topics": ["models"]})

    assert (found.source, found.publisher, found.topics) == ("tidal", "Tidal Media", ["models"])


def test_entries_that_say_nothing_are_refused_by_their_place() -> None:
    feed = a_feed(
        FeedEntry(guid="1", title="a"), FeedEntry(guid="2", html="<p> </p>"), FeedEntry(guid="3", html="<p>c</p>")
    )

    entries, notes = normalize.readable(feed, max_entries=10, now=COLLECTED_AT)

    assert [entry.guid for entry in entries] == ["1", "3"]
    assert notes == ["refused, for they have neither title nor text nor link: entries 2"]


def test_of_too_many_entries_the_newest_are_read() -> None:
    days = [FeedEntry(guid=str(day), title="a", published=f"2026-11-{day:02}T08:00:00Z") for day in range(1, 6)]

    entries, notes = normalize.readable(a_feed(*days), max_entries=2, now=COLLECTED_AT)

    assert [entry.guid for entry in entries] == ["5", "4"]
    assert notes == ["only the newest 2 of 5 entries were read"]


def kept(*pairs: tuple[str, str, str], home: str | None = None) -> tuple[list[str], int]:
    entries = [FeedEntry(guid=guid, url=url, title=title) for guid, url, title in pairs]
    articles = [
        normalize.article(entry, a_source("tidal"), feed=a_feed(*entries), collected_at=COLLECTED_AT, is_backlog=False)
        for entry in entries
    ]
    distinct, notes = normalize.distinct(articles, home=home)
    return [article.guid or "" for article in distinct], len(notes)


def test_an_entry_listed_twice_is_one_article() -> None:
    assert kept(("1", "https://t.example/a", "A"), ("1", "https://t.example/a", "A")) == (["1"], 1)


def test_one_page_under_two_guids_is_one_article() -> None:
    assert kept(("1", "https://t.example/a", "A"), ("2", "https://t.example/a?utm_source=rss", "A (updated)")) == (
        ["1"],
        1,
    )


def test_places_in_one_page_are_articles_of_their_own() -> None:
    assert kept(("1", "https://t.example/log#v1", "1.0"), ("2", "https://t.example/log#v2", "2.0")) == (["1", "2"], 0)


def test_a_page_that_many_titles_share_is_nobodys_own() -> None:
    url = "https://t.example/live"

    assert kept(("1", url, "A"), ("2", url, "B"), ("3", url, "C")) == (["1", "2", "3"], 0)


def test_links_to_the_home_page_make_no_duplicates() -> None:
    url = "https://t.example/blog"

    assert kept(("1", url, "A"), ("2", url, "B"), home=url) == (["1", "2"], 0)
