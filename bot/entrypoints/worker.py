"""The worker: sends what the queue holds, until it is told to end."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from bot.wiring import Bot


def run_forever(bot: Bot, *, on_start: Callable[[], None]) -> None:
    """
    Send until SIGTERM or Ctrl-C; then end each delivery in hand, and leave the rest to others.

    Raises: NotAllowed where there is no queue for workers.
    """
    with _signals() as stop:
        on_start()
        bot.work(stop=stop)


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
