"""Article pages as publishers serve them: a body among menus, notices and plugs, at the links of a feed."""

import html
import random
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template
from urllib.parse import urlsplit
from zlib import crc32

import feedparser

from tests.fakes.feed_server import FeedServer

FULL_WORDS = 120
"""A feed's own text of this length is the article; a shorter one is a teaser."""
PARAGRAPHS = 11
BOILERPLATE = ("newsletter", "cookies", "All rights reserved", "Getty Images", "Read more", "invented for a test")
"""What stands on each page and must never stand on a card."""

_PAGES = Path(__file__).parents[1] / "data" / "pages"
"""A page, and invented sentences about invented places and firms."""
_NAME = re.compile(r"[A-Z][\w’-]+(?: [A-Z\d][\w’-]*)*")
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?!\s)[^.!?]*)*[.!?](?=\s|$)")


def with_pages(feed: bytes, server: FeedServer, *, nth: int = 0, language: str = "en") -> bytes:
    """
    Return *feed* with its links leading to the *nth* host of *server*, which has a page for each of them now.

    A page's body is the entry's own text where the feed has it, else the teaser and invented text after it.
    """
    home = server.url("/", nth=nth).encode()
    for entry in feedparser.parse(feed).entries:
        place = urlsplit(entry.link)
        path = place._replace(scheme="", netloc="").geturl()
        server.documents[path] = (page(entry, language).encode(), "text/html; charset=utf-8")
        feed = feed.replace(f"{place.scheme}://{place.netloc}/".encode(), home)
    return feed


def page(entry: Mapping[str, object], language: str) -> str:
    """Return the page of *entry*, with boilerplate around its body."""
    paragraphs = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in _body(entry, language))
    frame = Template((_PAGES / "page.html").read_text(encoding="utf-8"))
    return frame.substitute(language=language, title=html.escape(str(entry["title"])), body=paragraphs)


def _body(entry: Mapping[str, object], language: str) -> list[str]:
    contents = entry.get("content")
    value = contents[0]["value"] if isinstance(contents, list) and contents else entry.get("summary", "")
    plain = [html.unescape(re.sub(r"<[^>]+>", " ", part)).strip() for part in re.split(r"</p>|\n\s*\n", str(value))]
    if len(" ".join(plain).split()) >= FULL_WORDS:
        return [part for part in plain if part]
    # A teaser that is cut off goes on where its last whole sentence ends.
    teaser = " ".join(sentence.strip() for sentence in _SENTENCE.findall(plain[0]))
    return [*([teaser] if teaser else []), *_invented(entry, language)]


def _invented(entry: Mapping[str, object], language: str) -> list[str]:
    chance = random.Random(crc32(str(entry["link"]).encode()))  # each page its own text, the same in every run
    name = max(_NAME.findall(str(entry["title"])), key=len, default="the plan")
    chosen = chance.sample(_paragraphs(language), PARAGRAPHS)
    return [
        paragraph.format(
            name=name,
            months=chance.randint(3, 30),
            weeks=chance.randint(2, 20),
            count=chance.randint(120, 9_000),
            millions=chance.randint(4, 900),
        )
        for paragraph in chosen
    ]


@cache
def _paragraphs(language: str) -> list[str]:
    return (_PAGES / f"invented.{language}.txt").read_text(encoding="utf-8").splitlines()
