"""Structured logs on standard error: `RECAP_LOG` is a level, with `json` before it for machines."""

import logging
import sys
from collections.abc import Mapping

import structlog

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "off": 50}


def configure(environment: Mapping[str, str], *, default: str) -> None:
    """Set logging up: `RECAP_LOG=info`, `RECAP_LOG=json:debug`; *default* is the level where nothing is said."""
    form, _, level = environment.get("RECAP_LOG", default).lower().rpartition(":")
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer() if form == "json" else structlog.processors.LogfmtRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS.get(level, 30)),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    for noisy in ("apscheduler", "slack_sdk", "trafilatura", "uvicorn.access", "alembic"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
