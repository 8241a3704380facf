import pickle

import pytest

from bot.collect import parse
from bot.model.errors import SourceUnreadable
from bot.model.source import FeedDocument, FeedEntry, FetchedDocument

URL = "https://tidal.example/feeds/all.xml"


def read(body: str | bytes, *, content_type: str = "application/xml", url: str = URL) -> FeedDocument:
    raw = body if isinstance(body, bytes) else body.encode()
    return parse.document(FetchedDocument("tidal", url, body=raw, content_type=content_type))


def entry(inside: str, *, channel: str = "", root: str = "") -> FeedEntry:
    return read(
        f'<rss version="2.0" {root}><channel><title>T</title>{channel}<item>{inside}</item></channel></rss>'
    ).entries[0]


def atom_entry(inside: str, *, root: str = "") -> FeedEntry:
    return read(
        f'<feed xmlns="http://www.w3.org/2005/Atom" {root}><title>T</title><entry>{inside}</entry></feed>'
    ).entries[0]


@pytest.mark.parametrize(
    ("body", "form"),
    [
        ('<rss version="0.91"><channel><item><title>a</title></item></channel></rss>', "rss091u"),
        ('<rss version="2.0"><channel><item><title>a</title></item></channel></rss>', "rss20"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>a</title></entry></feed>', "atom10"),
        ('<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>a</title></entry></feed>', "atom03"),
        (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
            "<item><title>a</title></item></rdf:RDF>",
            "rss10",
        ),
        ('{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "title": "a"}]}', "json"),
    ],
)
def test_every_dialect_is_read(body: str, form: str) -> None:
    feed = read(body)

    assert (feed.format, [entry.title for entry in feed.entries]) == (form, ["a"])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "empty document"),
        (" \n ", "empty document"),
        ("<!DOCTYPE html><html><body>Access denied</body></html>", "an HTML page, not a feed"),
        ("<html><head></head></html>", "an HTML page, not a feed"),
        ("<opml version='2.0'><body></body></opml>", "an OPML list of feeds, not a feed"),
        ("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'></urlset>", "a sitemap, not a feed"),
        ("<note><to>b</to></note>", "XML, but not a feed"),
        ('{"status": "error"}', "JSON, but not a JSON Feed"),
        ("[1, 2]", "JSON, but not a JSON Feed"),
        ('{"version": ', "broken JSON"),
        ("Too many requests", "neither XML nor JSON"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_reason(body: str, reason: str) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        read(body)

    assert reason in str(caught.value)
    assert caught.value.source == "tidal"


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read('<rss version="2.0"><channel><title>T</title></channel></rss>').entries == ()


def test_a_page_that_names_its_feeds_says_so() -> None:
    page = '<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>'

    with pytest.raises(SourceUnreadable, match=r"it names a feed: https://tidal\.example/feed\.xml"):
        read(page)


def test_the_richest_text_is_taken() -> None:
    found = entry(
        "<description>Short.</description>"
        "<content:encoded><![CDATA[<p>Long and <b>rich</b> text.</p>]]></content:encoded>",
        root='xmlns:content="http://purl.org/rss/1.0/modules/content/"',
    )

    assert found.html == "<p>Long and <b>rich</b> text.</p>"


def test_markup_comes_as_it_was_written_and_is_not_run_through_a_sanitizer_here() -> None:
    assert entry("<description>&lt;p onclick='x'&gt;a&lt;/p&gt;</description>").html == "<p onclick='x'>a</p>"


def test_plain_text_of_atom_is_escaped() -> None:
    assert atom_entry('<content type="text">1 &lt; 2 &amp; 3</content>').html == "1 &lt; 2 &amp; 3"


def test_relative_links_are_resolved_against_the_document() -> None:
    found = entry(
        "<link>/a</link><description>&lt;a href='b.html'&gt;b&lt;/a&gt;&lt;img src='/c.png'&gt;</description>"
    )

    assert found.url == "https://tidal.example/a"
    assert 'href="https://tidal.example/feeds/b.html"' in found.html
    assert 'src="https://tidal.example/c.png"' in found.html


def test_relative_links_are_resolved_against_xml_base() -> None:
    found = atom_entry(
        '<link href="a"/><content type="html">&lt;a href="b"&gt;b&lt;/a&gt;</content>',
        root='xml:base="https://x.example/y/"',
    )

    assert found.url == "https://x.example/y/a"
    assert 'href="https://x.example/y/b"' in found.html


def test_a_guid_stays_as_it_is_written_so_that_a_moved_feed_keeps_its_articles() -> None:
    assert entry("<guid>4711</guid><title>a</title>").guid == "4711"


def test_a_guid_that_is_no_address_is_no_link() -> None:
    assert entry("<guid>4711</guid><title>a</title>").url is None


def test_a_guid_that_is_an_address_is_the_link() -> None:
    assert entry("<guid>https://tidal.example/a</guid><title>a</title>").url == "https://tidal.example/a"


def test_an_rss_date_is_kept_as_text_and_as_guess() -> None:
    found = entry("<pubDate>2020/1/10</pubDate>")

    assert found.published == "2020/1/10"


def test_rss_items_dated_by_dublin_core_are_published_then() -> None:
    found = entry("<dc:date>2026-11-20T08:00:00Z</dc:date>", root='xmlns:dc="http://purl.org/dc/elements/1.1/"')

    assert (found.published, found.updated) == ("2026-11-20T08:00:00Z", None)


def test_an_atom_entry_that_only_says_when_it_changed_has_no_publication_date() -> None:
    found = atom_entry("<updated>2026-11-20T08:00:00Z</updated>")

    assert (found.published, found.updated) == (None, "2026-11-20T08:00:00Z")


def test_titles_are_plain_text() -> None:
    assert entry("<title>Q&amp;amp;A: &lt;b&gt;Rain&lt;/b&gt;\n models</title>").title == "Q&A: Rain models"


def test_angle_brackets_that_are_no_tags_stay_in_titles() -> None:
    assert atom_entry("<title>Why Vec&lt;T&gt; &lt; 3</title>").title == "Why Vec<T> < 3"


def test_authors_and_categories_are_names_without_repetition() -> None:
    found = entry(
        "<dc:creator>Alva Berg</dc:creator><category>AI</category><category>Models</category><category>AI</category>",
        root='xmlns:dc="http://purl.org/dc/elements/1.1/"',
    )

    assert (found.authors, found.categories) == (("Alva Berg",), ("AI", "Models"))


@pytest.mark.parametrize(
    "inside",
    [
        '<enclosure url="https://i.example/a.jpg" type="image/jpeg" length="1"/>',
        '<media:content xmlns:media="http://search.yahoo.com/mrss/" url="https://i.example/a.jpg" medium="image"/>',
        '<media:thumbnail xmlns:media="http://search.yahoo.com/mrss/" url="https://i.example/a.jpg"/>',
    ],
)
def test_the_image_is_found_where_publishers_put_it(inside: str) -> None:
    assert entry(inside).image_url == "https://i.example/a.jpg"


def test_counts_of_readers_are_taken_where_given() -> None:
    slash = entry("<slash:comments>12</slash:comments>", root='xmlns:slash="http://purl.org/rss/1.0/modules/slash/"')
    hacker = entry("<description>&lt;p&gt;Points: 231&lt;/p&gt;&lt;p&gt;# Comments: 87&lt;/p&gt;</description>")

    assert slash.engagement == {"comments": 12}
    assert hacker.engagement == {"points": 231, "comments": 87}


@pytest.mark.parametrize(
    ("channel", "ttl_s"),
    [
        ("<ttl>90</ttl>", 5400.0),
        ("<ttl>soon</ttl>", None),
        (
            '<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">daily</sy:updatePeriod>'
            '<sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">4</sy:updateFrequency>',
            21600.0,
        ),
        ("", None),
    ],
)
def test_the_pace_that_a_feed_asks_for_is_read(channel: str, ttl_s: float | None) -> None:
    feed = read(f'<rss version="2.0"><channel><title>T</title>{channel}</channel></rss>')

    assert feed.ttl_s == ttl_s


def test_a_broken_document_gives_what_can_be_read_and_a_warning() -> None:
    feed = read(
        '<rss version="2.0"><channel><item><title>a & b</title></item><item><title>c</title></item></channel></rss>'
    )

    assert [entry.title for entry in feed.entries] == ["a & b", "c"]
    assert feed.warnings[0].startswith("not well-formed: ")


def test_control_characters_do_not_break_a_document() -> None:
    feed = read('<rss version="2.0"><channel><item><title>a\x0bb &#x1f; c</title><guid>1</guid></item></channel></rss>')

    assert feed.entries[0].guid == "1"


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">'
        '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">',
        '<!ENTITY a "<x>"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY e "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">',
        '<!ENTITY e "' + "ha" * 50_000 + '">',
        '<!ENTITY e SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;',
    ],
)
def test_entities_are_not_expanded(subset: str) -> None:
    item = f"<item><title>{'&e;' * 100}</title></item>"
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [{subset}]><rss version="2.0"><channel>{item}</channel></rss>'

    feed = read(bomb)

    assert all(len(entry.title) < 2000 and "root:" not in entry.title for entry in feed.entries)


def test_harmless_entities_are_decoded() -> None:
    feed = read(
        '<!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!ENTITY firm "Tidal Robotics">]>'
        '<rss version="2.0"><channel><item><title>&firm; grows</title></item></channel></rss>'
    )

    assert feed.entries[0].title == "Tidal Robotics grows"


def test_a_document_that_looks_like_an_address_is_not_fetched() -> None:
    with pytest.raises(SourceUnreadable):
        read("http://127.0.0.1:9/feed.xml")


def test_a_directory_is_one_feed_and_names_the_files_it_cannot_read() -> None:
    part = '<rss version="2.0"><channel><item><title>{}</title></item></channel></rss>'
    parts = tuple(
        FetchedDocument("tidal", name, body=body.encode())
        for name, body in [("b.xml", part.format("b")), ("c.xml", "<html></html>"), ("a.xml", part.format("a"))]
    )

    feed = parse.document(FetchedDocument("tidal", "file:///feeds", parts=parts))

    assert [entry.title for entry in feed.entries] == ["b", "a"]
    assert feed.warnings == ("c.xml: It is an HTML page, not a feed.",)


def test_a_feed_travels_between_processes() -> None:
    feed = read('<rss version="2.0"><channel><item><title>a</title></item></channel></rss>')

    assert pickle.loads(pickle.dumps(feed)) == feed
