"""What is needed of the ledger: what goes to whom, and whether it went."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from bot.model.delivery import Delivery, DeliveryState, Ended, PutOff, Receipt, ShutDestination
from bot.model.route import Medium
from bot.model.values import RecapId


class Ledger(Protocol):
    """What goes to whom, and whether it went."""

    def save_deliveries(self, deliveries: Sequence[Delivery]) -> int:
        """Plan those that the ledger does not know yet; return how many were new."""
        ...

    def move_deliveries(self, deliveries: Sequence[Delivery]) -> int:
        """Give those that nobody tried yet the digest and time that *deliveries* have; return how many moved."""
        ...

    def load_deliveries(
        self,
        *,
        recap: RecapId | None = None,
        state: DeliveryState | None = None,
        subject: str | None = None,
        medium: Medium | None = None,
        purpose: str | None = None,
    ) -> list[Delivery]:
        """Return ledger rows in the order in which they must go out (parents before replies)."""
        ...

    def load_chosen(self, deliveries: Sequence[str]) -> list[Delivery]:
        """Return the rows of these ids, in the order in which they must go out; an unknown id is left out."""
        ...

    def load_due_mails(self, *, now: datetime, recap: RecapId | None = None, page: int) -> Iterator[list[Delivery]]:
        """Yield the mails that are due, digest by digest, in pages that are read when asked for: memory stays flat."""
        ...

    def count_open(self, *, recap: RecapId | None = None) -> int:
        """Return how many deliveries have not ended."""
        ...

    def load_put_off(self, *, now: datetime, recap: RecapId | None = None) -> list[PutOff]:
        """Return what waits for another try after a failure, a row for each place and reason."""
        ...

    def start_sending(self, delivery: str, *, now: datetime, lease_s: float, after: Ended | None = None) -> bool:
        """
        Claim a delivery and commit that its first byte is about to leave, all in one; false where it is not ours.

        What went out before it (*after*) is settled as sent in the same transaction, whatever becomes of this one.
        """
        ...

    def claim(self, delivery: str, *, now: datetime, lease_s: float) -> bool:
        """Lease a planned delivery (or one with an expired lease) that is due; return whether it is ours."""
        ...

    def save_sending(self, delivery: str, *, now: datetime, lease_s: float) -> bool:
        """Commit that the first byte is about to leave; false where the lease was lost."""
        ...

    def settle(
        self,
        delivery: str,
        state: DeliveryState,
        *,
        now: datetime,
        receipt: Receipt | None = None,
        error: str | None = None,
    ) -> None:
        """End a delivery: sent, failed, cancelled or unknown."""
        ...

    def release(self, delivery: str, *, not_before: datetime, error: str) -> None:
        """Give a delivery that was surely not taken back to planned, for a later try."""
        ...

    def release_crashed(self, *, now: datetime, alone: bool = False) -> int:
        """
        Settle as unknown what was left *sending* with an expired lease; return how many.

        Where the caller knows that it is *alone* (see `lead`), every lease counts as expired,
        and what was only claimed is planned again.
        """
        ...

    def save_shut(self, shut: ShutDestination) -> None:
        """Mark a destination that takes nothing any more; the first mark stays."""
        ...

    def load_shut(self) -> list[ShutDestination]:
        """Return the destinations that take nothing any more, by name."""
        ...

    def release_shut(self, *, of: tuple[str, str] | None = None) -> int:
        """
        Forget the marks of destinations, or that *of* one (workspace, destination): somebody has mended them.

        Return how many there were.
        """
        ...
