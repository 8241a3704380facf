"""Post notices: what is due, each once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.deliver import retry
from bot.model.delivery import Delivery, DeliveryState
from bot.model.errors import DeliveryError, DeliveryUnknown, SenderMisconfigured
from bot.model.policy import DeliverPolicy
from bot.model.subscriber import NOTICE_URL, Notice, NoticeKind, SubscriptionState
from bot.ports import Sender
from bot.workflows.subscribing import links
from bot.workflows.subscribing.registry import Registry
from bot.workflows.subscribing.sign_up import may_write_to

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Post:
    """What posting needs besides the registry."""

    senders: Mapping[str, Sender]
    """By name."""
    policy: DeliverPolicy
    now: Callable[[], datetime]
    jitter: Callable[[], float]


def post(registry: Registry, means: Post) -> int:
    """
    Send the notices that are due; return how many are left for later.

    Several processes may do it at once: the ledger gives each notice to one of them.
    """
    due = registry.store.load_due_notices(now=means.now())
    return sum(not _posted(delivery, notice, registry, means) for delivery, notice in due)


def _posted(delivery: Delivery, notice: Notice | None, registry: Registry, means: Post) -> bool:
    """Return whether *delivery* has ended."""
    store, sender = registry.store, means.senders.get(delivery.sender)
    if sender is None:
        log.error("notice.has_no_sender", delivery=delivery.id, sender=delivery.sender)
        return False
    if not store.claim(delivery.id, now=means.now(), lease_s=means.policy.lease_s):
        return True
    obstacle = _obstacle(notice, registry, means.now())
    if notice is None or obstacle:
        return _settled(delivery, DeliveryState.CANCELLED, registry, means, error=obstacle)
    if not store.save_sending(delivery.id, now=means.now(), lease_s=means.policy.lease_s):
        return True
    return _sent(delivery, _with_link(notice, registry), sender, registry=registry, means=means)


def _sent(delivery: Delivery, notice: Notice, sender: Sender, *, registry: Registry, means: Post) -> bool:
    try:
        receipt = sender.send_notice(delivery, notice)
    except DeliveryUnknown as exc:
        return _settled(delivery, DeliveryState.UNKNOWN, registry, means, error=str(exc))
    except DeliveryError as exc:
        return _put_off(delivery, exc, registry, means)
    registry.store.settle(delivery.id, DeliveryState.SENT, now=means.now(), receipt=receipt)
    log.info("notice.sent", delivery=delivery.id, kind=notice.kind.value)
    return True


def _put_off(delivery: Delivery, exc: DeliveryError, registry: Registry, means: Post) -> bool:
    now = means.now()
    again = retry.next_try(exc, attempts=delivery.attempts + 1, policy=means.policy, now=now, jitter=means.jitter())
    if isinstance(exc, SenderMisconfigured):
        again = now + timedelta(seconds=means.policy.retry_base_s)
    if again is None:
        return _settled(delivery, DeliveryState.FAILED, registry, means, error=str(exc))
    registry.store.release(delivery.id, not_before=again, error=str(exc))
    log.warning("notice.put_off", delivery=delivery.id, reason=str(exc))
    return False


def _settled(delivery: Delivery, state: DeliveryState, registry: Registry, means: Post, *, error: str) -> bool:
    registry.store.settle(delivery.id, state, now=means.now(), error=error)
    log.warning(f"notice.{state}", delivery=delivery.id, reason=error)
    return True


def _with_link(notice: Notice, registry: Registry) -> Notice:
    url = links.of_notice(notice, registry=registry)
    filled = {"html": notice.html.replace(NOTICE_URL, url), "text": notice.text.replace(NOTICE_URL, url)}
    return notice.model_copy(update=filled)


def _obstacle(notice: Notice | None, registry: Registry, now: datetime) -> str:
    if notice is None:
        return "its notice was withdrawn"
    if now > notice.made_at + timedelta(hours=links.NOTICE_HOURS):
        return "its link is too old by now"
    if not may_write_to(notice.address, notice.list_id, registry=registry):
        return "the reader must not be written to"
    person = registry.store.load_subscriber(notice.subscriber_id)
    known = registry.subscription(person, notice.list_id) if person else None
    if known is None or (notice.kind is NoticeKind.CONFIRM and known.state is not SubscriptionState.PENDING):
        return "nobody waits for it any more"
    return ""
