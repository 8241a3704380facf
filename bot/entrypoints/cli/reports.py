"""What commands say of a run: what was collected, what leads the week, what went where."""

from collections.abc import Sequence
from pathlib import Path

from bot.entrypoints.cli.output import say, warn
from bot.model.delivery import ShutDestination
from bot.model.digest import Digest, DigestState
from bot.model.event import EventState
from bot.model.recap import Recap, RecapNumbers
from bot.model.route import Destination, Medium, Route
from bot.ports import JobQueue, QueueState
from bot.workflows.build_recap import Edition
from bot.workflows.collect_sources import CollectReport
from bot.workflows.recheck_events import RecheckReport
from bot.workflows.rehearse import Rehearsal
from bot.workflows.send_recap import SendReport
from bot.workflows.shut_destinations import MEND
from bot.workflows.understand_articles import UnderstandReport

TOP = 10
"""Events listed for the operator."""


def status_of(collected: CollectReport | None, sent: SendReport | None) -> int:
    """Return 0, or 3 where some sources or deliveries failed."""
    failed_sources = bool(collected and collected.failures)
    failed_deliveries = bool(sent and (sent.failed or sent.unknown or sent.faults or sent.late))
    return 3 if failed_sources or failed_deliveries else 0


def say_collected(collected: CollectReport, understood: UnderstandReport) -> None:
    """Say what came in."""
    say(
        f"Collected from {collected.polled} sources: {collected.added} new articles, {collected.updated} edited, "
        f"{collected.unchanged} known; {collected.not_modified} sources unchanged, "
        f"{collected.skipped_not_due} not due."
    )
    say(f"Joined {understood.joined} articles; {understood.started} new events.")
    for note in (*collected.notes, *understood.notes):
        warn(f"  note: {note}")


def warn_of_failures(collected: CollectReport | None, sent: SendReport | None) -> None:
    """Name each source and each destination that failed, on standard error: also beside JSON."""
    for failure in collected.failures if collected else ():
        warn(f"source {failure.source}: {failure.reason}")
    for destination, reason in sent.faults if sent else ():
        warn(f"{destination}: {reason}")
    for late in sent.late if sent else ():
        warn(str(late))
    if sent and sent.queue:
        warn_of_idle(sent.queue)


def warn_of_idle(queue: QueueState) -> None:
    """Say where nobody sends what waits, on standard error."""
    if not queue.workers:
        since = f", the oldest since {queue.waiting_since:%Y-%m-%d %H:%M} UTC" if queue.waiting_since else ""
        waiting = f"{counted(queue.chunks, 'job')} in it{since}"
        warn(f"queue: no worker shows life, with {waiting}: start `recap worker`, on any machine.")


def warn_of_shut(shut: Sequence[tuple[ShutDestination, list[str]]]) -> None:
    """Name the destinations that take nothing any more, with their routes."""
    for each, routes in shut:
        said = f"takes nothing since {each.since:%Y-%m-%d %H:%M} UTC"
        warn(f"{each.destination} (route {', '.join(routes)}) {said}: {each.reason}; {MEND}.")


def say_rechecked(rechecked: RecheckReport | None) -> None:
    """Say what a re-check changed."""
    if rechecked is None:
        return
    say(
        f"Looked again at {rechecked.checked} events: {rechecked.merged} merged, {rechecked.started} split off, "
        f"{rechecked.moved} articles moved."
    )
    for note in rechecked.notes:
        warn(f"  note: {note}")


def say_edition(edition: Edition) -> None:
    """Say what leads the week."""
    recap = edition.recap
    state = "was built before" if edition.was_frozen else "built"
    leads = " It leads with" if recap.events else ""
    events = f"{recap.numbers.events} events from {recap.numbers.articles} articles{_against(recap)}"
    say(f"Recap {recap.id} {state}: {events}.{_standings(recap.numbers)}{leads}")
    if not recap.events and not edition.was_frozen:
        say("  Nothing to tell yet, so the week stays open: the next run builds it again.")
    titles = {card.event_id: card for digest in edition.digests for card in digest.cards}
    shown = [scored for scored in recap.events if scored.event_id in titles]
    for place, scored in enumerate(shown[:TOP], 1):
        card = titles[scored.event_id]
        told = f"{len(card.coverage.publishers)} publishers" if len(card.coverage.publishers) > 1 else card.publisher
        state = "" if card.state == EventState.NEW else f", {card.state}"
        say(f"  {place:2}. {card.title}  ({told}, score {scored.score:.2f}{state}, {card.event_id})")


def _against(recap: Recap) -> str:
    if recap.previous is None:
        return ""
    gained = recap.numbers.events - recap.previous.events
    if gained == 0:
        return " (as many events as the week before)"
    kind = "more event" if gained > 0 else "fewer event"
    return f" ({counted(abs(gained), kind)} than the week before)"


def _standings(numbers: RecapNumbers) -> str:
    told = [
        f"{count} {word}"
        for word, count in (("developing", numbers.developing), ("resolved", numbers.resolved))
        if count
    ]
    return f" {', '.join(told)}." if told else ""


def say_routes(edition: Edition, routes: Sequence[Route]) -> None:
    """Say what became of each route's digest: where it goes with how many events, or why it does not."""
    by_route = {digest.route_id: digest for digest in edition.digests}
    if by_route:
        say("Who gets it:")
    for route in routes:
        if digest := by_route.get(route.id):
            places = ", ".join(_place(place) for place in route.destinations)
            say(f"  {route.id} → {places}: {_fate(digest)}")


def say_thin(edition: Edition) -> None:
    """Say which routes had too little news, and what became of their digests."""
    for digest in edition.digests:
        if digest.state in {DigestState.HELD, DigestState.SKIPPED}:
            say(f"{edition.recap.id}, {digest.route_id}: {digest.state_reason or digest.state}")


def _place(place: Destination) -> str:
    return f"Slack {place.id}" if place.medium == Medium.SLACK else f"email list {place.id}"


def _fate(digest: Digest) -> str:
    events = counted(len(digest.cards), "event")
    match digest.state:
        case DigestState.READY:
            return f"{events} ({digest.state_reason})" if digest.state_reason else events
        case DigestState.DRAFT:
            return f"{events}, a draft that waits for an editor (`recap review`)"
        case DigestState.HELD:
            return f"not sent yet: {digest.state_reason}"
        case _:
            return f"not sent: {digest.state_reason or digest.state}"


def counted(number: int, one: str, many: str = "") -> str:
    """Return *number* with the word for so many."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def say_sent(sent: SendReport | None, *, index: Path | None) -> None:
    """Say what went where."""
    if sent is None:
        say("Nothing was sent (dry run).")
        return
    if sent.queue is None:
        told = [f"{sent.sent} sent", f"{sent.failed} failed"]
        rest = {"unknown": sent.unknown, "cancelled": sent.cancelled, "waiting": sent.waiting}
        told += [f"{number} {word}" for word, number in rest.items() if number]
        say(f"Deliveries (messages, replies, mails): {', '.join(told)}.")
    else:
        _say_queued(sent, sent.queue)
    if index:
        say(f"See the outbox: open {index} in a browser.")


def say_rehearsed(found: Rehearsal, *, index: Path | None) -> None:
    """Say what would have gone."""
    say(f"Dry run: {counted(found.written, 'message', 'messages')} written, none sent, none in the ledger.")
    for reason, count in found.left_out.items():
        say(f"{count} left out: {reason}.")
    if index:
        say(f"See the outbox: open {index} in a browser.")


def _say_queued(sent: SendReport, queue: QueueState) -> None:
    """Say what workers will send: this process sent nothing."""
    known = f"; in it {counted(queue.deliveries, 'waits', 'wait')}, in {counted(queue.chunks, 'job')}"
    put = f"{sent.queued} put into the queue for `recap worker`{known if queue.chunks else ''}"
    say(f"Deliveries (messages, replies, mails): {put}.{_workers_of(queue)}")
    found = {"sent after all": sent.sent, "failed": sent.failed, "unknown": sent.unknown}
    if told := [f"{number} {word}" for word, number in found.items() if number]:
        say(f"Of earlier ones: {', '.join(told)}.")


def say_who_sends(jobs: JobQueue | None) -> None:
    """Say that workers must run, where this process only queues. Raises: StorageError."""
    if jobs is not None:
        queue = jobs.load_state()
        say(f"queue: procrastinate, so this process queues and `recap worker` sends.{_workers_of(queue)}")
        warn_of_idle(queue)


def _workers_of(queue: QueueState) -> str:
    """Return a sentence about who sends what is in *queue*; empty where nobody does."""
    return f" {counted(queue.workers, 'worker shows', 'workers show')} life." if queue.workers else ""
