"""Finds the feeds that a web page names."""

from html.parser import HTMLParser
from urllib.parse import urljoin

from bot.collect import links

_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"})
_MAX_CHARS = 500_000


def feeds(page: str, *, url: str) -> tuple[str, ...]:
    """
    Return the addresses of the feeds that the HTML *page* at *url* links to, in its order.

    Source: https://www.rssboard.org/rss-autodiscovery
    """
    finder = _Finder()
    finder.feed(page[:_MAX_CHARS])
    found = (_resolved(url, finder.base, href) for href in finder.hrefs)
    return tuple(dict.fromkeys(address for address in found if links.is_web(address)))


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip() for name, value in attrs}
        if tag == "base":
            self.base = self.base or given.get("href", "")
        is_alternate = tag == "link" and "alternate" in given.get("rel", "").lower().split()
        if is_alternate and given.get("type", "").lower().partition(";")[0] in _TYPES and given.get("href"):
            self.hrefs.append(given["href"])


def _resolved(url: str, base: str, href: str) -> str:
    try:
        return urljoin(urljoin(url, base), href)
    except ValueError:
        return ""
