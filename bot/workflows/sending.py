"""One pass over the ledger: what its lanes share, and how a message is brought and what follows."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import structlog
from structlog.typing import FilteringBoundLogger as BoundLogger

from bot.deliver import breaker, lanes, refusals, retry
from bot.deliver.breaker import Breaker
from bot.model.delivery import NOTICE, Delivery, DeliveryState, PutOff, Receipt
from bot.model.errors import ContentRefused, DeliveryError, DeliveryUnknown, SenderMisconfigured
from bot.model.policy import BouncePolicy, DeliverPolicy
from bot.model.route import Medium
from bot.model.values import RecapId, RouteId
from bot.ports import Sender, Store
from bot.workflows import handle_bounce
from bot.workflows.last_look import LastLook
from bot.workflows.send_report import Late, SendReport
from bot.workflows.shut_destinations import MEND, ShutDestinations

log = structlog.get_logger()

_PATIENCE_S = 5.0
"""A pause up to this is waited for at once; a longer one is left to the next run."""
_LOST = (DeliveryState.FAILED, DeliveryState.CANCELLED)


@dataclass
class Sending:
    """One pass over the ledger; its work runs side by side, a lane in each thread."""

    store: Store
    senders: Mapping[str, Sender]
    policy: DeliverPolicy
    now: Callable[[], datetime] = field(kw_only=True)
    jitter: Callable[[], float] = field(kw_only=True)
    sleep: Callable[[float], None] = field(kw_only=True)
    look: LastLook = field(kw_only=True)
    slot_of: Callable[[RecapId, RouteId], datetime | None] = field(kw_only=True)
    bounces: BouncePolicy = field(default_factory=BouncePolicy)
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
    shut: ShutDestinations = field(init=False)
    log: BoundLogger = field(init=False)
    """Bound once: the module's own looks up how to log at each line, also at one that is not shown."""

    def __post_init__(self) -> None:
        """Read which destinations take nothing."""
        self.shut = ShutDestinations(self.store)
        self.log = log.bind()

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

    def due_posts(self, recap: RecapId | None) -> list[Delivery]:
        """Return the Slack messages that are due, parents first, and remember the parents of due replies."""
        states = (DeliveryState.CLAIMED, DeliveryState.PLANNED)
        rows = [
            each
            for state in states
            for each in self.store.load_deliveries(recap=recap, state=state, medium=Medium.SLACK)
        ]
        return self.due_of(rows)

    def due_of(self, rows: Iterable[Delivery]) -> list[Delivery]:
        """As `due_posts`, of these planned or claimed *rows*."""
        now = self.now()
        due = [
            each for each in rows if each.not_before <= now and (each.lease_until is None or each.lease_until <= now)
        ]
        due = [each for each in due if each.purpose != NOTICE and not self.is_late(each)]
        for subject in {each.subject for each in due if lanes.is_reply(each)}:
            siblings = self.store.load_deliveries(subject=subject, medium=Medium.SLACK)
            self.parents.update({lanes.family(each): each for each in siblings if each.part == "parent"})
        return sorted(due, key=lanes.is_reply)

    def is_late(self, delivery: Delivery) -> bool:
        """Return whether the time of *delivery* is long past, and remember it for the report."""
        slot = self.slot_of(delivery.recap_id, delivery.route_id)
        age = self.now() - slot if slot else timedelta(0)
        if slot is None or delivery.revision or age <= timedelta(hours=self.policy.late_after_hours):
            return False
        key = (delivery.recap_id, delivery.route_id)
        self.late[key] = Late(*key, slot, age.days)
        return True

    def work(self, lane: Iterable[Delivery]) -> None:
        """Send a lane's deliveries, one after the other."""
        for delivery in lane:
            sender = self.sender_of(delivery)
            if sender is not None:
                self._deliver(delivery, sender)

    def sender_of(self, delivery: Delivery) -> Sender | None:
        """Return who brings *delivery*; null where it must wait."""
        sender = self.senders.get(delivery.sender)
        if sender is None:
            self.fault(delivery, f"no sender called {delivery.sender} is set up; its deliveries wait")
        return None if delivery.sender in self.stopped else sender

    def remind_of(self, waiting: Iterable[PutOff]) -> None:
        """Name what was put off after a failure, also by an earlier run: a line for each place and reason."""
        for each in waiting:
            if each.sender not in self.stopped:
                self.faults[(each.destination, f"{each.error}; next try at {each.until:%Y-%m-%d %H:%M:%S} UTC")] = None

    def report(self, *, unknown: int, waiting: int) -> SendReport:
        """Return what this pass did."""
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
            if (awake := self.wait_for(again)) is None:
                return
            attempts, at = attempts + 1, awake

    def wait_for(self, again: datetime) -> datetime | None:
        """Wait until *again* and return the time then; null where that is too long for one run."""
        pause_s = (again - self.now()).total_seconds()
        if pause_s > _PATIENCE_S:
            return None
        self.sleep(max(0.0, pause_s))
        return max(again, self.now())

    def _attempt(self, delivery: Delivery, sender: Sender, *, attempts: int, at: datetime) -> datetime | None:
        """Claim, look again, send and settle; return when to try again, if ever."""
        digest, parent = self.look.digest(delivery), self._parent_of(delivery)
        if lanes.must_wait(delivery, digest, parent):
            return None
        if not self.store.claim(delivery.id, now=at, lease_s=self.policy.lease_s):
            return None
        if parent is not None and parent.state in _LOST:
            # It shares its parent's fate, so that a retry of what failed brings the whole thread.
            self.settle(delivery, parent.state, error="the message it replies to was not delivered")
            return None
        obstacle = self.look.obstacle(delivery, digest)
        if digest is None or obstacle:
            self.settle(delivery, DeliveryState.CANCELLED, error=obstacle)
            return None
        if reason := self.shut.reason(delivery):
            self._give_up(delivery, f"not tried, for {reason}")
            return None
        above = Receipt(parent.receipt or "", parent.channel) if parent is not None else None
        return self._send(delivery, attempts=attempts, call=lambda: sender.send(delivery, digest, parent=above))

    def _send(self, delivery: Delivery, *, attempts: int, call: Callable[[], Receipt]) -> datetime | None:
        if not self.store.save_sending(delivery.id, now=self.now(), lease_s=self.policy.lease_s):
            return None
        receipt, again = self.outcome(delivery, attempts=attempts, call=call)
        if receipt is not None:
            self.settle(delivery, DeliveryState.SENT, receipt=receipt)
        return again

    def outcome(
        self, delivery: Delivery, *, attempts: int, call: Callable[[], Receipt]
    ) -> tuple[Receipt | None, datetime | None]:
        """
        Send what is marked as sending; return its receipt, or else when it will be tried again, if ever.

        What was not taken is settled or released; the caller settles what was.
        """
        again: datetime | None = None
        try:
            receipt = call()
        except DeliveryUnknown as exc:
            self.settle(delivery, DeliveryState.UNKNOWN, error=str(exc))
            self.fault(delivery, str(exc))
        except SenderMisconfigured as exc:
            self.stop(delivery, exc)
        except DeliveryError as exc:
            again = self.not_taken(delivery, exc, attempts=attempts)
            self.judge(delivery, exc)
            again = None if delivery.sender in self.stopped else again
        else:
            self.judge(delivery, None)
            return receipt, None
        return None, again

    def _parent_of(self, delivery: Delivery) -> Delivery | None:
        return self.parents.get(lanes.family(delivery)) if lanes.is_reply(delivery) else None

    def not_taken(self, delivery: Delivery, exc: DeliveryError, *, attempts: int) -> datetime | None:
        """Put off what was not taken, or give it up; return when it is tried again."""
        now = self.now()
        again = retry.next_try(exc, attempts=attempts, policy=self.policy, now=now, jitter=self.jitter())
        if again is None:
            self.shut.note(delivery, exc, now=now)
            self._give_up(delivery, str(exc))
            return None
        self.store.release(delivery.id, not_before=again, error=str(exc))
        return again

    def _give_up(self, delivery: Delivery, reason: str) -> None:
        self.settle(delivery, DeliveryState.FAILED, error=reason)
        self.fault(delivery, f"{reason}; {MEND}")

    def judge(self, delivery: Delivery, exc: DeliveryError | None) -> None:
        """Draw the conclusions for the reader, the digest and the relay from how a delivery ended."""
        kind = refusals.kind_of(exc) if exc and delivery.medium is Medium.EMAIL else None
        if exc is not None and kind is not None:
            handle_bounce.refused(delivery, kind, exc.detail, store=self.store, policy=self.bounces, now=self.now())
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
            self.fault(delivery, f"{exc}; {_resting(known.open_until)}")

    def stop(self, delivery: Delivery, exc: SenderMisconfigured) -> None:
        """Send nothing more with this sender until an operator has mended it."""
        # Due again at once: when the operator has mended it, the next run must send without a pause.
        self.store.release(delivery.id, not_before=delivery.not_before, error=str(exc))
        with self.guard:
            is_first = delivery.sender not in self.stopped
            self.stopped.add(delivery.sender)
        if is_first:
            self.fault(delivery, str(exc))

    def settle(
        self, delivery: Delivery, state: DeliveryState, *, receipt: Receipt | None = None, error: str | None = None
    ) -> None:
        """End a delivery."""
        self.store.settle(delivery.id, state, now=self.now(), receipt=receipt, error=error)
        self.count(delivery, state, receipt=receipt)

    def count(self, delivery: Delivery, state: DeliveryState, *, receipt: Receipt | None = None) -> None:
        """Remember that a delivery ended, for those that hang on it and for the report."""
        if delivery.part == "parent":
            took = {"receipt": receipt.id, "channel": receipt.channel} if receipt else {}
            self.parents[lanes.family(delivery)] = delivery.model_copy(update={"state": state, **took})
        with self.guard:
            self.counts[state] += 1
        self.log.info(
            f"delivery.{state}", delivery=delivery.id, sender=delivery.sender, destination=delivery.destination
        )

    def fault(self, delivery: Delivery, reason: str) -> None:
        """Tell the operator, once for each place and reason."""
        with self.guard:
            self.faults[(delivery.destination, reason)] = None


def _resting(until: datetime) -> str:
    return f"the rest waits; next try at {until:%Y-%m-%d %H:%M:%S} UTC"
