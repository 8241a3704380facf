"""Mails for many recipients: what they share is made once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from urllib.parse import quote

from bot.deliver import mime, notices
from bot.deliver.dkim import DkimKey
from bot.deliver.mime import Letter, Links, Printed
from bot.model.delivery import TEST, Delivery
from bot.model.digest import Digest
from bot.model.errors import DestinationGone
from bot.model.policy import MailingList
from bot.model.subscriber import Notice

_KEPT_LETTERS = 32
"""A run sends digest after digest, so one for each connection and some more suffice; each may hold 200 KB."""


Token = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Personal:
    """What makes tokens of links that only a reader of digests gets."""

    preferences: Callable[[str, datetime], str]
    """(address, when the mail is dated) → token."""
    feedback: Token
    """(address, list id) → token."""


class Press:
    """Prints a digest's mails, list by list."""

    def __init__(
        self,
        lists: Sequence[MailingList],
        *,
        sender: str | None,
        base_url: str,
        token: Token,
        personal: Personal | None = None,
        dkim: DkimKey | None = None,
        returns_to: Callable[[Delivery], str] = lambda _: "",
    ) -> None:
        """
        Print for *lists*, from *sender* where given, else from each list's own address.

        *token* makes (address, list id) the unsubscribe token below *base_url*, *personal* the others; without
        these those links lead to pages for everybody. Without a *dkim* key signing is left to the relay.
        *returns_to* is the envelope's sender, where it is not the mail's own.
        """
        self._lists = {each.id: each for each in lists}
        self._sender = sender
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._personal = personal
        self._dkim = dkim
        self._returns_to = returns_to
        self._letters: dict[tuple[str | int, ...], Letter] = {}
        """The last used at the end."""
        self._guard = Lock()

    def mail(self, delivery: Delivery, digest: Digest) -> Printed:
        """
        Return the delivery's mail, dated when it was due: the same bytes at every try of a slot.

        Raises: DestinationGone, DeliveryRefused, SenderMisconfigured.
        """
        letter = self._letter(delivery, _as_test(digest) if delivery.purpose == TEST else digest)
        wire = letter.to(delivery, links=self._links(delivery), sent_at=delivery.not_before)
        if self._dkim is not None:
            wire = self._dkim.signed(wire, domain=letter.sender.rpartition("@")[2])
        envelope = self._returns_to(delivery) or letter.sender
        return Printed(envelope, mime.recipient_of(delivery), letter.message_id(delivery), wire)

    def notice(self, delivery: Delivery, notice: Notice) -> Printed:
        """
        Return the mail of *notice*, the same bytes at every try of a slot.

        Raises: DestinationGone, DeliveryRefused, SenderMisconfigured.
        """
        mailing_list = self._list(delivery)
        mail = notices.printed(notice, delivery, sender=self._sender or mailing_list.sender, dkim=self._dkim)
        return replace(mail, sender=self._returns_to(delivery) or mail.sender)

    def _links(self, delivery: Delivery) -> Links:
        address, list_id, base = delivery.recipient, delivery.destination, self._base_url
        unsubscribe = f"{base}/unsubscribe/{quote(self._token(address, list_id), safe='')}"
        if self._personal is None:
            return Links(unsubscribe, f"{base}/preferences", f"{base}/")
        preferences = quote(self._personal.preferences(address, delivery.not_before), safe="")
        feedback = quote(self._personal.feedback(address, list_id), safe="")
        return Links(unsubscribe, f"{base}/preferences/{preferences}", f"{base}/feedback/{feedback}")

    def _list(self, delivery: Delivery) -> MailingList:
        known = self._lists.get(delivery.destination)
        if known is None:
            raise DestinationGone(
                delivery.destination, f"recap.yaml has no list {delivery.destination} any more; restore it there"
            )
        return known

    def _letter(self, delivery: Delivery, digest: Digest) -> Letter:
        key = (delivery.destination, *_fingerprint(digest))
        with self._guard:
            letter = self._letters.pop(key, None) or self._new_letter(delivery, digest)
            self._letters[key] = letter
            if len(self._letters) > _KEPT_LETTERS:
                del self._letters[next(iter(self._letters))]
        return letter

    def _new_letter(self, delivery: Delivery, digest: Digest) -> Letter:
        mailing_list = self._list(delivery)
        sender = self._sender or mailing_list.sender
        return mime.letter(digest, mailing_list=mailing_list, sender=sender, base_url=self._base_url)


def _as_test(digest: Digest) -> Digest:
    if digest.email is None:
        return digest
    return digest.model_copy(
        update={"email": digest.email.model_copy(update={"subject": f"[Test] {digest.email.subject}"})}
    )


def _fingerprint(digest: Digest) -> tuple[str, int, int, int]:
    # An editor may change a digest under the same key. Strings remember their hash, so this is cheap.
    mail = digest.email
    return (digest.key, hash(mail.subject), hash(mail.html), hash(mail.text)) if mail else (digest.key, 0, 0, 0)
