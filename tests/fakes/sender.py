"""A sender that keeps what it got, and fails when told to."""

from collections import deque
from datetime import timedelta
from threading import Lock

from bot.model.delivery import Delivery, Receipt
from bot.model.digest import Digest
from bot.model.errors import DeliveryError, NeverArrived
from bot.model.subscriber import Notice
from bot.ports import Sender


class FakeSender(Sender):
    """Takes messages in memory; `script` holds the errors of the next sends, null where one goes through."""

    def __init__(self, name: str = "slack", *, team: str = "T1") -> None:
        self._name = name
        self._team = team
        self._guard = Lock()
        self.script: deque[DeliveryError | None] = deque()
        self.sent: list[tuple[Delivery, Receipt | None]] = []
        self.notices: list[Notice] = []
        self.history: dict[str, Receipt] = {}
        self.is_readable = True
        self.is_whole = False
        """Whether what the history does not show surely never arrived."""
        self.trouble: DeliveryError | None = None

    @property
    def name(self) -> str:
        return self._name

    def workspace(self) -> str:
        if self.trouble is not None:
            raise self.trouble
        return self._team

    def send(self, delivery: Delivery, digest: Digest, *, parent: Receipt | None) -> Receipt:
        with self._guard:
            if self.script and (error := self.script.popleft()) is not None:
                raise error
            self.sent.append((delivery, parent))
            receipt = Receipt(f"{len(self.sent)}.0", "C1")
            self.history[delivery.id] = receipt
            return receipt

    def send_notice(self, delivery: Delivery, notice: Notice) -> Receipt:
        with self._guard:
            if self.script and (error := self.script.popleft()) is not None:
                raise error
            self.notices.append(notice)
            return Receipt(f"n{len(self.notices)}")

    def fetch_receipt(
        self,
        delivery: Delivery,
        *,
        parent: Receipt | None,
        age: timedelta,
    ) -> Receipt | None:
        if self.is_whole and delivery.id not in self.history:
            raise NeverArrived(delivery.destination, "the history does not show it")
        return self.history.get(delivery.id) if self.is_readable else None
