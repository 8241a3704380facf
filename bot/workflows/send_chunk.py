"""Send by workers: what is due becomes chunks for the queue, and a worker sends one chunk."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile

from bot.deliver import lanes
from bot.deliver.breaker import Breaker
from bot.model.delivery import Delivery, DeliveryState
from bot.model.digest import Medium
from bot.model.policy import DeliverPolicy, MailingList
from bot.model.values import RecapId, RouteId
from bot.ports import Chunk, JobQueue, Sender, Store
from bot.workflows.last_look import LastLook
from bot.workflows.send_recap import Run
from bot.workflows.send_report import SendReport

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
    breakers: MutableMapping[str, Breaker] = field(default_factory=dict)

    def run(self) -> Run:
        """Return a pass over the ledger whose senders were looked at."""
        look = LastLook(self.store, {each.id: each for each in self.lists}, now=self.now)
        run = Run(
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
    unknown = store.load_deliveries(recap=recap, state=DeliveryState.UNKNOWN)
    run.reconcile(unknown)
    due = [each for each in run.due(recap) if each.sender not in run.stopped]
    queue.put(chunks_of(due, policy=dispatch.policy))
    waiting = [each for state in _WAITING for each in store.load_deliveries(recap=recap, state=state)]
    run.remind_of(waiting)
    return run.report(unknown=len({each.id for each in unknown} - earlier), waiting=len(waiting))


def chunks_of(due: Sequence[Delivery], *, policy: DeliverPolicy) -> list[Chunk]:
    """Return *due* in chunks: a channel's in one, a mailing's in some that share the relay's connections."""
    chunks: list[Chunk] = []
    mailings = 0
    for rows in lanes.of(due, mails=policy.chunk_size):
        first = rows[0]
        place = f"{first.workspace}/{first.destination}"
        if first.medium is Medium.EMAIL:
            place = f"connection {mailings % policy.smtp_connections + 1}"
            mailings += 1
        chunks.append(Chunk(f"{first.sender}/{place}", tuple(each.id for each in rows)))
    return chunks


def work_chunk(chunk: Chunk, dispatch: Dispatch, *, is_ending: Callable[[], bool] = lambda: False) -> SendReport:
    """
    Send what of *chunk* is still due; begin no delivery once *is_ending*.

    Raises: StorageError.
    """
    run = dispatch.run()
    rows = [each for each in dispatch.store.load_chosen(chunk.deliveries) if each.state in _WAITING]
    run.work(takewhile(lambda _: not is_ending(), run.due_of(rows)))
    return run.report(unknown=0, waiting=0)
