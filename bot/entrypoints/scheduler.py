"""The scheduler: a ticker that asks the bot every 30 seconds what is due, and nothing else."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot.model.errors import RecapError
from bot.wiring import Bot

log = structlog.get_logger(__name__)

TICK_S = 30


@contextmanager
def ticking(bot: Bot, *, seconds: float = TICK_S) -> Iterator[BackgroundScheduler]:
    """
    Tick while the context lasts; the first tick is at once, so that downtime is made up for.

    The scheduler keeps no memory: what is due is worked out from the calendar and the
    store, so a tick that fires twice or late does no harm (DESIGN.md section 1, rule 7).
    """
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        tick,
        "interval",
        args=[bot],
        seconds=seconds,
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
        next_run_time=bot.clock.now(),
    )
    try:
        scheduler.start()
        yield scheduler
    finally:
        if scheduler.running:  # an interrupt may come while it starts
            scheduler.shutdown(wait=True)


def tick(bot: Bot) -> None:
    """Do what is due; a failure is logged, and the next tick tries again."""
    try:
        bot.tick(now=bot.clock.now())
    except RecapError as exc:
        log.error("tick.failed", reason=str(exc))
    except Exception as exc:  # the next tick must come, whatever this one met
        log.error("tick.failed", reason=f"{type(exc).__name__}: {exc}")
        log.debug("tick.traceback", exc_info=True)


def run_forever(bot: Bot) -> None:
    """Tick until interrupted."""
    with ticking(bot):
        while True:
            time.sleep(3600)
