"""Send by workers: what is due becomes chunks for the queue, and a worker sends one chunk."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import cycle, takewhile

from bot.deliver import lanes
from bot.deliver.breaker import Breaker
from bot.model.delivery import Delivery, DeliveryState
from bot.model.digest import Digest
from bot.model.policy import BouncePolicy, DeliverPolicy, MailingList
from bot.model.route import Medium
from bot.model.values import RecapId, RouteId
from bot.ports import Chunk, JobQueue, Sender, Store
from bot.workflows import reconcile
from bot.workflows.last_look import LastLook
from bot.workflows.mailing import Mailing
from bot.workflows.send_report import SendReport
from bot.workflows.sending import Sending

_WAITING = (DeliveryState.PLANNED, DeliveryState.CLAIMED)


@dataclass(frozen=True, slots=True)
class Dispatch:
    """What sending by workers needs; one for each process, as it knows which relays refuse everything."""

    store: Store
    senders: Mapping[str, Sender]
    policy: DeliverPolicy
    now: Callable[[], datetime]
    jitter: Callable[[], float]
    sleep: Callable[[float], None]
    lists: Sequence[MailingList] = ()
    slot_of: Callable[[RecapId, RouteId], datetime | None] = lambda *_: None
    made: Callable[[Delivery], Digest | None] = lambda _: None
    """Makes what followers get."""
    breakers: MutableMapping[str, Breaker] = field(default_factory=dict)
    bounces: BouncePolicy = field(default_factory=BouncePolicy)

    def run(self) -> Sending:
        """Return a pass over the ledger whose senders were looked at."""
        look = LastLook(self.store, {each.id: each for each in self.lists}, now=self.now, made=self.made)
        run = Sending(
            self.store,
            self.senders,
            self.policy,
            now=self.now,
            jitter=self.jitter,
            sleep=self.sleep,
            look=look,
            slot_of=self.slot_of,
        )
        run.breakers = self.breakers
        run.bounces = self.bounces
        run.check_senders()
        return run


def enqueue_due(dispatch: Dispatch, queue: JobQueue, *, recap: RecapId | None = None) -> SendReport:
    """
    Settle what crashed, and put what is due into *queue*, of one *recap* or of all.

    Other workers send meanwhile, so only an expired lease tells of a crash. Asking again does no harm: what the
    queue has stays out, and what it has twice is sent once, by the claim.

    Raises: StorageError.
    """
    store, run = dispatch.store, dispatch.run()
    earlier = {each.id for each in store.load_deliveries(recap=recap, state=DeliveryState.UNKNOWN)}
    store.release_crashed(now=dispatch.now())
    reconcile.reconcile(run, store.load_deliveries(recap=recap, state=DeliveryState.UNKNOWN))
    queued = queue.put([*_posts(run, recap), *_mails(run, recap)])
    unknown = {each.id for each in store.load_deliveries(recap=recap, state=DeliveryState.UNKNOWN)} - earlier
    run.remind_of(store.load_put_off(now=dispatch.now(), recap=recap))
    report = run.report(unknown=len(unknown), waiting=store.count_open(recap=recap))
    return replace(report, queued=queued, queue=queue.load_state())


def _posts(run: Sending, recap: RecapId | None) -> Iterator[Chunk]:
    """Yield a chunk for each channel: its messages go one after the other."""
    for rows in lanes.of(each for each in run.due_posts(recap) if run.sender_of(each)):
        yield chunk_of(rows)


def chunk_of(rows: Sequence[Delivery]) -> Chunk:
    """Return the chunk of the messages to one channel, at least one."""
    first = rows[0]
    return Chunk(f"{first.sender}/{first.workspace}/{first.destination}", tuple(each.id for each in rows))


def _mails(run: Sending, recap: RecapId | None) -> Iterator[Chunk]:
    """Yield chunks of mails, of as many lanes as the relay may have connections."""
    lane = cycle(range(1, run.policy.smtp_connections + 1))
    for page in run.store.load_due_mails(now=run.now(), recap=recap, page=run.policy.chunk_size):
        due = [each for each in page if run.sender_of(each) and not run.is_late(each)]
        for sender in sorted({each.sender for each in due}):
            ids = tuple(each.id for each in due if each.sender == sender)
            yield Chunk(f"{sender}/connection {next(lane)}", ids)


def work_chunk(chunk: Chunk, dispatch: Dispatch, *, is_ending: Callable[[], bool] = lambda: False) -> SendReport:
    """
    Send what of *chunk* is still due; begin no delivery once *is_ending*.

    Raises: StorageError.
    """
    run, shared = dispatch.run(), dispatch.policy
    # Chunks of all connections go at once, in any worker: each gets its share of what the relay takes.
    run.policy = replace(shared, smtp_rate=shared.smtp_rate / shared.smtp_connections)
    rows = [each for each in dispatch.store.load_chosen(chunk.deliveries) if each.state in _WAITING]
    posts = run.due_of(each for each in rows if each.medium is Medium.SLACK)
    run.work(takewhile(lambda _: not is_ending(), posts))
    mails = [each for each in rows if each.medium is Medium.EMAIL]
    Mailing(run, iter([mails]), is_ending=is_ending).work()
    return run.report(unknown=0, waiting=0)
