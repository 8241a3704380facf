import pytest
import typer
from ruamel.yaml import YAML

from bot.entrypoints import opml
from tests.builders import a_source

NESTED = b"""<?xml version="1.0"?><opml version="2.0"><body>
<outline text="News"><outline type="rss" text="Halden" xmlUrl="https://halden.example/feed.xml"/>
<outline type="rss" title="Corvid &amp; Co" text="x" xmlUrl="https://corvid.example/atom"/></outline>
<outline text="Old" xmlUrl="ftp://old.example/feed"/></body></opml>"""


def test_what_is_exported_can_be_imported() -> None:
    sources = [a_source("halden", name="Halden & Söhne"), a_source("corvid")]

    found = opml.load(opml.dump(sources).encode(), name="x.opml", known=[])

    assert [(source.name, source.url) for source in found.sources] == [
        ("Halden & Söhne", "https://halden.example/feed.xml"),
        ("Corvid", "https://corvid.example/feed.xml"),
    ]


def test_nested_outlines_are_flattened_and_known_ones_left_out() -> None:
    found = opml.load(NESTED, name="x.opml", known=[a_source("halden")])

    assert [source.slug for source in found.sources] == ["corvid-co"]
    assert len(found.refused) == 2


def test_two_feeds_of_one_name_get_slugs_of_their_own() -> None:
    first = opml.source("https://a.example/feed", name="News", known=[])
    second = opml.source("https://b.example/feed", name="News", known=[first])

    assert [first.slug, second.slug] == ["news", "news-2"]


def test_chinese_name_takes_its_slug_from_the_host() -> None:
    assert opml.source("https://36kr.example/feed", name="三十六", known=[]).slug == "36kr-example"


@pytest.mark.parametrize(
    "document", [b"not xml", b'<!DOCTYPE x [<!ENTITY a "b">]><opml>&a;</opml>'], ids=["text", "entities"]
)
def test_what_is_no_opml_is_refused_with_the_files_name(document: bytes) -> None:
    with pytest.raises(typer.BadParameter, match=r"feeds\.opml"):
        opml.load(document, name="feeds.opml", known=[])


def test_yaml_of_a_new_source_is_read_back_as_it_was() -> None:
    source = opml.source("https://a.example/feed?x=1#y", name='A "quoted": name', known=[])

    (read,) = YAML(typ="safe").load("sources:\n" + opml.as_yaml(source))["sources"]

    assert (read["name"], read["url"]) == ('A "quoted": name', "https://a.example/feed?x=1#y")
