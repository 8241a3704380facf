"""Mail: sends through an SMTP relay."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.adapters.smtp.relay import Envelope, Relay
from bot.deliver.dkim import DkimKey
from bot.deliver.press import Personal, Press
from bot.model.delivery import Delivery, Receipt
from bot.model.digest import Digest
from bot.model.policy import MailingList
from bot.model.subscriber import Notice
from bot.ports import Sender, SenderCheck


class SmtpSender(Sender):
    """Mails digests; connections are used again."""

    def __init__(
        self,
        url: str,
        *,
        lists: Sequence[MailingList],
        sender: str | None,
        base_url: str,
        token: Callable[[str, str], str],
        personal: Personal | None = None,
        timeout_s: float = 30,
        dkim: DkimKey | None = None,
        returns_to: Callable[[Delivery], str] = lambda _: "",
    ) -> None:
        """
        Send through *url*: `smtp://user:pass@host:587` (STARTTLS where offered) or `smtps://…`.

        *sender* goes before the lists' own From; *token* makes (address, list id) an unsubscribe token.
        """
        self._relay = Relay(url, timeout_s)
        self._press = Press(
            lists, sender=sender, base_url=base_url, token=token, personal=personal, dkim=dkim, returns_to=returns_to
        )

    @property
    def name(self) -> str:
        """`smtp`."""
        return "smtp"

    def workspace(self) -> str:
        """Return nothing: in the ledger the list's id stands for it."""
        return ""

    def send(self, delivery: Delivery, digest: Digest, *, parent: Receipt | None) -> Receipt:  # noqa: ARG002
        """
        Mail *digest* to the delivery's recipient; a mail has no *parent*.

        Raises: DeliveryFailed, DeliveryRefused, DestinationGone, SenderMisconfigured, DeliveryUnknown.
        """
        mail = self._press.mail(delivery, digest)
        self._relay.send(Envelope(delivery.destination, mail.sender, mail.recipient), mail.wire)
        return Receipt(mail.message_id)

    def send_notice(self, delivery: Delivery, notice: Notice) -> Receipt:
        """Mail *notice* to the delivery's recipient. Raises: as `send`."""
        mail = self._press.notice(delivery, notice)
        self._relay.send(Envelope(delivery.destination, mail.sender, mail.recipient), mail.wire)
        return Receipt(mail.message_id)

    def fetch_receipt(
        self,
        delivery: Delivery,  # noqa: ARG002
        *,
        parent: Receipt | None,  # noqa: ARG002
        age: timedelta,  # noqa: ARG002
    ) -> Receipt | None:
        """Return null: SMTP does not show what became of a mail."""
        return None

    def check(self, destinations: Sequence[str]) -> SenderCheck:  # noqa: ARG002  # a relay takes mail for anyone
        """Log in to the relay and take leave again. Raises: DeliveryFailed, SenderMisconfigured."""
        return SenderCheck(self._relay.check())

    def close(self) -> None:
        """Take leave of the relay."""
        self._relay.close()
