"""Look again, just before a message goes, whether it still may."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock, local

from bot.model.delivery import FOLLOW, Delivery
from bot.model.digest import Digest, DigestState, Medium
from bot.model.policy import MailingList
from bot.model.subscriber import SLACK_LIST
from bot.ports import Store
from bot.workflows import personal

_READERS_AGE = timedelta(seconds=30)
"""Reading a long list for each of its mails would cost more than sending them."""
_KEPT_DIGESTS = 32
"""A mailing goes segment by segment; a digest may hold 200 KB, and there may be hundreds."""


class LastLook:
    """What of digests and readers the mails of a run share."""

    def __init__(
        self,
        store: Store,
        lists: Mapping[str, MailingList],
        *,
        now: Callable[[], datetime],
        made: Callable[[Delivery], Digest | None] = lambda _: None,
    ) -> None:
        """Look into *store*; *lists* by id; what followers get is not stored, but *made*."""
        self._store = store
        self._lists = lists
        self._now = now
        self._made = made
        self._guard = Lock()
        self._ahead = local()
        """What each thread saw of the mails it sends next."""
        self._digests: dict[str, Digest | None] = {}
        self._readers: dict[str, tuple[datetime, frozenset[str]]] = {}

    def digest(self, delivery: Delivery) -> Digest | None:
        """Return the digest of *delivery* as it was when it was first asked for, or shortly after."""
        if delivery.purpose == FOLLOW:
            return self._made(delivery)
        key = delivery.subject
        with self._guard:
            if key not in self._digests:
                if len(self._digests) >= _KEPT_DIGESTS:
                    self._digests.pop(next(iter(self._digests)))
                self._digests[key] = self._store.load_digest(key)
            return self._digests[key]

    def obstacle(self, delivery: Delivery, digest: Digest | None) -> str:
        """Return why *delivery* must not go; empty where it may."""
        if digest is None or digest.state is not DigestState.READY:
            return "its digest was withdrawn"
        is_own = delivery.route_id == SLACK_LIST and not delivery.is_change
        if is_own and not personal.is_subscribed(delivery.workspace, delivery.recipient, store=self._store):
            return "the reader has unsubscribed"
        if delivery.medium is not Medium.EMAIL:
            return ""
        if self._is_suppressed(delivery):
            return "the reader must not be written to"
        readers = self._readers_of(delivery)
        if readers is not None and delivery.recipient.strip().casefold() not in readers:
            return "the reader has left the list"
        return ""

    def ahead(self, chunk: Sequence[Delivery]) -> None:
        """Look at once whom of *chunk* we must not write to: one by one it would cost as much as the mails."""
        found: dict[str, bool] = {}
        for list_id in {each.destination for each in chunk}:
            mails = [each for each in chunk if each.destination == list_id]
            suppressed = self._store.load_suppressed([each.recipient for each in mails], list_id=list_id)
            found |= {each.id: each.recipient in suppressed for each in mails}
        self._ahead.looks = (self._now(), found)

    def _is_suppressed(self, delivery: Delivery) -> bool:
        looks: tuple[datetime, dict[str, bool]] | None = getattr(self._ahead, "looks", None)
        if looks is None or delivery.id not in looks[1] or self._now() - looks[0] > _READERS_AGE:
            return self._store.is_suppressed(delivery.recipient, list_id=delivery.destination)
        return looks[1][delivery.id]

    def _readers_of(self, delivery: Delivery) -> frozenset[str] | None:
        """Return who gets the list by now, in lower case; null where that is not known."""
        known = self._lists.get(delivery.destination)
        if known is None:
            return None
        with self._guard:
            read_at, readers = self._readers.get(known.id, (None, frozenset()))
            if read_at is None or self._now() - read_at > _READERS_AGE:
                subscribed = (subscriber.address or "" for subscriber, _ in self._store.load_subscribers(known.id))
                readers = frozenset(address.strip().casefold() for address in (*known.members, *subscribed))
                self._readers[known.id] = (self._now(), readers)
            return readers
