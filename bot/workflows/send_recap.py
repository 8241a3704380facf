"""Send a recap: what is due, each part once."""

import time
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from datetime import datetime
from functools import partial

from bot.deliver import lanes
from bot.deliver.breaker import Breaker
from bot.model.delivery import Delivery, DeliveryState
from bot.model.digest import Digest
from bot.model.policy import BouncePolicy, DeliverPolicy, MailingList
from bot.model.values import RecapId, RouteId
from bot.ports import Queue, Sender, Store
from bot.workflows import reconcile
from bot.workflows.last_look import LastLook
from bot.workflows.mailing import Mailing
from bot.workflows.plan_recap import plan_deliveries
from bot.workflows.send_report import SendReport
from bot.workflows.sending import Sending

__all__ = ["SendReport", "plan_deliveries", "send"]

_PAGE = 1000
"""Mails of the ledger that are in memory at a time."""


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
    bounces: BouncePolicy | None = None,
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
    run = Sending(store, senders, policy, now=now, jitter=jitter, sleep=sleep, look=look, slot_of=slot_of)
    run.breakers = {} if breakers is None else breakers
    run.bounces = bounces or BouncePolicy()
    run.check_senders()
    earlier = {each.id for each in store.load_deliveries(recap=recap, state=DeliveryState.UNKNOWN)}
    store.release_crashed(now=now(), alone=alone)
    reconcile.reconcile(run, store.load_deliveries(recap=recap, state=DeliveryState.UNKNOWN))
    posts = [partial(run.work, lane) for lane in lanes.of(run.due_posts(recap))]
    mails = Mailing(run, store.load_due_mails(now=now(), recap=recap, page=_PAGE))
    queue.run_each([*posts, *[mails.work] * policy.smtp_connections], lane="")
    unknown = {each.id for each in store.load_deliveries(recap=recap, state=DeliveryState.UNKNOWN)} - earlier
    run.remind_of(store.load_put_off(now=now(), recap=recap))
    return run.report(unknown=len(unknown), waiting=store.count_open(recap=recap))
