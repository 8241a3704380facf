"""Look again, just before a message goes, whether it still may."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock, local

from bot.model.delivery import MADE_WHEN_SENT, Delivery
from bot.model.digest import Digest, DigestState
from bot.model.policy import MailingList
from bot.model.route import Medium
from bot.model.subscriber import SLACK_LIST
from bot.ports import Store
from bot.workflows import personal

_LOOK_AGE = timedelta(seconds=30)
"""After that a mail is looked at anew: its connection may have waited long since it looked ahead."""
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
        """Look into *store*; *lists* by id; what followers and editors get is not stored, but *made*."""
        self._store = store
        self._lists = lists
        self._members = {each.id: frozenset(map(_plain, each.members)) for each in lists.values()}
        self._now = now
        self._made = made
        self._guard = Lock()
        self._ahead = local()
        """What each thread saw of the mails it sends next."""
        self._stored = lru_cache(_KEPT_DIGESTS)(lambda key, _: store.load_messages(key))

    def digest(self, delivery: Delivery) -> Digest | None:
        """Return what *delivery* brings of its digest, as it was half a minute ago at most: it may be corrected."""
        if delivery.purpose in MADE_WHEN_SENT:
            return self._made(delivery)
        with self._guard:
            return self._stored(delivery.subject, self._now().timestamp() // _LOOK_AGE.total_seconds())

    def obstacle(self, delivery: Delivery, digest: Digest | None) -> str:
        """Return why *delivery* must not go; empty where it may."""
        if digest is None or digest.state is not DigestState.READY:
            return "its digest was withdrawn"
        is_own = delivery.route_id == SLACK_LIST and not delivery.is_change
        if is_own and not personal.is_subscribed(delivery.workspace, delivery.recipient, store=self._store):
            return "the reader has unsubscribed"
        if delivery.medium is not Medium.EMAIL:
            return ""
        return self._shut_out(delivery)

    def ahead(self, chunk: Sequence[Delivery]) -> None:
        """Look at once whom of *chunk* we must not write to: one by one it would cost as much as the mails."""
        self._ahead.looks = (self._now(), self._look(chunk))

    def _shut_out(self, delivery: Delivery) -> str:
        looks: tuple[datetime, dict[str, str]] | None = getattr(self._ahead, "looks", None)
        if looks is None or delivery.id not in looks[1] or self._now() - looks[0] > _LOOK_AGE:
            return self._look([delivery])[delivery.id]
        return looks[1][delivery.id]

    def _look(self, mails: Sequence[Delivery]) -> dict[str, str]:
        """Return why each of *mails* must not go; empty where it may."""
        found: dict[str, str] = {}
        for list_id in {each.destination for each in mails}:
            of_list = [each for each in mails if each.destination == list_id]
            addresses = [each.recipient for each in of_list]
            suppressed = self._store.load_suppressed(addresses, list_id=list_id)
            strangers = self._strangers(addresses, list_id=list_id)
            for each, address in zip(of_list, addresses, strict=True):
                left = "the reader has left the list" if address in strangers else ""
                found[each.id] = "the reader must not be written to" if address in suppressed else left
        return found

    def _strangers(self, addresses: Sequence[str], *, list_id: str) -> frozenset[str]:
        """Return those of *addresses* who do not get the list by now; nobody where the list is not known."""
        known = self._lists.get(list_id)
        if known is None:
            return frozenset()
        others = [each for each in addresses if _plain(each) not in self._members[list_id]]
        return frozenset(others) - self._store.load_reached(others, list_id=list_id)


def _plain(address: str) -> str:
    return address.strip().casefold()
