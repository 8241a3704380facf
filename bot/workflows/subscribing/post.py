"""Post notices: what is due, each once."""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.deliver import breaker, refusals, retry
from bot.deliver.breaker import Breaker
from bot.model.delivery import Delivery, DeliveryState
from bot.model.errors import DeliveryError, DeliveryUnknown, SenderMisconfigured
from bot.model.policy import BouncePolicy, DeliverPolicy
from bot.model.subscriber import NOTICE_URL, Notice, NoticeKind, SubscriptionState
from bot.ports import Sender
from bot.workflows import handle_bounce
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
    bounces: BouncePolicy = field(default_factory=BouncePolicy)
    breakers: MutableMapping[str, Breaker] = field(default_factory=dict)
    """How each sender fares, recaps included: who refuses those in bulk is not asked to take notices."""

    def is_resting(self, sender: str) -> bool:
        """Return whether a sender is left alone for now."""
        return self.breakers.get(sender, Breaker()).is_open(self.now())


def post(registry: Registry, means: Post) -> int:
    """
    Send the notices that are due; return how many are left for later.

    Several processes may do it at once: the ledger gives each notice to one of them. A sender that refuses
    everything, or must be mended first, is left alone.
    """
    left, stopped = 0, set[str]()
    for delivery, notice in registry.store.load_due_notices(now=means.now()):
        if delivery.sender in stopped or means.is_resting(delivery.sender):
            left += 1
        elif isinstance(error := _posted(delivery, notice, registry, means), DeliveryError):
            left += 1
            stopped |= {delivery.sender} if isinstance(error, SenderMisconfigured) else set()
    return left


def _posted(delivery: Delivery, notice: Notice | None, registry: Registry, means: Post) -> DeliveryError | None:
    """Return why *delivery* has not ended; null where it has."""
    store, sender = registry.store, means.senders.get(delivery.sender)
    if sender is None:
        log.error("notice.has_no_sender", delivery=delivery.id, sender=delivery.sender)
        return SenderMisconfigured(delivery.destination, f"no sender called {delivery.sender} is set up")
    if not store.claim(delivery.id, now=means.now(), lease_s=means.policy.lease_s):
        return None
    obstacle = _obstacle(notice, registry, means.now())
    if notice is None or obstacle:
        _settle(delivery, DeliveryState.CANCELLED, registry, means, error=obstacle)
    elif store.save_sending(delivery.id, now=means.now(), lease_s=means.policy.lease_s):
        return _sent(delivery, _with_link(notice, registry), sender, registry=registry, means=means)
    return None


def _sent(
    delivery: Delivery, notice: Notice, sender: Sender, *, registry: Registry, means: Post
) -> DeliveryError | None:
    try:
        receipt = sender.send_notice(delivery, notice)
    except DeliveryUnknown as exc:
        _settle(delivery, DeliveryState.UNKNOWN, registry, means, error=str(exc))
        return None
    except DeliveryError as exc:
        if not isinstance(exc, SenderMisconfigured):  # that says nothing of the reader, nor of the relay
            _judge(delivery, exc, registry, means)
        return _put_off(delivery, exc, registry, means)
    registry.store.settle(delivery.id, DeliveryState.SENT, now=means.now(), receipt=receipt)
    means.breakers[delivery.sender] = breaker.after(
        means.breakers.get(delivery.sender, Breaker()), None, policy=means.policy, now=means.now()
    )
    log.info("notice.sent", delivery=delivery.id, kind=notice.kind.value)
    return None


def _judge(delivery: Delivery, exc: DeliveryError, registry: Registry, means: Post) -> None:
    """Draw the same conclusions for the reader and the relay as from a recap's mail."""
    now = means.now()
    if (kind := refusals.kind_of(exc)) is not None:
        handle_bounce.refused(delivery, kind, exc.detail, store=registry.store, policy=means.bounces, now=now)
    known = means.breakers.get(delivery.sender, Breaker())
    means.breakers[delivery.sender] = after = breaker.after(known, exc, policy=means.policy, now=now)
    if after.open_until is not None and after is not known:
        log.error("relay.refuses", sender=delivery.sender, reason=str(exc), again_at=after.open_until.isoformat())


def _put_off(delivery: Delivery, exc: DeliveryError, registry: Registry, means: Post) -> DeliveryError | None:
    now = means.now()
    again = retry.next_try(exc, attempts=delivery.attempts + 1, policy=means.policy, now=now, jitter=means.jitter())
    if isinstance(exc, SenderMisconfigured):
        again = now + timedelta(seconds=means.policy.retry_base_s)
    if again is None:
        _settle(delivery, DeliveryState.FAILED, registry, means, error=str(exc))
        return None
    registry.store.release(delivery.id, not_before=again, error=str(exc))
    log.warning("notice.put_off", delivery=delivery.id, reason=str(exc))
    return exc


def _settle(delivery: Delivery, state: DeliveryState, registry: Registry, means: Post, *, error: str) -> None:
    registry.store.settle(delivery.id, state, now=means.now(), error=error)
    log.warning(f"notice.{state}", delivery=delivery.id, reason=error)


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
