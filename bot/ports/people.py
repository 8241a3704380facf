"""What keeping lists and taking mails back needs of the store."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model.delivery import Delivery
from bot.model.returned import ListCounts, MailTotals
from bot.model.subscriber import Bounce, BounceKind, Subscriber, Subscription


class PeopleStore(Protocol):
    """Many people at once, and the mails that came back from them."""

    def load_delivery(self, delivery: str) -> Delivery | None:
        """Return one row of the ledger, or null."""
        ...

    def load_of_list(self, list_id: str, people: Sequence[str]) -> dict[str, Subscription]:
        """Return what those of *people* (ids of subscribers) who ever had anything to do with a list get of it."""
        ...

    def save_newcomers(self, pairs: Sequence[tuple[Subscriber, Subscription]]) -> None:
        """Insert subscriptions, and those people who are not known yet, all or nothing; what is there stays."""
        ...

    def count_subscriptions(self) -> list[ListCounts]:
        """Return how many people each list has, by list."""
        ...

    def count_mails(self, *, since: datetime) -> list[MailTotals]:
        """Return what was sent to each list *since*, and what came back, by list."""
        ...

    def load_bounces_of(self, kind: BounceKind, *, since: datetime, limit: int) -> list[Bounce]:
        """Return the bounces of a *kind* since, newest first, at most *limit*."""
        ...
