"""Send a recap: what is due, each part once."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Lock

import structlog

from bot.deliver import breaker, lanes, refusals, retry
from bot.deliver.breaker import Breaker
from bot.model.delivery import NOTICE, Delivery, DeliveryState, Receipt
from bot.model.digest import Digest, Medium
from bot.model.errors import ContentRefused, DeliveryError, DeliveryUnknown, SenderMisconfigured
from bot.model.policy import BouncePolicy, DeliverPolicy, MailingList
from bot.model.values import RecapId, RouteId
from bot.ports import Queue, Sender, Store
from bot.workflows import handle_bounce
from bot.workflows.last_look import LastLook
from bot.workflows.plan_recap import plan_deliveries
from bot.workflows.send_report import Late, SendReport

__all__ = ["SendReport", "plan_deliveries", "send"]

log = structlog.get_logger()

_PATIENCE_S = 5.0
"""A pause up to this is waited for at once; a longer one is left to the next run."""
_RECONCILE_DAYS = 1
"""After that the provider's history is not searched any more; the ledger goes on showing the delivery as unknown."""
_OPEN = (DeliveryState.PLANNED, DeliveryState.CLAIMED, DeliveryState.SENDING)
_LOST = (DeliveryState.FAILED, DeliveryState.CANCELLED)


def send(
    *,
    store: Store,
    senders: Mapping[str, Sender],
    queue: Queue,
    policy: DeliverPolicy,
    now: Callable[[], datetime],
    jitter: Callable[[], float],
    recap: RecapId | None = None,
    lists: Sequence[MailingList] = (),
    alone: bool = False,
    slot_of: Callable[[RecapId, RouteId], datetime | None] = lambda *_: None,
    made: Callable[[Delivery], Digest | None] = lambda _: None,
    breakers: MutableMapping[str, Breaker] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> SendReport:
    """
    Send what is due, of one *recap* or of all, and settle what a crash left open.

    *senders* by name. A recipient of one of *lists* who is no member and no active subscriber
    any more is left out; suppression counts for every list. Where the caller knows that no other
    process sends (*alone*), what a crash left is free at once instead of after its lease. A digest whose
    time by *slot_of* is longer past than the policy allows is left out; null there is never late.
    What followers get is *made* when it is sent; null there cancels it.
    Who keeps *breakers* between its calls gives a sender that refuses everything a pause.

    Raises: StorageError.
    """
    look = LastLook(store, {each.id: each for each in lists}, now=now, made=made)
    run = _Run(store, senders, policy, now=now, jitter=jitter, sleep=sleep, look=look, slot_of=slot_of)
    run.breakers = {} if breakers is None else breakers
    run.check_senders()
    earlier = {each.id for each in store.load_deliveries(recap=recap, state=DeliveryState.UNKNOWN)}
    store.release_crashed(now=now(), alone=alone)
    run.reconcile(store.load_deliveries(recap=recap, state=DeliveryState.UNKNOWN))
    due = lanes.of(run.due(recap))
    queue.run_each([partial(run.work, lane) for lane in due], lane="")
    unknown = {each.id for each in store.load_deliveries(recap=recap, state=DeliveryState.UNKNOWN)} - earlier
    waiting = [each for state in _OPEN for each in store.load_deliveries(recap=recap, state=state)]
    run.remind_of(waiting)
    return run.report(unknown=len(unknown), waiting=len(waiting))


@dataclass
class _Run:
    """One pass over the ledger; its work runs side by side, a lane in each thread."""

    store: Store
    senders: Mapping[str, Sender]
    policy: DeliverPolicy
    now: Callable[[], datetime] = field(kw_only=True)
    jitter: Callable[[], float] = field(kw_only=True)
    sleep: Callable[[float], None] = field(kw_only=True)
    look: LastLook = field(kw_only=True)
    slot_of: Callable[[RecapId, RouteId], datetime | None] = field(kw_only=True)
    late: dict[tuple[RecapId, RouteId], Late] = field(default_factory=dict)
    guard: Lock = field(default_factory=Lock)
    counts: Counter[DeliveryState] = field(default_factory=Counter)
    faults: dict[tuple[str, str], None] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    """Senders that an operator must mend first."""
    breakers: MutableMapping[str, Breaker] = field(default_factory=dict)
    unfit: dict[str, str] = field(default_factory=dict)
    """Digests that no relay takes, and what it said."""
    parents: dict[tuple[str, ...], Delivery] = field(default_factory=dict)

    def check_senders(self) -> None:
        """Leave those that do not know who they are for a later run: their deliveries cannot even be planned."""
        for sender in self.senders.values():
            try:
                sender.workspace()
                self._rest(sender.name)
            except DeliveryError as exc:
                self.stopped.add(sender.name)
                self.faults[(sender.name, str(exc))] = None

    def _rest(self, sender: str) -> None:
        known = self.breakers.get(sender, Breaker())
        if known.open_until is not None and known.is_open(self.now()):
            self.stopped.add(sender)
            self.faults[(sender, _resting(known.open_until))] = None

    def reconcile(self, unknown: Iterable[Delivery]) -> None:
        since = self.now() - timedelta(days=_RECONCILE_DAYS)
        for delivery in unknown:
            sender = self.senders.get(delivery.sender)
            is_old = delivery.settled_at is not None and delivery.settled_at < since
            receipt = None if is_old or sender is None else sender.fetch_receipt(delivery)
            if receipt is not None:
                self._settle(delivery, DeliveryState.SENT, receipt=receipt)
            elif not is_old:
                self._fault(delivery, "nobody can tell whether it arrived; look there, then `recap deliveries`")

    def due(self, recap: RecapId | None) -> list[Delivery]:
        """Return what is due, parents first, and remember the parents of due replies."""
        now = self.now()
        rows = [
            *self.store.load_deliveries(recap=recap, state=DeliveryState.CLAIMED),
            *self.store.load_deliveries(recap=recap, state=DeliveryState.PLANNED),
        ]
        due = [
            each for each in rows if each.not_before <= now and (each.lease_until is None or each.lease_until <= now)
        ]
        due = [each for each in due if each.purpose != NOTICE and not self._is_late(each)]
        for subject in {each.subject for each in due if lanes.is_reply(each)}:
            siblings = self.store.load_deliveries(subject=subject)
            self.parents.update({lanes.family(each): each for each in siblings if each.part == "parent"})
        return sorted(due, key=lanes.is_reply)

    def _is_late(self, delivery: Delivery) -> bool:
        slot = self.slot_of(delivery.recap_id, delivery.route_id)
        age = self.now() - slot if slot else timedelta(0)
        if slot is None or age <= timedelta(hours=self.policy.late_after_hours):
            return False
        key = (delivery.recap_id, delivery.route_id)
        self.late[key] = Late(*key, slot, age.days)
        return True

    def work(self, lane: Sequence[Delivery]) -> None:
        """Send a lane's deliveries, one after the other."""
        for delivery in lane:
            sender = self.senders.get(delivery.sender)
            if sender is None:
                self._fault(delivery, f"no sender called {delivery.sender} is set up; its deliveries wait")
            elif delivery.sender not in self.stopped:
                self._deliver(delivery, sender)

    def remind_of(self, waiting: Iterable[Delivery]) -> None:
        """Name what was put off after a failure, also by an earlier run: a line for each place and reason."""
        put_off: dict[tuple[str, str], datetime] = {}
        for each in waiting:
            if each.error and each.not_before > self.now() and each.sender not in self.stopped:
                place = (each.destination, each.error)
                put_off[place] = min(each.not_before, put_off.get(place, each.not_before))
        for (destination, error), again in put_off.items():
            self.faults[(destination, f"{error}; next try at {again:%Y-%m-%d %H:%M:%S} UTC")] = None

    def report(self, *, unknown: int, waiting: int) -> SendReport:
        return SendReport(
            sent=self.counts[DeliveryState.SENT],
            failed=self.counts[DeliveryState.FAILED],
            unknown=unknown,
            cancelled=self.counts[DeliveryState.CANCELLED],
            waiting=waiting,
            faults=tuple(self.faults),
            late=tuple(self.late.values()),
        )

    def _deliver(self, delivery: Delivery, sender: Sender) -> None:
        attempts, at = delivery.attempts + 1, self.now()
        while (again := self._attempt(delivery, sender, attempts=attempts, at=at)) is not None:
            pause_s = (again - self.now()).total_seconds()
            if pause_s > _PATIENCE_S:
                return
            self.sleep(max(0.0, pause_s))
            attempts, at = attempts + 1, max(again, self.now())

    def _attempt(self, delivery: Delivery, sender: Sender, *, attempts: int, at: datetime) -> datetime | None:
        """Claim, look again, send and settle; return when to try again, if ever."""
        digest, parent = self.look.digest(delivery), self._parent_of(delivery)
        if lanes.must_wait(delivery, digest, parent):
            return None
        if not self.store.claim(delivery.id, now=at, lease_s=self.policy.lease_s):
            return None
        if parent is not None and parent.state in _LOST:
            # It shares its parent's fate, so that a retry of what failed brings the whole thread.
            self._settle(delivery, parent.state, error="the message it replies to was not delivered")
            return None
        if delivery.medium is Medium.EMAIL and (said := self.unfit.get(delivery.subject)):
            self._settle(delivery, DeliveryState.FAILED, error=said)
            return None
        obstacle = self.look.obstacle(delivery, digest)
        if digest is None or obstacle:
            self._settle(delivery, DeliveryState.CANCELLED, error=obstacle)
            return None
        above = Receipt(parent.receipt or "", parent.channel) if parent is not None else None
        return self._send(delivery, attempts=attempts, call=lambda: sender.send(delivery, digest, parent=above))

    def _send(self, delivery: Delivery, *, attempts: int, call: Callable[[], Receipt]) -> datetime | None:
        if not self.store.save_sending(delivery.id, now=self.now(), lease_s=self.policy.lease_s):
            return None
        try:
            receipt = call()
        except DeliveryUnknown as exc:
            self._settle(delivery, DeliveryState.UNKNOWN, error=str(exc))
            self._fault(delivery, str(exc))
        except SenderMisconfigured as exc:
            self._stop(delivery, exc)
        except DeliveryError as exc:
            again = self._not_taken(delivery, exc, attempts=attempts)
            self._judge(delivery, exc)
            return again if delivery.sender not in self.stopped else None
        else:
            self._settle(delivery, DeliveryState.SENT, receipt=receipt)
            self._judge(delivery, None)
        return None

    def _parent_of(self, delivery: Delivery) -> Delivery | None:
        return self.parents.get(lanes.family(delivery)) if lanes.is_reply(delivery) else None

    def _not_taken(self, delivery: Delivery, exc: DeliveryError, *, attempts: int) -> datetime | None:
        now = self.now()
        again = retry.next_try(exc, attempts=attempts, policy=self.policy, now=now, jitter=self.jitter())
        if again is None:
            self._settle(delivery, DeliveryState.FAILED, error=str(exc))
            self._fault(delivery, f"{exc}; then `recap deliveries --retry` and `recap send`")
            return None
        self.store.release(delivery.id, not_before=again, error=str(exc))
        return again

    def _judge(self, delivery: Delivery, exc: DeliveryError | None) -> None:
        """Draw the conclusions for the reader, the digest and the relay from how a delivery ended."""
        kind = refusals.kind_of(exc) if exc and delivery.medium is Medium.EMAIL else None
        if exc is not None and kind is not None:
            handle_bounce.refused(delivery, kind, exc.detail, store=self.store, policy=BouncePolicy(), now=self.now())
        if isinstance(exc, ContentRefused):
            self.unfit[delivery.subject] = str(exc)
        with self.guard:
            before = self.breakers.get(delivery.sender, Breaker())
            known = breaker.after(before, exc, policy=self.policy, now=self.now())
            self.breakers[delivery.sender] = known
            opens = known.open_until is not None and known is not before
            self.stopped |= {delivery.sender} if opens else set()
        if opens and known.open_until is not None:
            log.error("relay.refuses", sender=delivery.sender, reason=str(exc), again_at=known.open_until.isoformat())
            self._fault(delivery, f"{exc}; {_resting(known.open_until)}")

    def _stop(self, delivery: Delivery, exc: SenderMisconfigured) -> None:
        # Due again at once: when the operator has mended it, the next run must send without a pause.
        self.store.release(delivery.id, not_before=delivery.not_before, error=str(exc))
        with self.guard:
            is_first = delivery.sender not in self.stopped
            self.stopped.add(delivery.sender)
        if is_first:
            self._fault(delivery, str(exc))

    def _settle(
        self, delivery: Delivery, state: DeliveryState, *, receipt: Receipt | None = None, error: str | None = None
    ) -> None:
        self.store.settle(delivery.id, state, now=self.now(), receipt=receipt, error=error)
        if delivery.part == "parent":
            took = {"receipt": receipt.id, "channel": receipt.channel} if receipt else {}
            self.parents[lanes.family(delivery)] = delivery.model_copy(update={"state": state, **took})
        with self.guard:
            self.counts[state] += 1
        log.info(f"delivery.{state}", delivery=delivery.id, sender=delivery.sender, destination=delivery.destination)

    def _fault(self, delivery: Delivery, reason: str) -> None:
        with self.guard:
            self.faults[(delivery.destination, reason)] = None


def _resting(until: datetime) -> str:
    return f"the rest waits; next try at {until:%Y-%m-%d %H:%M:%S} UTC"
