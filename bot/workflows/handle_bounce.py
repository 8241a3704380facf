"""Take a mail that came back: whose it was, what it says of them, and what follows."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from bot.deliver import bounced
from bot.model.delivery import Delivery
from bot.model.policy import BouncePolicy, MailingList
from bot.model.returned import Returned
from bot.model.route import Medium
from bot.model.subscriber import (
    Bounce,
    BounceKind,
    SubscriptionState,
    Suppression,
    address_hash,
    subscriber_id_of,
)
from bot.model.values import digest_of
from bot.ports import Store

log = structlog.get_logger(__name__)

EVERY_LIST = "*"
COMPLAINED = "complaint"
"""Reason of a suppression after a complaint: it goes before any other."""
GRACE = timedelta(days=1)
"""So that the bounces of a weekly mail, an hour early or late, fall into as many weeks as they should."""
REMEMBERED = timedelta(days=3650)
"""A report of the same mail counts once within it."""
_TOKEN = re.compile(r"\+([0-9a-z]{20,64})@", re.I)
_OUR_ID = re.compile(r"([0-9a-f]{32})@")
_MAX_CANDIDATES = 20


class Verdict(StrEnum):
    """What became of a mail that came back."""

    IGNORED = "ignored"
    """It is about no mail of ours, or nobody can know that it is."""
    KNOWN = "known"
    """It came before."""
    COUNTED = "counted"
    """The reader stays for now."""
    SUPPRESSED = "suppressed"
    """The reader is never written to again."""
    OURS = "our fault"
    """The reader stays; an operator must act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a mail that came back, and why."""

    verdict: Verdict
    reason: str
    kind: BounceKind | None = None
    status: str = ""
    list_id: str = ""
    delivery_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """What taking mails back needs."""

    store: Store
    policy: BouncePolicy
    lists: Sequence[MailingList]
    delivery_of: Callable[[str], str]
    """Token → the delivery that it was made for; nothing where we did not make it."""


def handle(returned: Returned, *, reception: Reception, is_proven: bool, now: datetime) -> Outcome:
    """
    Count what came back, and suppress the reader where that is due; the same mail twice counts once.

    Whoever may write to us may claim that a mail bounced: believed is who shows the token of its envelope, or,
    for lists without a `bounce_address`, names its Message-ID. *is_proven* says that a provider signed it.
    """
    delivery, doubt = _delivery_of(returned, reception, is_proven=is_proven)
    if delivery is None:
        log.info("bounce.ignored", reason=doubt)
        return Outcome(verdict=Verdict.IGNORED, reason=doubt)
    bounce = _bounce(returned, delivery, kind=_kind(returned, reception.policy), now=now)
    verdict, reason = count(bounce, store=reception.store, policy=reception.policy, now=now)
    return Outcome(
        verdict=verdict,
        reason=reason,
        kind=bounce.kind,
        status=bounce.status,
        list_id=bounce.list_id,
        delivery_id=delivery.id,
    )


def refused(
    delivery: Delivery, kind: BounceKind, told: str, *, store: Store, policy: BouncePolicy, now: datetime
) -> tuple[Verdict, str]:
    """Count a mail that the relay itself refused, in the words it *told*; return what follows, and why."""
    returned = Returned(identity="", status=bounced.status_of("", told), diagnostic=told)
    bounce = _bounce(returned, delivery, kind=kind, now=now)
    return count(bounce, store=store, policy=policy, now=now)


def count(bounce: Bounce, *, store: Store, policy: BouncePolicy, now: datetime) -> tuple[Verdict, str]:
    """Keep *bounce*, once, and do what is due; return what that was, and why."""
    verdict, reason = Verdict.KNOWN, "it came before"
    earlier = store.load_bounces(bounce.address_hash, since=now - REMEMBERED)
    if all(each.id != bounce.id for each in earlier):
        # What follows comes first: a process that ends in between is called again with the same mail.
        verdict, reason = _consequence(bounce, earlier, store=store, policy=policy, now=now)
        store.save_bounce(bounce)
    tell = log.error if verdict is Verdict.OURS else log.info
    facts = {"kind": bounce.kind.value, "status": bounce.status, "verdict": verdict.value}
    tell("bounce.taken", delivery=bounce.delivery_id, **facts)
    return verdict, reason


def _delivery_of(returned: Returned, reception: Reception, *, is_proven: bool) -> tuple[Delivery | None, str]:
    """Return the mail of ours that came back; else null, and why nobody can know."""
    tokens = list(_tokens(returned.envelopes))
    proven = next(filter(None, map(reception.delivery_of, tokens)), "")
    if tokens and not proven and not is_proven:
        return None, "its token is not one of ours"
    ids = map(_OUR_ID.match, returned.message_ids[:_MAX_CANDIDATES])
    named = [each[1] for each in ids if each]
    for candidate in [proven] if proven else named:
        delivery = reception.store.load_delivery(candidate)
        if delivery is None or delivery.medium is not Medium.EMAIL:
            continue
        if "@" not in delivery.recipient:
            return None, "its reader's data was erased"
        if not proven and not is_proven and _is_signed(delivery, reception.lists):
            return None, "it lacks the token that mails of this list come back with"
        return delivery, ""
    return None, "it names no mail of ours"


def _tokens(addresses: Sequence[str]) -> Iterator[str]:
    for address in addresses[:_MAX_CANDIDATES]:
        for found in _TOKEN.finditer(address[:1000]):
            yield found[1].lower()


def _is_signed(delivery: Delivery, lists: Sequence[MailingList]) -> bool:
    return any(each.bounce_address for each in lists if each.id == delivery.destination)


def _kind(returned: Returned, policy: BouncePolicy) -> BounceKind:
    if returned.is_complaint:
        return BounceKind.COMPLAINT
    return bounced.kind_of(returned.status, returned.diagnostic, kinds=policy.kinds)


def _bounce(returned: Returned, delivery: Delivery, *, kind: BounceKind, now: datetime) -> Bounce:
    return Bounce(
        # A mail comes back once: whoever repeats a report, or makes up others, adds nothing.
        id=digest_of("bounce", delivery.id, kind),
        address_hash=address_hash(delivery.recipient),
        list_id=delivery.destination,
        kind=kind,
        status=returned.status,
        diagnostic=_without(delivery.recipient, returned.diagnostic),
        delivery_id=delivery.id,
        bounced_at=now,
    )


def _without(address: str, text: str) -> str:
    return re.sub(re.escape(address), "the reader", text, flags=re.I)


def _consequence(
    bounce: Bounce, earlier: Sequence[Bounce], *, store: Store, policy: BouncePolicy, now: datetime
) -> tuple[Verdict, str]:
    match bounce.kind:
        case BounceKind.POLICY:
            return Verdict.OURS, f"our mail was refused, not the reader: {bounce.status} {bounce.diagnostic}".strip()
        case BounceKind.COMPLAINT:
            _suppress(bounce, COMPLAINED, store=store, now=now)
            _end_subscriptions(bounce.address_hash, store=store, now=now)
            return Verdict.SUPPRESSED, "the reader called it spam"
        case BounceKind.HARD:
            _suppress(bounce, f"bounce {bounce.status}".strip(), store=store, now=now)
            return Verdict.SUPPRESSED, "there is no such mailbox"
        case BounceKind.SOFT:
            since = now - timedelta(weeks=policy.soft_weeks) - GRACE
            soft = 1 + sum(each.kind is bounce.kind and each.bounced_at >= since for each in earlier)
            count = f"{soft} of {policy.soft_limit} soft bounces in {policy.soft_weeks} weeks"
            if soft < policy.soft_limit:
                return Verdict.COUNTED, count
            _suppress(bounce, f"{soft} soft bounces", store=store, now=now)
            return Verdict.SUPPRESSED, count


def _suppress(bounce: Bounce, reason: str, *, store: Store, now: datetime) -> None:
    known = [each for each in store.load_suppressions(of=bounce.address_hash) if each.list_id == EVERY_LIST]
    if not known or (reason == COMPLAINED and known[0].reason != COMPLAINED):
        store.save_suppression(
            Suppression(address_hash=bounce.address_hash, list_id=EVERY_LIST, reason=reason, created_at=now)
        )


def _end_subscriptions(hashed: str, *, store: Store, now: datetime) -> None:
    person = store.load_subscriber(subscriber_id_of(hashed))
    for each in store.load_subscriptions(person.id) if person else []:
        ended = {"state": SubscriptionState.ENDED, "paused_until": None, "left_reason": COMPLAINED, "changed_at": now}
        if person and each.state is not SubscriptionState.ENDED:
            store.save_subscriber(person, each.model_copy(update=ended))
