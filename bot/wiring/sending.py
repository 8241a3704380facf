"""How messages go out: this process sends alone, or workers send what a queue holds."""

import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Event

import structlog

from bot.deliver import lanes
from bot.deliver.breaker import Breaker
from bot.deliver.plan import SenderFacts
from bot.model.delivery import REVIEW, Delivery
from bot.model.digest import Digest
from bot.model.errors import NotAllowed
from bot.model.route import Medium
from bot.model.values import RecapId
from bot.ports import Chunk, JobQueue, Queue, Sender, Store
from bot.settings import Settings
from bot.workflows import keep_time, rehearse, review_in_slack, send_chunk, send_recap, tell_followers
from bot.workflows.build_recap import Edition
from bot.workflows.plan_recap import Plan
from bot.workflows.pool import Desk
from bot.workflows.rehearse import Rehearsal
from bot.workflows.send_chunk import Dispatch
from bot.workflows.send_recap import SendReport

log = structlog.get_logger(__name__)

OUTBOX = "outbox"
"""The name of the sender that writes files."""
TRIES = 150
PAUSE_S = 0.2
"""Half a minute of waiting for another process that sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Sends what the ledger holds and is due."""

    settings: Settings
    desk: Desk
    store: Store
    senders: Mapping[str, Sender]
    """By name."""
    queue: Queue
    jobs: JobQueue | None
    """Where workers send; null: this process does."""
    jitter: Callable[[], float]
    breakers: MutableMapping[str, Breaker]

    def send(self, *, now: Callable[[], datetime], recap: RecapId | None, late: bool) -> SendReport:
        """
        Send what is due, or put it into the queue; what is long past its time only where *late*.

        Raises: NotAllowed where another process keeps sending.
        """
        dispatch = self._dispatch(now=now, late=late)
        if self.jobs is not None:
            return send_chunk.enqueue_due(dispatch, self.jobs, recap=recap)
        with self._as_only_sender():
            return send_recap.send(
                store=self.store,
                senders=self.senders,
                queue=self.queue,
                policy=dispatch.policy,
                now=now,
                jitter=self.jitter,
                recap=recap,
                lists=dispatch.lists,
                alone=True,
                slot_of=dispatch.slot_of,
                made=dispatch.made,
                breakers=self.breakers,
                bounces=dispatch.bounces,
            )

    def send_posts(self, posts: Sequence[Delivery], *, now: Callable[[], datetime]) -> bool:
        """
        Send these Slack messages at once, for somebody waits for them.

        Return false where another process sends just now: then they go with what is due next.
        """
        chunks = [send_chunk.chunk_of(lane) for lane in lanes.of(posts)]
        if self.jobs is not None:
            return self.jobs.put(chunks) > 0
        with self.store.lead("sender") as is_ours:
            for chunk in chunks if is_ours else ():
                send_chunk.work_chunk(chunk, self._dispatch(now=now, late=True))
            return is_ours

    def send_due(self, *, now: Callable[[], datetime]) -> None:
        """As `send`; log what is too late (once each), and that nobody takes from the queue (once an hour)."""
        report = self.send(now=now, recap=None, late=False)
        for each in report.late:
            if self.store.claim_period("late", f"{each.recap}/{each.route}", now=now()):
                log.warning("delivery.is_late", recap=each.recap, route=each.route, slot=each.slot.isoformat())
        queue = report.queue
        if queue is None or queue.workers or not queue.chunks:
            return
        if self.store.claim_period("queue-without-workers", f"{now():%Y-%m-%dT%H}", now=now()):
            log.warning("queue.has_no_worker", chunks=queue.chunks, mend="start `recap worker`")

    def top_up(self, *, now: Callable[[], datetime]) -> None:
        """
        As `send_due`, unless another worker is at it.

        So what was planned is sent also where whoever planned it died before queueing it, or no scheduler runs.
        """
        with self.store.lead("sender") as is_ours:
            if is_ours:
                self.send_due(now=now)

    def rehearse(
        self, edition: Edition, *, usable: Mapping[Medium, SenderFacts], now: datetime, late: bool
    ) -> Rehearsal:
        """
        Write what is due of *edition* into the outbox, and enter nothing into the ledger.

        A medium that is not *usable* now is rehearsed all the same; what is long past its time only where *late*.
        """
        outbox = self.senders[OUTBOX]
        stand_in = SenderFacts(outbox.name, outbox.workspace())
        audiences = [each.id for each in self.settings.audiences]
        planned = Plan(
            edition.recap,
            edition.digests,
            self.desk.load_routes(),
            {medium: usable.get(medium, stand_in) for medium in Medium},
            self.store,
            self.settings.recap.lists,
            now,
            at_once=True,
            audiences=audiences,
        )
        slot_of = keep_time.slots(desk=self.desk)
        limit = timedelta(hours=self.settings.deliver.late_after_hours)

        def is_late(delivery: Delivery) -> bool:
            slot = slot_of(delivery.recap_id, delivery.route_id)
            return not late and slot is not None and not delivery.revision and now - slot > limit

        return rehearse.rehearse(planned, outbox=outbox, is_late=is_late, made=partial(self._made, now=lambda: now))

    def work(self, *, now: Callable[[], datetime], stop: Event) -> None:
        """
        Send the chunks of the queue until *stop* is set; the deliveries in hand are ended.

        Raises: NotAllowed where there is no queue for workers.
        """
        if self.jobs is None:
            raise NotAllowed("recap.yaml has queue: in-process, so the scheduler sends; workers need procrastinate.")
        # Who put it into the queue has looked whether it is late, or wants it anyway.
        dispatch = self._dispatch(now=now, late=True)

        def one(chunk: Chunk) -> None:
            send_chunk.work_chunk(chunk, dispatch, is_ending=stop.is_set)

        self.jobs.serve(one, stop=stop)

    def _dispatch(self, *, now: Callable[[], datetime], late: bool) -> Dispatch:
        return Dispatch(
            store=self.store,
            senders=self.senders,
            policy=self.settings.deliver,
            now=now,
            jitter=self.jitter,
            sleep=time.sleep,
            lists=self.settings.recap.lists,
            slot_of=(lambda *_: None) if late else keep_time.slots(desk=self.desk),
            made=partial(self._made, now=now),
            breakers=self.breakers,
            bounces=self.settings.bounces,
        )

    def _made(self, delivery: Delivery, *, now: Callable[[], datetime]) -> Digest | None:
        if delivery.purpose == REVIEW:
            return review_in_slack.made(delivery, desk=self.desk, now=now())
        return tell_followers.digest(delivery, desk=self.desk)

    @contextmanager
    def _as_only_sender(self) -> Iterator[None]:
        for _ in range(TRIES):
            with self.store.lead("sender") as is_ours:
                if is_ours:
                    yield
                    return
            time.sleep(PAUSE_S)
        raise NotAllowed("Another recap process is sending just now, and takes what is due; try again when it is done.")
