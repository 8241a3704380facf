"""The postman: sends notices as soon as there are any, beside the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog

from bot.wiring import Bot

log = structlog.get_logger(__name__)

AGAIN_S = 30.0
"""After a notice that the relay did not take."""
GRACE_S = 5.0
"""How long a notice under way may take once the process is told to end."""


class Postman:
    """One thread that posts when it is called, and again while something is left."""

    def __init__(self, bot: Bot) -> None:
        """Post what *bot* has entered into its ledger."""
        self._bot = bot
        self._called = Event()
        self._is_over = Event()

    def call(self) -> None:
        """Say that there is something to post; return at once."""
        self._called.set()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Work while the context lasts."""
        thread = Thread(target=self._work, name="postman", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            self._called.set()
            thread.join(GRACE_S)

    def _work(self) -> None:
        left = 0
        while True:
            self._called.wait(AGAIN_S if left else None)
            self._called.clear()
            if self._is_over.is_set():
                return
            left = self._post()

    def _post(self) -> int:
        try:
            return self._bot.people.post(now=self._bot.clock.now)
        except Exception as exc:  # the postman must stay, whatever this round met
            log.error("notice.failed", reason=f"{type(exc).__name__}: {exc}")
            log.debug("notice.traceback", exc_info=True)
            return 1
