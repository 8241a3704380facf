"""Health: alive, and ready."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from bot.entrypoints.web.site import site_of
from bot.model.errors import StorageError

router = APIRouter()


@router.get("/healthz")
def alive() -> Response:
    """Say that the process answers."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@router.get("/readyz")
def ready(request: Request) -> Response:
    """Say whether the database can be used."""
    try:
        site_of(request).bot.store.check()
    except StorageError as exc:
        return JSONResponse({"status": "unready", "reason": str(exc)}, 503, headers={"Cache-Control": "no-store"})
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})
