"""What all pages share: rendering, the reader's language, caching."""

import hashlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from threading import Lock
from urllib.parse import urlencode, urlsplit

from fastapi import Request, Response

from bot.entrypoints.web.limits import RateLimit
from bot.entrypoints.web.postman import Postman
from bot.model.values import Language
from bot.wiring import Bot

HTML = "text/html; charset=utf-8"
FRESH_S = 60
"""How long a page may be kept, by browsers and by us; freshness marks are counted in hours."""
KEPT_PAGES = 256
SIGN_UPS_AN_HOUR = 10
"""Of one visitor, by IP address. Source: CONVENTIONS E51."""
MAX_ADDRESS_CHARS = 300
"""Longer addresses are somebody's play: their pages are not kept."""

PageKey = tuple[str, bytes, Language, str]
"""Path, query, language and version of a page."""


@dataclass(frozen=True, slots=True)
class NavLink:
    """A link of the site's head or foot."""

    url: str
    title: str
    """In English; the catalogue has the others."""
    language: Language = ""


class Site:
    """The bot as the pages see it."""

    def __init__(self, bot: Bot) -> None:
        """Keep *bot*."""
        self.bot = bot
        self.root = urlsplit(bot.settings.base_url).path.rstrip("/")
        self.nav = [
            NavLink(f"{self.root}/", "Latest"),
            NavLink(f"{self.root}/search", "Search"),
            NavLink(f"{self.root}/sources", "Sources"),
        ]
        if bot.people.lists:
            self.nav.append(NavLink(f"{self.root}/subscribe", "Subscribe"))
        self.sign_ups = RateLimit(SIGN_UPS_AN_HOUR, seconds=3600)
        self.postman = Postman(bot)
        self._kept: dict[PageKey, tuple[float, bytes]] = {}
        self._keeping = Lock()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Have a postman while the application runs."""
        with self.postman.at_work():
            yield

    def language(self, request: Request) -> Language:
        """Return the interface language: `?lang=`, else the browser's favourite that we speak, else the default."""
        spoken = self.bot.desk.recap.languages
        asked = request.query_params.get("lang", "")
        for wanted in (asked, *_accepted(request.headers.get("accept-language", ""))):
            if (code := wanted.split("-")[0].strip().lower()) in spoken:
                return code
        return spoken[0]

    def page(self, request: Request, template: str, **values: object) -> Response:
        """Return a rendered page; 304 where the browser has it already."""
        return cached(request, self._render(request, template, values), HTML)

    def kept(self, request: Request, template: str, make: Callable[[], dict[str, object]], *, version: str) -> Response:
        """
        Return a page that is made from *make*'s values at most once a minute for each address and language.

        It is made at once where *version* (what it shows) is another.
        """
        key = (request.scope["path"], request.scope["query_string"], self.language(request), version)
        made_at, body = self._kept.get(key, (float("-inf"), b""))
        if time.monotonic() - made_at > FRESH_S:
            body = self._render(request, template, make())
            if len(request.scope["path"]) + len(request.scope["query_string"]) <= MAX_ADDRESS_CHARS:
                self._keep(key, body)
        return cached(request, body, HTML)

    def private(self, request: Request, template: str, *, code: int = 200, **values: object) -> Response:
        """Return a rendered page that nobody may keep."""
        body = self._render(request, template, values)
        return Response(body, status_code=code, media_type=HTML, headers={"Cache-Control": "no-store"} | _VARY)

    def message(self, request: Request, status: int, *, reason: str = "") -> Response:
        """Return a page that says one thing: *reason*, or what the status means; the template has the words."""
        return self.private(request, "web/message.html.j2", code=status, status=status, reason=reason)

    def _render(self, request: Request, template: str, values: dict[str, object]) -> bytes:
        language = self.language(request)
        shared = {"site": self.bot.desk.card, "now": self.bot.clock.now(), "nav": self.nav}
        others = self._other_languages(request, language)
        html = self.bot.desk.renderer.render(template, language=language, languages=others, **shared, **values)
        return html.encode("utf-8", "replace")

    def _other_languages(self, request: Request, language: Language) -> list[NavLink]:
        query = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
        return [
            NavLink("?" + urlencode([*query, ("lang", other)]), other, other)
            for other in self.bot.desk.recap.languages
            if other != language
        ]

    def _keep(self, key: PageKey, body: bytes) -> None:
        with self._keeping:
            while len(self._kept) >= KEPT_PAGES:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = (time.monotonic(), body)


def cached(request: Request, body: bytes, content_type: str, *, seconds: int = FRESH_S) -> Response:
    """Return *body* with an ETag, or 304 where the browser has it already."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Cache-Control": f"public, max-age={seconds}"} | _VARY
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=content_type, headers=headers)


def site_of(request: Request) -> Site:
    """Return the site of the running application."""
    site: Site = request.app.state.site
    return site


_VARY = {"Vary": "Accept-Language"}


def _accepted(header: str) -> list[str]:
    """Return the languages of an Accept-Language header, the favourite first. Source: RFC 9110, 12.5.4."""
    weighed = []
    for part in header[:1000].split(","):
        language, _, weight = part.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        if quality > 0:
            weighed.append((quality, language))
    return [language for _, language in sorted(weighed, key=lambda pair: -pair[0])]
