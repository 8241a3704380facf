"""The web application: its routes, its headers, and its answers to errors."""

from typing import TYPE_CHECKING

import structlog
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from bot.entrypoints.web import (
    admin,
    confirm,
    feedback,
    finding,
    health,
    outbox,
    pages,
    preferences,
    static,
    subscribe,
    unsubscribe,
    webhooks,
)
from bot.entrypoints.web.headers import SafeHeaders
from bot.entrypoints.web.site import Site
from bot.model.errors import NotFound, RecapError, StorageError
from bot.wiring import Bot

if TYPE_CHECKING:
    from bot.entrypoints.slack_app.app import SlackApp

log = structlog.get_logger(__name__)

ROOMS = (
    pages,
    finding,
    outbox,
    subscribe,
    confirm,
    preferences,
    unsubscribe,
    feedback,
    webhooks,
    admin,
    health,
    static,
)
"""Modules with a router: an address is of the first that takes it."""


def create_app(bot: Bot, slack: "SlackApp | None" = None) -> FastAPI:
    """Return the web application of *bot*, with the door for *slack*'s requests where they come over HTTP."""
    # Redirects to an address with or without a slash would repeat whatever Host the client made up.
    site = Site(bot)
    app = FastAPI(
        lifespan=lambda _: site.at_work(),
        title="Recap",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.site = site
    app.add_middleware(SafeHeaders, is_https=bot.settings.base_url.startswith("https://"), broken=_broken)
    for room in ROOMS:
        app.include_router(room.router)
    if slack is not None and bot.settings.slack_signing_secret:
        from bot.entrypoints.slack_app import http  # Bolt takes long to load

        app.state.slack = slack
        app.include_router(http.router)
    _answer_errors(app, site)
    return app


def _answer_errors(app: FastAPI, site: Site) -> None:
    @app.exception_handler(HTTPException)
    def _http_error(request: Request, exc: HTTPException) -> Response:
        response = site.message(request, exc.status_code)
        response.headers.update(exc.headers or {})
        return response

    @app.exception_handler(NotFound)
    def _not_found(request: Request, _: NotFound) -> Response:
        return site.message(request, 404)

    @app.exception_handler(StorageError)
    def _storage(request: Request, exc: StorageError) -> Response:
        log.error("web.storage_failed", path=request.scope["path"], reason=str(exc))
        return site.message(request, 503)

    @app.exception_handler(RecapError)
    def _recap_error(request: Request, exc: RecapError) -> Response:
        log.error("web.failed", path=request.scope["path"], reason=str(exc))
        return site.message(request, 500)


def _broken(path: str, exc: Exception) -> Response:
    """Say in plain words that it was our fault: the page that would say it better may be what broke."""
    log.error("web.failed", path=path, error=type(exc).__name__, reason=str(exc))
    return Response("Something went wrong on our side. Please try again in a while.\n", 500, media_type="text/plain")
