"""Which deliveries a digest asks for: its messages × its destinations and their recipients."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from bot.model.delivery import CORRECTION, Delivery, DeliveryState, delivery_id
from bot.model.digest import Digest, DigestState
from bot.model.recap import Recap
from bot.model.route import Destination, Medium, Route

PURPOSE = "recap"


@dataclass(frozen=True, slots=True)
class SenderFacts:
    """What the ledger needs to know of a sender."""

    name: str
    """`slack`, `smtp` or `outbox`."""
    workspace: str
    """Slack team id, or `local`; empty where the email list's own id stands for it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A subscriber of a list, as far as the ledger needs them."""

    address: str
    list_id: str
    not_before: datetime
    since: datetime | None
    """When they confirmed."""


@dataclass(frozen=True, slots=True)
class _Mark:
    destination: Destination
    recipient: str
    part: str


def deliveries(
    digest: Digest,
    route: Route,
    *,
    senders: Mapping[Medium, SenderFacts],
    recipients: Mapping[str, Sequence[str]],
    now: datetime,
    not_before: datetime,
) -> list[Delivery]:
    """
    Return the deliveries of *digest*, parents before replies; none where it is not ready.

    *recipients* are the addresses of each email list by its id; an address is written to once
    per list, whatever its case. A medium without a sender gets nothing.
    """
    if digest.state is not DigestState.READY:
        return []
    return [
        _planned(digest, mark, senders[mark.destination.medium], now=now, not_before=not_before)
        for mark in _marks(digest, route, recipients)
        if mark.destination.medium in senders
    ]


def _marks(digest: Digest, route: Route, recipients: Mapping[str, Sequence[str]]) -> Iterator[_Mark]:
    for destination in {(each.medium, each.id): each for each in route.destinations}.values():
        if destination.medium is Medium.SLACK:
            own = [message for message in digest.slack if not message.part.startswith(CORRECTION)]
            ordered = sorted(own, key=lambda message: (message.part != "parent", message.part))
            yield from (_Mark(destination, destination.id, message.part) for message in ordered)
        elif digest.email is not None:
            addresses = [address.strip() for address in recipients.get(destination.id, ())]
            unique = {address.casefold(): address for address in reversed(addresses)}
            yield from (_Mark(destination, address, "mail") for address in reversed(unique.values()))


def subscriber_mail(
    digest_key: str, route: Route, recap: Recap, *, reader: Reader, sender: SenderFacts, now: datetime
) -> Delivery:
    """
    Return the delivery of a recap to a subscriber of a list.

    It is the same delivery whichever digest it brings: who changes their choices between planning and
    sending gets one mail, not two.
    """
    mark = _Mark(Destination(medium=Medium.EMAIL, id=reader.list_id), reader.address.strip(), "mail")
    return Delivery(
        **_identified(mark, sender, subject=f"{recap.id}/{reader.list_id}"),
        subject=digest_key,
        recap_id=recap.id,
        route_id=route.id,
        planned_at=now,
        not_before=reader.not_before,
        since=reader.since,
    )


def corrections(posted: Sequence[Delivery], *, part: str, revision: int, now: datetime) -> list[Delivery]:
    """
    Return the deliveries that bring a correction to where *posted*, the deliveries of a digest, were sent to.

    At each place the digest's message and the event's *part* are changed in place, and a reply says what was wrong.
    """
    changed = [each for each in posted if each.part in ("parent", part) and _was_posted(each)]
    parents = [each for each in changed if each.part == "parent"]
    told = [_corrected(each, f"{CORRECTION}{revision:02d}", revision=revision, now=now) for each in parents]
    return [_corrected(each, each.part, revision=revision, now=now) for each in changed] + told


def _was_posted(delivery: Delivery) -> bool:
    return delivery.medium is Medium.SLACK and delivery.revision == 0 and delivery.state is DeliveryState.SENT


def _corrected(posted: Delivery, part: str, *, revision: int, now: datetime) -> Delivery:
    identity = delivery_id(
        posted.subject,
        purpose=posted.purpose,
        workspace=posted.workspace,
        destination=posted.destination,
        recipient=posted.recipient,
        part=part,
        revision=revision,
    )
    return Delivery(
        **posted.model_dump(include={"purpose", "subject", "workspace", "medium", "destination", "recipient"}),
        **posted.model_dump(include={"sender", "recap_id", "route_id"}),
        id=identity,
        part=part,
        revision=revision,
        receipt=posted.receipt if part == posted.part else None,
        channel=posted.channel,
        planned_at=now,
        not_before=now,
    )


def personal_message(
    digest_key: str, person: str, recap: Recap, *, route: str, sender: SenderFacts, now: datetime, not_before: datetime
) -> Delivery:
    """
    Return the delivery of a recap to a *person* in Slack: one message, as for a subscriber of a list.

    *route* is that of personal messages.
    """
    mark = _Mark(Destination(medium=Medium.SLACK, id=person), person, "parent")
    return Delivery(
        **_identified(mark, sender, subject=f"{recap.id}/{route}"),
        subject=digest_key,
        recap_id=recap.id,
        route_id=route,
        planned_at=now,
        not_before=not_before,
    )


def _planned(digest: Digest, mark: _Mark, sender: SenderFacts, *, now: datetime, not_before: datetime) -> Delivery:
    return Delivery(
        **_identified(mark, sender, subject=digest.key),
        subject=digest.key,
        recap_id=digest.recap_id,
        route_id=digest.route_id,
        planned_at=now,
        not_before=not_before,
    )


class _Identified(TypedDict):
    id: str
    purpose: str
    workspace: str
    medium: Medium
    destination: str
    recipient: str
    part: str
    sender: str


def _identified(mark: _Mark, sender: SenderFacts, *, subject: str) -> _Identified:
    workspace = sender.workspace or mark.destination.id
    identity = delivery_id(
        subject,
        purpose=PURPOSE,
        workspace=workspace,
        destination=mark.destination.id,
        recipient=_identity_of(mark),
        part=mark.part,
        revision=0,
    )
    return _Identified(
        id=identity,
        purpose=PURPOSE,
        workspace=workspace,
        medium=mark.destination.medium,
        destination=mark.destination.id,
        recipient=mark.recipient,
        part=mark.part,
        sender=sender.name,
    )


def _identity_of(mark: _Mark) -> str:
    return mark.recipient.casefold() if mark.destination.medium is Medium.EMAIL else mark.recipient
