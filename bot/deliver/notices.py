"""A notice as a mail to one person, and its row in the ledger."""

from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from bot.deliver import mime
from bot.deliver.dkim import DkimKey
from bot.deliver.mime import Printed
from bot.model.delivery import NOTICE, Delivery, delivery_id
from bot.model.route import Medium
from bot.model.subscriber import Notice
from bot.model.values import digest_of

_PART = "mail"


def printed(notice: Notice, delivery: Delivery, *, sender: str, dkim: DkimKey | None) -> Printed:
    """
    Return the mail of *notice* from *sender*; it belongs to no list, so it carries no list's headers.

    Source: RFC 3834 5, CONVENTIONS E9, E26.

    Raises: DeliveryRefused, SenderMisconfigured.
    """
    origin = mime.origin_of(sender, delivery.destination)
    recipient = mime.recipient_of(delivery)
    message_id = f"<{delivery.id}@{origin.domain}>"
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = origin
    mail["To"] = recipient
    mail["Subject"] = " ".join(notice.subject.split())
    mail["Date"] = format_datetime(delivery.not_before)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(notice.text, cte="quoted-printable")
    mail.add_alternative(notice.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = notice.language  # last: content headers do not outlive `set_content`
    mail.set_boundary(f"=_{digest_of('boundary', notice.id)}")
    wire = mail.as_bytes()
    if dkim is not None:
        wire = dkim.signed(wire, domain=origin.domain)
    return Printed(origin.addr_spec, recipient, message_id, wire)


def delivery_of(notice: Notice, *, sender: str, workspace: str) -> Delivery:
    """Return the ledger's row for *notice*, due at once; where *workspace* is empty, the list stands for it."""
    place = workspace or notice.list_id
    identity = delivery_id(
        notice.id,
        purpose=NOTICE,
        workspace=place,
        destination=notice.list_id,
        recipient=notice.address.casefold(),
        part=_PART,
        revision=0,
    )
    return Delivery(
        id=identity,
        purpose=NOTICE,
        subject=notice.id,
        workspace=place,
        medium=Medium.EMAIL,
        destination=notice.list_id,
        recipient=notice.address,
        part=_PART,
        sender=sender,
        route_id=notice.kind,
        planned_at=notice.made_at,
        not_before=notice.made_at,
    )
