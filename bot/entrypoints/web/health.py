"""Health: alive, and ready."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from bot.entrypoints.web.site import site_of
from bot.model.errors import StorageError

router = APIRouter()

_NOT_KEPT = {"Cache-Control": "no-store"}


@router.api_route("/healthz", methods=["GET", "HEAD"])
def alive() -> Response:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"}, headers=_NOT_KEPT)


@router.api_route("/readyz", methods=["GET", "HEAD"])
def ready(request: Request) -> Response:
    """Say whether the database can be used."""
    try:
        site_of(request).bot.store.check()
    except StorageError as exc:
        return JSONResponse({"status": "unready", "reason": str(exc)}, 503, headers=_NOT_KEPT)
    return JSONResponse({"status": "ok"}, headers=_NOT_KEPT)
