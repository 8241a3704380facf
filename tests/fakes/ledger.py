"""A ledger in memory, until the tests run on the real store."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import RLock

from bot.model.delivery import Delivery, DeliveryState, Receipt
from bot.model.digest import Digest
from bot.model.subscriber import Subscriber, Subscription, Suppression, address_hash
from bot.ports import Store


class MemoryLedger(Store):
    """Keeps digests, deliveries and subscribers; knows nothing of the rest."""

    def __init__(self) -> None:
        self.rows: dict[str, Delivery] = {}
        self.digests: dict[str, Digest] = {}
        self.subscriptions: list[tuple[Subscriber, Subscription]] = []
        self.suppressions: set[tuple[str, str]] = set()
        self._guard = RLock()

    def load_digest(self, key: str) -> Digest | None:
        return self.digests.get(key)

    def save_deliveries(self, deliveries: Sequence[Delivery]) -> int:
        with self._guard:
            new = [each for each in deliveries if each.id not in self.rows]
            self.rows.update({each.id: each.model_copy() for each in new})
            return len(new)

    def load_deliveries(
        self, *, recap: str | None = None, state: DeliveryState | None = None, subject: str | None = None
    ) -> list[Delivery]:
        with self._guard:
            return [
                each.model_copy()
                for each in sorted(self.rows.values(), key=lambda row: (row.part != "parent", row.part))
                if (recap is None or each.recap_id == recap)
                and (state is None or each.state == state)
                and (subject is None or each.subject == subject)
            ]

    def claim(self, delivery: str, *, now: datetime, lease_s: float) -> bool:
        with self._guard:
            row = self.rows[delivery]
            is_free = row.state is DeliveryState.PLANNED or (
                row.state is DeliveryState.CLAIMED and row.lease_until is not None and row.lease_until <= now
            )
            if not is_free or row.not_before > now:
                return False
            row.state, row.lease_until, row.attempts = (
                DeliveryState.CLAIMED,
                now + timedelta(seconds=lease_s),
                row.attempts + 1,
            )
            return True

    def save_sending(self, delivery: str, *, now: datetime, lease_s: float) -> bool:
        with self._guard:
            row = self.rows[delivery]
            if row.state is not DeliveryState.CLAIMED or row.lease_until is None or row.lease_until <= now:
                return False
            row.state, row.lease_until = DeliveryState.SENDING, now + timedelta(seconds=lease_s)
            return True

    def settle(
        self,
        delivery: str,
        state: DeliveryState,
        *,
        now: datetime,
        receipt: Receipt | None = None,
        error: str | None = None,
    ) -> None:
        with self._guard:
            row = self.rows[delivery]
            row.state, row.settled_at, row.lease_until, row.error = state, now, None, error
            row.receipt, row.channel = (receipt.id, receipt.channel) if receipt else (None, "")

    def release(self, delivery: str, *, not_before: datetime, error: str) -> None:
        with self._guard:
            row = self.rows[delivery]
            row.state, row.lease_until, row.not_before, row.error = DeliveryState.PLANNED, None, not_before, error

    def release_crashed(self, *, now: datetime) -> int:
        with self._guard:
            crashed = [
                row
                for row in self.rows.values()
                if row.state is DeliveryState.SENDING and row.lease_until is not None and row.lease_until <= now
            ]
            for row in crashed:
                row.state, row.settled_at, row.lease_until = DeliveryState.UNKNOWN, now, None
            return len(crashed)

    def load_subscribers(self, list_id: str) -> list[tuple[Subscriber, Subscription]]:
        return [
            (person, subscription)
            for person, subscription in self.subscriptions
            if subscription.list_id == list_id
            and subscription.state == "active"
            and not self.is_suppressed(person.address or "", list_id=list_id)
        ]

    def save_subscriber(self, subscriber: Subscriber, subscription: Subscription) -> None:
        self.subscriptions = [each for each in self.subscriptions if each[1].id != subscription.id]
        self.subscriptions.append((subscriber, subscription))

    def is_suppressed(self, address: str, *, list_id: str) -> bool:
        mark = address_hash(address)
        return bool({(mark, list_id), (mark, "*")} & self.suppressions)

    def save_suppression(self, suppression: Suppression) -> None:
        self.suppressions.add((suppression.address_hash, suppression.list_id))
