"""Full text of articles: robots.txt obeyed, the text taken out by trafilatura."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import trafilatura

from bot.model.errors import SourceError, SourceGone
from bot.model.values import ArticleId

MAX_PAGE_BYTES = 3_000_000
MAX_ROBOTS_BYTES = 500_000
"""Source: RFC 9309 section 2.5."""
ROBOTS_TTL_S = 86_400.0
"""Source: RFC 9309 section 2.4."""
MAX_TEXT_CHARS = 100_000
MAX_PAGES = 2_000
"""Texts kept in memory, so that a second pass of a run fetches nothing twice."""


@dataclass(slots=True)
class _Host:
    robots: RobotFileParser
    read_at_s: float
    last_fetch_s: float | None = None


class PageReader:
    """
    Reads article pages with a guarded *fetch* of the feed reader's.

    *fetch* returns a body within its own limits of size and time and raises SourceError, with the HTTP status
    where one came: a robots.txt answered with 404 forbids nothing, one that cannot be had forbids everything.
    One connection per host, *budget_s* for all pages of one call.
    """

    def __init__(
        self,
        fetch: Callable[[str], bytes],
        *,
        user_agent: str,
        budget_s: float = 120.0,
        max_delay_s: float = 10.0,
        hosts_at_once: int = 8,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep the limits; a host that asks for more than *max_delay_s* between two pages is left alone."""
        self._fetch = fetch
        self._user_agent = user_agent
        self._budget_s = budget_s
        self._max_delay_s = max_delay_s
        self._hosts_at_once = hosts_at_once
        self._sleep = sleep
        self._monotonic = monotonic
        self._hosts: dict[str, _Host] = {}
        self._texts: dict[str, str] = {}

    def fetch_texts(self, urls: Mapping[ArticleId, str]) -> dict[ArticleId, str]:
        """Return the plain text of each page that could be had, with a blank line between paragraphs."""
        deadline_s = self._monotonic() + self._budget_s
        by_host: dict[str, dict[ArticleId, str]] = defaultdict(dict)
        for article, url in urls.items():
            if root := _root(url):
                by_host[root][article] = url
        with ThreadPoolExecutor(max_workers=self._hosts_at_once) as pool:
            parts = pool.map(lambda host: self._fetch_host(host[0], host[1], deadline_s=deadline_s), by_host.items())
            return {article: text for part in parts for article, text in part.items()}

    def _fetch_host(self, root: str, urls: Mapping[ArticleId, str], *, deadline_s: float) -> dict[ArticleId, str]:
        found: dict[ArticleId, str] = {}
        for article, url in urls.items():
            if text := self._texts.get(url) or self._fetch_text(root, url, deadline_s=deadline_s):
                found[article] = text
                if len(self._texts) < MAX_PAGES:
                    self._texts[url] = text
        return found

    def _fetch_text(self, root: str, url: str, *, deadline_s: float) -> str | None:
        if self._monotonic() >= deadline_s:
            return None
        host = self._host(root)
        if not host.robots.can_fetch(self._user_agent, url) or not self._wait(host, deadline_s=deadline_s):
            return None
        host.last_fetch_s = self._monotonic()
        try:
            page = self._fetch(url)
        except SourceError:
            return None
        return _text(page) if len(page) <= MAX_PAGE_BYTES else None

    def _host(self, root: str) -> _Host:
        known = self._hosts.get(root)
        if known and self._monotonic() - known.read_at_s < ROBOTS_TTL_S:
            return known
        self._hosts[root] = _Host(self._fetch_robots(root), self._monotonic())
        return self._hosts[root]

    def _fetch_robots(self, root: str) -> RobotFileParser:
        robots = RobotFileParser(f"{root}/robots.txt")
        try:
            body = self._fetch(f"{root}/robots.txt")
        except SourceError as error:
            robots.parse([] if _is_absent(error) else ["User-agent: *", "Disallow: /"])
        else:
            robots.parse(body[:MAX_ROBOTS_BYTES].decode("utf-8-sig", "replace").splitlines())
        return robots

    def _wait(self, host: _Host, *, deadline_s: float) -> bool:
        """Wait as long as robots.txt asks for; false where that is too long."""
        delay_s = float(host.robots.crawl_delay(self._user_agent) or 0)
        if delay_s > self._max_delay_s:
            return False
        now_s = self._monotonic()
        wait_s = max(0.0, (host.last_fetch_s or now_s - delay_s) + delay_s - now_s)
        if now_s + wait_s >= deadline_s:
            return False
        if wait_s:
            self._sleep(wait_s)
        return True


def _is_absent(error: SourceError) -> bool:
    """
    Return whether there is no robots.txt, so that everything is allowed; unreachable means that nothing is.

    Source: RFC 9309 sections 2.3.1.3 and 2.3.1.4.
    """
    gone = isinstance(error, SourceGone)
    return gone or (error.status is not None and 400 <= error.status < 500 and error.status != 429)


def _root(url: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in {"http", "https"} and parts.netloc else None


def _text(page: bytes) -> str | None:
    found: str | None = trafilatura.extract(
        page, favor_precision=True, include_comments=False, include_tables=False, deduplicate=False
    )
    if not found:
        return None
    paragraphs = (line.strip() for line in found[:MAX_TEXT_CHARS].splitlines())
    return "\n\n".join(line for line in paragraphs if line)
