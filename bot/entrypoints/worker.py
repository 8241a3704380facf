"""The worker: sends what the queue holds, until it is told to end."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog

from bot.wiring import Bot

log = structlog.get_logger(__name__)


def run_forever(bot: Bot, *, on_start: Callable[[], None]) -> None:
    """
    Send until SIGTERM or Ctrl-C; then end each delivery in hand, and leave the rest to others.

    Raises: NotAllowed where there is no queue for workers.
    """
    with _signals() as stop, _topping_up(bot, stop):
        on_start()
        bot.sending.work(now=bot.clock.now, stop=stop)


@contextmanager
def _topping_up(bot: Bot, stop: Event) -> Iterator[None]:
    """Look every `sweep_s` until *stop* whether the queue lacks something that is due."""

    def top_up() -> None:
        while not stop.wait(bot.settings.deliver.sweep_s):
            try:
                bot.sending.top_up(now=bot.clock.now)
            except Exception as exc:  # the next look must come, whatever this one met  # noqa: BLE001
                log.error("queue.not_topped_up", reason=f"{type(exc).__name__}: {exc}")

    looking = Thread(target=top_up, name="recap-top-up")
    if bot.jobs is not None:
        looking.start()
    try:
        yield
    finally:
        stop.set()
        if bot.jobs is not None:
            looking.join()


@contextmanager
def _signals() -> Iterator[Event]:
    """Yield what is set when the process is told to end; a second time ends it at once."""
    stop = Event()
    kept = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}

    def end(number: int, _: object) -> None:
        stop.set()
        signal.signal(number, kept[signal.Signals(number)])

    for each in kept:
        signal.signal(each, end)
    try:
        yield stop
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
