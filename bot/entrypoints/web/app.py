"""The web application: its routes, its headers, and its answers to errors."""

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from bot.entrypoints.web import health, outbox, pages, unsubscribe
from bot.entrypoints.web.headers import SafeHeaders
from bot.entrypoints.web.site import Site
from bot.model.errors import NotFound, RecapError, StorageError
from bot.wiring import Bot

TITLES = {404: "There is no such page", 405: "This page cannot do that", 410: "This page is gone"}


def create_app(bot: Bot) -> FastAPI:
    """Return the web application of *bot*."""
    app = FastAPI(title="Recap", docs_url=None, redoc_url=None, openapi_url=None)
    site = Site(bot)
    app.state.site = site
    app.add_middleware(SafeHeaders, is_https=bot.settings.base_url.startswith("https://"))
    for room in (pages, outbox, unsubscribe, health):
        app.include_router(room.router)

    @app.exception_handler(HTTPException)
    def _http_error(request: Request, exc: HTTPException) -> Response:
        return site.message(request, TITLES.get(exc.status_code, "That did not work"), status=exc.status_code)

    @app.exception_handler(NotFound)
    def _not_found(request: Request, exc: NotFound) -> Response:
        return site.message(request, TITLES[404], detail=exc.detail, status=404)

    @app.exception_handler(StorageError)
    def _storage(request: Request, _: StorageError) -> Response:
        title = "Recap cannot reach its database just now"
        return site.message(request, title, detail="Please try again in a minute.", status=503)

    @app.exception_handler(RecapError)
    def _recap_error(request: Request, exc: RecapError) -> Response:
        return site.message(request, "That did not work", detail=str(exc), status=409)

    return app
