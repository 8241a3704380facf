"""Run the web on uvicorn."""

import uvicorn

from bot.entrypoints.web.app import create_app
from bot.wiring import Bot


def serve(bot: Bot, *, host: str, port: int) -> None:
    """Serve *bot*'s pages until interrupted."""
    uvicorn.run(create_app(bot), host=host, port=port, log_level="warning", server_header=False, access_log=False)
