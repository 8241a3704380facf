"""A process that dies at a named point of a delivery: from then on nothing of it runs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from threading import Lock

from bot.adapters.storage.store import SqlStore
from bot.model.delivery import Delivery, DeliveryState, Ended, Receipt
from bot.model.digest import Digest
from bot.ports import Sender


class Crash(BaseException):
    """The process was killed; like SystemExit, nobody catches it."""


class Point(StrEnum):
    """Where a delivery can be cut off."""

    BEFORE_CLAIM = "before claim"
    AFTER_CLAIM = "after claim"
    AFTER_SENDING = "after sending was committed"
    AFTER_SEND = "after it was sent, before it was settled"
    AFTER_SETTLE = "after it was settled"


class Fuse:
    """Blows when *point* is reached for the *nth* time; all who share it are dead from then on."""

    def __init__(self, point: Point, *, nth: int = 1) -> None:
        self.is_blown = False
        self._point = point
        self._left = nth
        self._guard = Lock()

    def reach(self, point: Point | None = None) -> None:
        """Raise Crash where the process dies here, or is dead. Another point than the fuse's passes."""
        with self._guard:
            if point is self._point and not self.is_blown:
                self._left -= 1
                self.is_blown = self._left == 0
            if self.is_blown:
                raise Crash(str(point))


class CrashingStore(SqlStore):
    """The real store, in a process that dies."""

    def __init__(self, url: str, fuse: Fuse) -> None:
        super().__init__(url)
        self._fuse = fuse

    def claim(self, delivery: str, *, now: datetime, lease_s: float) -> bool:
        self._fuse.reach(Point.BEFORE_CLAIM)
        return self._then(
            Point.AFTER_CLAIM, lambda: super(CrashingStore, self).claim(delivery, now=now, lease_s=lease_s)
        )

    def save_sending(self, delivery: str, *, now: datetime, lease_s: float) -> bool:
        self._fuse.reach()
        return self._then(
            Point.AFTER_SENDING, lambda: super(CrashingStore, self).save_sending(delivery, now=now, lease_s=lease_s)
        )

    def start_sending(self, delivery: str, *, now: datetime, lease_s: float, after: Ended | None = None) -> bool:
        self._fuse.reach(Point.BEFORE_CLAIM)
        step = partial(super().start_sending, delivery, now=now, lease_s=lease_s, after=after)
        return self._then(Point.AFTER_SENDING, step)

    def settle(
        self,
        delivery: str,
        state: DeliveryState,
        *,
        now: datetime,
        receipt: Receipt | None = None,
        error: str | None = None,
    ) -> None:
        self._fuse.reach()
        super().settle(delivery, state, now=now, receipt=receipt, error=error)
        self._fuse.reach(Point.AFTER_SETTLE)

    def release(self, delivery: str, *, not_before: datetime, error: str) -> None:
        self._fuse.reach()
        super().release(delivery, not_before=not_before, error=error)

    def _then(self, point: Point, step: Callable[[], bool]) -> bool:
        is_done = step()
        if is_done:
            self._fuse.reach(point)
        return is_done


class CrashingSender(Sender):
    """Any sender, in a process that dies."""

    def __init__(self, sender: Sender, fuse: Fuse) -> None:
        self._sender = sender
        self._fuse = fuse

    @property
    def name(self) -> str:
        return self._sender.name

    def workspace(self) -> str:
        return self._sender.workspace()

    def send(self, delivery: Delivery, digest: Digest, *, parent: Receipt | None) -> Receipt:
        self._fuse.reach()
        receipt = self._sender.send(delivery, digest, parent=parent)
        self._fuse.reach(Point.AFTER_SEND)
        return receipt

    def fetch_receipt(
        self,
        delivery: Delivery,
        *,
        parent: Receipt | None,
        age: timedelta,
    ) -> Receipt | None:
        self._fuse.reach()
        return self._sender.fetch_receipt(delivery, parent=parent, age=age)
