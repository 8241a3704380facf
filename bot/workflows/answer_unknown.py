"""An operator says of a delivery that nobody could tell about whether it arrived."""

import re
from datetime import datetime

from bot.deliver import lanes
from bot.model import hints
from bot.model.delivery import Delivery, DeliveryState, Receipt
from bot.model.errors import NotAllowed, NotFound
from bot.model.route import Medium
from bot.ports import Store

_PERMALINK = re.compile(r"/archives/([A-Z0-9]+)/p(\d{10})(\d{6})")
"""Source: https://docs.slack.dev/reference/methods/chat.getPermalink"""
_TIMESTAMP = re.compile(r"\d{10}\.\d{6}")


def arrived(delivery_id: str, *, receipt: str, operator: str, store: Store, now: datetime) -> Delivery:
    """
    Settle an unknown delivery as sent; what replies to it goes on.

    *delivery_id* may be shortened. *receipt* is the message's link or timestamp in Slack: a message
    with replies left to send needs it, as they are posted below it.

    Raises: NotFound, NotAllowed.
    """
    delivery = _unknown(delivery_id, store=store)
    taken = _receipt(receipt, delivery)
    if not taken.id and delivery.sender == Medium.SLACK and _has_open_replies(delivery, store=store):
        raise NotAllowed(
            "Its replies are posted below it: copy the message's link in Slack and give it with --receipt LINK."
        )
    store.settle(delivery.id, DeliveryState.SENT, now=now, receipt=taken, error=f"{operator} says that it arrived")
    return delivery


def lost(delivery_id: str, *, operator: str, store: Store, now: datetime) -> Delivery:
    """Plan an unknown delivery again, as the operator says that it never arrived. Raises: NotFound, NotAllowed."""
    delivery = _unknown(delivery_id, store=store)
    store.release(delivery.id, not_before=now, error=f"{operator} says that it did not arrive")
    return delivery


def _unknown(delivery_id: str, *, store: Store) -> Delivery:
    rows = {each.id: each for each in store.load_deliveries(state=DeliveryState.UNKNOWN)}
    found = [each for each in rows.values() if each.id.startswith(delivery_id)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(f"'{delivery_id}' begins the ids of {len(found)} unknown deliveries; write more of it.")
    if any(each.id.startswith(delivery_id) for each in store.load_deliveries()):
        raise NotAllowed(f"Delivery '{delivery_id}' is not unknown; `recap deliveries` shows how it ended.")
    raise NotFound(f"There is no unknown delivery '{delivery_id}'{hints.nearest(delivery_id, rows)}")


def _receipt(given: str, delivery: Delivery) -> Receipt:
    if link := _PERMALINK.search(given):
        return Receipt(f"{link[2]}.{link[3]}", link[1])
    if given and delivery.medium is Medium.SLACK and not _TIMESTAMP.fullmatch(given):
        raise NotAllowed(f"'{given}' is no Slack message: give its link (…/archives/C0123/p1700000000000000).")
    return Receipt(given, delivery.channel or delivery.destination if given else "")


def _has_open_replies(delivery: Delivery, *, store: Store) -> bool:
    return delivery.part == "parent" and any(
        lanes.is_reply(each) and lanes.family(each) == lanes.family(delivery) and each.state != DeliveryState.SENT
        for each in store.load_deliveries(subject=delivery.subject)
    )
