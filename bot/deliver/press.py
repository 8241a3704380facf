"""Mails for many recipients: what they share is made once."""

import hashlib
from collections.abc import Callable, Sequence
from urllib.parse import quote

from bot.deliver import mime
from bot.deliver.mime import Letter
from bot.model.delivery import Delivery
from bot.model.digest import Digest
from bot.model.errors import DestinationGone
from bot.model.policy import MailingList

_KEPT_LETTERS = 16
"""A run sends digest after digest, so a few suffice; each may hold 200 KB."""


class Press:
    """Prints a digest's mails, list by list."""

    def __init__(
        self, lists: Sequence[MailingList], *, sender: str | None, base_url: str, token: Callable[[str, str], str]
    ) -> None:
        """
        Print for *lists*, from *sender* where given, else from each list's own address.

        *token* makes (address, list id) the unsubscribe token below *base_url*.
        """
        self._lists = {each.id: each for each in lists}
        self._sender = sender
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._letters: dict[str, Letter] = {}

    def mail(self, delivery: Delivery, digest: Digest) -> bytes:
        """
        Return the bytes of the delivery's mail, dated when it was due: the same at every try of a slot.

        Raises: DestinationGone, DeliveryRefused, SenderMisconfigured.
        """
        token = quote(self._token(delivery.recipient, delivery.destination), safe="")
        return self._letter(delivery, digest).to(
            delivery, unsubscribe_url=f"{self._base_url}/unsubscribe/{token}", sent_at=delivery.not_before
        )

    def envelope_sender(self, delivery: Delivery) -> str:
        """Return the bare address that the delivery's mail comes from. Raises: DestinationGone, SenderMisconfigured."""
        return mime.envelope_sender(self._from(delivery), delivery.destination)

    def message_id(self, delivery: Delivery) -> str:
        """Return the Message-ID of the delivery's mail. Raises: DestinationGone, SenderMisconfigured."""
        return mime.message_id(delivery, self.envelope_sender(delivery).rpartition("@")[2])

    def _from(self, delivery: Delivery) -> str:
        return self._sender or self._list(delivery).sender

    def _list(self, delivery: Delivery) -> MailingList:
        known = self._lists.get(delivery.destination)
        if known is None:
            raise DestinationGone(
                delivery.destination, f"recap.yaml has no list {delivery.destination} any more; restore it there"
            )
        return known

    def _letter(self, delivery: Delivery, digest: Digest) -> Letter:
        key = f"{delivery.destination} {_fingerprint(digest)}"
        letter = self._letters.get(key)
        if letter is None:
            letter = mime.letter(digest, mailing_list=self._list(delivery), sender=self._from(delivery))
            if len(self._letters) >= _KEPT_LETTERS:
                self._letters.clear()
            self._letters[key] = letter
        return letter


def _fingerprint(digest: Digest) -> str:
    # An editor may change a digest under the same key.
    mail = digest.email
    content = f"{mail.subject}\0{mail.html}\0{mail.text}" if mail else ""
    return hashlib.blake2b(f"{digest.key}\0{content}".encode("utf-8", "surrogatepass")).hexdigest()
