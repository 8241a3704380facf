"""The scheduler: a ticker that asks the bot every 30 seconds what is due, and nothing else."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot.model.errors import RecapError
from bot.wiring import Bot

log = structlog.get_logger(__name__)

TICK_S = 30
_ENDINGS = (signal.SIGTERM, signal.SIGINT)


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
        with _undisturbed():
            scheduler.start()
        yield scheduler
    finally:
        scheduler.shutdown(wait=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put off what would end the process until the context ends: a scheduler that half started cannot be ended."""
    if threading.current_thread() is not threading.main_thread():  # signals come to the main thread only
        yield
        return
    came: list[int] = []
    kept = {each: signal.signal(each, lambda number, _: came.append(number)) for each in _ENDINGS}
    try:
        yield
    finally:
        for each, handler in kept.items():
            signal.signal(each, handler)
        for number in came[:1]:
            signal.raise_signal(number)


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
