import json

from bot.collect import parse
from bot.model.source import FeedDocument, FeedEntry, FetchedDocument


def read(feed: dict[str, object]) -> FeedDocument:
    body = json.dumps(feed).encode()
    return parse.document(FetchedDocument("tidal", "https://tidal.example/feed.json", body=body))


def item(**values: object) -> FeedEntry:
    return read({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1"} | values]}).entries[
        0
    ]


def test_an_item_is_read_with_all_its_parts() -> None:
    found = item(
        url="/a",
        title="Halcyon opens\nits model",
        content_html="<p>Rain.</p>",
        date_published="2026-11-20T08:00:00Z",
        date_modified="2026-11-20T09:00:00Z",
        authors=[{"name": "Alva Berg"}, {"url": "https://x.example"}],
        tags=["AI", "", "Models"],
        image="i.png",
        language="en-GB",
    )

    assert found == FeedEntry(
        guid="1",
        url="https://tidal.example/a",
        title="Halcyon opens its model",
        html="<p>Rain.</p>",
        published="2026-11-20T08:00:00Z",
        updated="2026-11-20T09:00:00Z",
        authors=("Alva Berg",),
        categories=("AI", "Models"),
        image_url="https://tidal.example/i.png",
        language="en-GB",
    )


def test_plain_text_is_escaped() -> None:
    assert item(content_text="1 < 2 & 3").html == "1 &lt; 2 &amp; 3"


def test_version_1_0_has_one_author() -> None:
    feed = read({"version": "https://jsonfeed.org/version/1", "items": [{"id": 7, "author": {"name": "Alva Berg"}}]})

    assert (feed.entries[0].guid, feed.entries[0].authors) == ("7", ("Alva Berg",))


def test_the_feeds_authors_are_those_of_items_without() -> None:
    feed = read({"version": "https://jsonfeed.org/version/1.1", "authors": [{"name": "Tidal"}], "items": [{"id": "1"}]})

    assert feed.entries[0].authors == ("Tidal",)


def test_a_feed_without_its_version_is_known_by_its_items() -> None:
    assert len(read({"title": "T", "items": [{"id": "1"}]}).entries) == 1


def test_values_of_the_wrong_kind_cost_themselves_alone() -> None:
    feed = read(
        {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": ["x"], "tags": 3}, None, "b"]}
    )

    assert feed.entries == (FeedEntry(guid="1"),)
    assert feed.warnings == ("2 of its items are no objects",)
