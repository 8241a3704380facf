"""Send mails: several connections take from one stream of what is due."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Lock

from bot.deliver import lanes
from bot.model.delivery import Delivery, DeliveryState, Ended
from bot.model.digest import Digest
from bot.ports import Sender
from bot.workflows.sending import Sending

_CHUNK = 50
"""Mails that a connection takes at a time."""


class Mailing:
    """The mails that are due, for as many threads as there are connections."""

    def __init__(
        self, run: Sending, pages: Iterator[list[Delivery]], *, is_ending: Callable[[], bool] = lambda: False
    ) -> None:
        """Send *pages* as part of *run*; begin no mail once *is_ending*."""
        self._run = run
        self._is_ending = is_ending
        self._chunks = (page[at : at + _CHUNK] for page in pages for at in range(0, len(page), _CHUNK))
        self._guard = Lock()
        self._next_at: datetime | None = None

    def work(self) -> None:
        """Send until nothing is left, a mail at a time."""
        hand = _Hand(self._run)
        try:
            while chunk := self._take():
                self._run.look.ahead(chunk)
                for delivery in chunk:
                    if self._is_ending():
                        return
                    if (pause_s := self._pause_s()) > 0:
                        hand.settle()
                        self._run.sleep(pause_s)
                    hand.send(delivery)
        finally:
            hand.settle()

    def _take(self) -> list[Delivery]:
        with self._guard:
            return next(self._chunks, [])

    def _pause_s(self) -> float:
        """Take a turn; return how long to wait for it. Turns come `smtp_rate` times a second."""
        rate = self._run.policy.smtp_rate
        if rate <= 0:
            return 0.0
        with self._guard:
            now = self._run.now()
            at = max(now, self._next_at or now)
            self._next_at = at + timedelta(seconds=1 / rate)
            return (at - now).total_seconds()


class _Hand:
    """Sends one mail after the other; what went out is written down with the mark of the next."""

    def __init__(self, run: Sending) -> None:
        self._run = run
        self._before: Ended | None = None

    def settle(self) -> None:
        """Write down what went out."""
        before, self._before = self._before, None
        if before is not None:
            self._run.store.settle(before.delivery_id, DeliveryState.SENT, now=before.at, receipt=before.receipt)

    def send(self, delivery: Delivery) -> None:
        """Send one mail, unless it must wait or not go at all."""
        run = self._run
        sender, digest = run.sender_of(delivery), run.look.digest(delivery)
        if sender is None or lanes.must_wait(delivery, digest, None) or run.is_late(delivery):
            return
        unfit = run.unfit.get(delivery.subject, "")
        obstacle = unfit or run.look.obstacle(delivery, digest)
        if digest is not None and not obstacle:
            self._bring(delivery, digest, sender)
        elif run.store.claim(delivery.id, now=run.now(), lease_s=run.policy.lease_s):
            run.settle(delivery, DeliveryState.FAILED if unfit else DeliveryState.CANCELLED, error=obstacle)

    def _bring(self, delivery: Delivery, digest: Digest, sender: Sender) -> None:
        run, attempts = self._run, delivery.attempts + 1
        at: datetime | None = run.now()
        while at is not None:
            is_ours = run.store.start_sending(delivery.id, now=at, lease_s=run.policy.lease_s, after=self._before)
            self._before = None  # not earlier: where the ledger fails, `settle` tries once more
            if not is_ours:
                return
            receipt, again = run.outcome(
                delivery, attempts=attempts, call=lambda: sender.send(delivery, digest, parent=None)
            )
            if receipt is not None:
                self._before = Ended(delivery.id, receipt, run.now())
                run.count(delivery, DeliveryState.SENT, receipt=receipt)
            at, attempts = run.wait_for(again) if again else None, attempts + 1
