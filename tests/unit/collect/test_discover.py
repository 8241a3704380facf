from bot.collect import discover


def test_feeds_are_found_in_the_order_of_the_page() -> None:
    page = """<html><head><base href="/blog/">
        <link rel="stylesheet" type="text/css" href="a.css">
        <link rel="Alternate" type="application/atom+xml; charset=utf-8" href="atom.xml">
        <link rel="alternate" type="application/rss+xml" href="https://feeds.tidal.example/rss">
        <link rel="alternate" type="application/rss+xml" href="javascript:x">
        <link rel="alternate" type="application/feed+json" href="atom.xml">
        <link rel="alternate" hreflang="de" href="/de/"></head></html>"""

    assert discover.feeds(page, url="https://tidal.example/x") == (
        "https://tidal.example/blog/atom.xml",
        "https://feeds.tidal.example/rss",
    )


def test_a_page_without_feeds_names_none() -> None:
    assert discover.feeds("<html><p>No feed here</p>", url="https://tidal.example/") == ()
