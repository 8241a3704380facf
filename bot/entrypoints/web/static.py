"""Files that never change while we run: the stylesheet, the icon, what crawlers may read."""

from fastapi import APIRouter, Request, Response

from bot.entrypoints.web.site import cached
from bot.model.errors import NotFound
from bot.settings import templates_directory

router = APIRouter()

TYPES = {"recap.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
KEPT_S = 3600
PRIVATE = ("/outbox", "/unsubscribe/", "/confirm/", "/preferences", "/search")
ROBOTS = "".join(("User-agent: *\n", *(f"Disallow: {path}\n" for path in PRIVATE))).encode()


@router.api_route("/static/{name}", methods=["GET", "HEAD"])
def file(request: Request, name: str) -> Response:
    """Return one of the files that pages link."""
    if name not in TYPES:
        raise NotFound("There is no such file.")
    body = (templates_directory() / "web" / "static" / name).read_bytes()
    return cached(request, body, TYPES[name], seconds=KEPT_S)


@router.api_route("/favicon.ico", methods=["GET", "HEAD"])
def icon(request: Request) -> Response:
    """Return the icon where browsers look for it unasked."""
    return file(request, "icon.svg")


@router.api_route("/robots.txt", methods=["GET", "HEAD"])
def robots(request: Request) -> Response:
    """Say what crawlers may read."""
    return cached(request, ROBOTS, "text/plain; charset=utf-8", seconds=KEPT_S)
