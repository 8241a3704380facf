"""Rehearse sending: write what is due into the outbox, and enter nothing into the ledger."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from bot.deliver import lanes
from bot.model.delivery import NOTICE, Delivery, DeliveryState, Receipt
from bot.model.digest import Digest
from bot.model.errors import DeliveryError
from bot.ports import Sender
from bot.workflows.last_look import LastLook
from bot.workflows.plan_recap import Plan

_OPEN = (DeliveryState.PLANNED, DeliveryState.CLAIMED)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would have been sent."""

    written: int
    """Messages, replies and mails."""
    left_out: dict[str, int] = field(default_factory=dict)
    """Why something would not go, and how often."""


def rehearse(
    plan: Plan,
    *,
    outbox: Sender,
    is_late: Callable[[Delivery], bool] = lambda _: False,
    made: Callable[[Delivery], Digest | None] = lambda _: None,
) -> Rehearsal:
    """
    Write what *plan* and the ledger have due into *outbox*, as its readers would get it; change nothing else.

    Left out is what was sent already, what may have been, and what a last look would keep back. What is not
    stored is *made*.
    """
    look = LastLook(plan.store, {each.id: each for each in plan.lists}, now=lambda: plan.now, made=made)
    reasons: Counter[str] = Counter()
    written = 0
    for delivery in _due(plan):
        digest = look.digest(delivery)
        obstacle = "its time is long past" if is_late(delivery) else look.obstacle(delivery, digest)
        if digest is not None and not obstacle:
            try:
                outbox.send(delivery, digest, parent=Receipt(""))
            except DeliveryError as exc:
                obstacle = str(exc)
            else:
                written += 1
        if obstacle:
            reasons[obstacle] += 1
    return Rehearsal(written, dict(reasons))


def _due(plan: Plan) -> Iterator[Delivery]:
    """Yield what would go, messages before their replies: what is planned now, then what the ledger waits with."""
    ledger = [each for each in plan.store.load_deliveries(recap=plan.recap.id) if each.purpose != NOTICE]
    ended = {each.id for each in ledger if each.state not in _OPEN}
    seen: set[str] = set()
    waiting = sorted((each for each in ledger if each.state in _OPEN), key=lanes.is_reply)
    for each in chain(plan.own(), plan.personal(), waiting):
        if each.id not in ended and each.id not in seen:
            seen.add(each.id)
            yield each
