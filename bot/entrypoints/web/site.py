"""What all pages share: rendering, the reader's language, caching."""

import hashlib

from fastapi import Request, Response

from bot.model.values import Language
from bot.wiring import Bot


class Site:
    """The bot as the pages see it."""

    def __init__(self, bot: Bot) -> None:
        """Keep *bot*."""
        self.bot = bot

    def language(self, request: Request) -> Language:
        """Return the interface language: `?lang=`, else the browser's first that we speak, else the default."""
        spoken = self.bot.desk.recap.languages
        asked = request.query_params.get("lang", "")
        accepted = request.headers.get("accept-language", "").split(",")
        for wanted in (asked, *(part.split(";")[0].strip() for part in accepted)):
            if wanted[:2].lower() in spoken:
                return wanted[:2].lower()
        return spoken[0]

    def page(self, request: Request, template: str, *, code: int = 200, **values: object) -> Response:
        """Return a rendered page; 304 where the browser has it already."""
        language = self.language(request)
        now = self.bot.clock.now()
        html = self.bot.desk.renderer.render(template, language=language, now=now, site=self.bot.desk.card, **values)
        return cached(request, html.encode("utf-8"), "text/html; charset=utf-8", status=code)

    def message(self, request: Request, title: str, *, detail: str = "", status: int) -> Response:
        """Return a page that says one thing."""
        response = self.page(request, "web/message.html.j2", code=status, status=status, heading=title, detail=detail)
        response.headers["Cache-Control"] = "no-store"
        return response


def cached(request: Request, body: bytes, content_type: str, *, status: int = 200, seconds: int = 60) -> Response:
    """Return *body* with an ETag, or 304 where the browser has it already."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Cache-Control": f"public, max-age={seconds}", "Vary": "Accept-Language"}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if status == 200 and etag in known:
        return Response(status_code=304, headers=headers)
    return Response(body, status_code=status, media_type=content_type, headers=headers)


def site_of(request: Request) -> Site:
    """Return the site of the running application."""
    site: Site = request.app.state.site
    return site
