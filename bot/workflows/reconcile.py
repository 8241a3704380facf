"""Unknown deliveries: look up what became of them, and name those that nobody can tell of."""

from collections.abc import Iterable
from datetime import timedelta

from bot.deliver import lanes
from bot.model.delivery import Delivery, DeliveryState, Receipt
from bot.model.errors import NeverArrived
from bot.workflows.sending import Sending

LONGEST = timedelta(days=1)
"""After that the provider's history is not searched any more; the ledger goes on showing the delivery as unknown."""
SETTLES_AFTER = timedelta(minutes=10)
"""Ours: what the provider took in spite of a broken connection shows within seconds; before that nothing is lost."""


def reconcile(run: Sending, unknown: Iterable[Delivery]) -> None:
    """
    Settle those of *unknown* that their provider shows, and plan anew those that it surely does not have.

    All others stay as they are, and are named. Raises: StorageError.
    """
    for delivery in unknown:
        if delivery.is_change:
            run.store.release(delivery.id, not_before=run.now(), error=delivery.error or "")
        elif delivery.settled_at is None or delivery.settled_at >= run.now() - LONGEST:
            _look_up(run, delivery)


def _look_up(run: Sending, delivery: Delivery) -> None:
    sender = run.senders.get(delivery.sender)
    age = run.now() - delivery.not_before
    try:
        receipt = sender.fetch_receipt(delivery, parent=_above(run, delivery), age=age) if sender else None
    except NeverArrived as exc:
        _not_there(run, delivery, exc)
        return
    if receipt is not None:
        run.settle(delivery, DeliveryState.SENT, receipt=receipt)
    else:
        run.fault(delivery, "nobody can tell whether it arrived; look there, then `recap deliveries`")


def _not_there(run: Sending, delivery: Delivery, exc: NeverArrived) -> None:
    settled_at = delivery.settled_at or run.now()
    if run.now() < settled_at + SETTLES_AFTER:
        at = settled_at + SETTLES_AFTER
        run.fault(delivery, f"it does not show there yet; if it does not by {at:%H:%M} UTC, it is sent again")
    else:
        run.not_taken(delivery, exc, attempts=delivery.attempts)


def _above(run: Sending, delivery: Delivery) -> Receipt | None:
    """Return the receipt of the message that *delivery* replies to; null where it replies to none."""
    if not lanes.is_reply(delivery):
        return None
    siblings = run.store.load_deliveries(subject=delivery.subject)
    parents = (each for each in siblings if each.part == "parent" and lanes.family(each) == lanes.family(delivery))
    return next((Receipt(each.receipt, each.channel) for each in parents if each.receipt), None)
