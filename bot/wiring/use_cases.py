"""Recap put together: every use case as one call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from random import Random

from bot.adapters.outbox import OutboxSender
from bot.adapters.storage.store import SqlStore
from bot.compose.preview import OutboxWeek
from bot.deliver.breaker import Breaker
from bot.model.delivery import DeliveryState
from bot.model.digest import Digest
from bot.model.errors import NotAllowed, NotFound
from bot.model.route import Medium
from bot.model.source import Source, SourceKind
from bot.model.values import RecapId
from bot.model.week import Week
from bot.ports import Clock, FeedReader, JobQueue, Parser, Queue, Sender
from bot.settings import Settings
from bot.wiring import outbox_page
from bot.wiring.parcels import Joining, RunReport
from bot.wiring.people import People
from bot.wiring.returns import Returns
from bot.wiring.sending import Sending
from bot.workflows import (
    build_recap,
    build_segments,
    collect_sources,
    keep_time,
    late_routes,
    look_up,
    plan_recap,
    recheck_events,
    review_deadlines,
    review_in_slack,
    send_recap,
    show_outbox,
    tell_followers,
    understand_articles,
)
from bot.workflows.build_recap import Edition
from bot.workflows.collect_sources import CollectReport
from bot.workflows.pool import Desk
from bot.workflows.recheck_events import RecheckReport
from bot.workflows.rehearse import Rehearsal
from bot.workflows.send_recap import SendReport
from bot.workflows.understand_articles import UnderstandReport

Progress = Callable[[str], None]

COLLECT_MINUTES = 5
"""How often the scheduler looks for sources that are due."""


def _silent(_: str) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True, slots=True)
class Bot:
    """Recap, put together: every use case as one call."""

    settings: Settings
    desk: Desk
    store: SqlStore
    people: People
    readers: Mapping[SourceKind, FeedReader]
    parser: Parser
    senders: Mapping[Medium, Sender]
    outbox: OutboxSender
    queue: Queue
    jobs: JobQueue | None
    """Where workers send; null: this process does."""
    clock: Clock
    random: Random
    notes: tuple[str, ...] = ()
    """What an operator should know about how it was put together."""
    last_plan: keep_time.LastPlan = field(default_factory=keep_time.LastPlan)
    """Of this process: after a start everything is planned once, and every sender tried."""
    breakers: dict[str, Breaker] = field(default_factory=dict)

    def collect(
        self, *, now: datetime, everything: bool = False, only: Sequence[str] = (), on_progress: Progress = _silent
    ) -> tuple[CollectReport, UnderstandReport]:
        """
        Fetch what is due (or *everything*), of all sources or *only* these slugs; store articles, join them to events.

        Raises: NotFound for a slug that is no source's.
        """
        report = collect_sources.collect(
            self._sources(only),
            store=self.store,
            readers=self.readers,
            parser=self.parser,
            policy=self.settings.collect,
            now=now,
            everything=everything,
            jitter=self.random.random,
            on_progress=on_progress,
        )
        return report, self.understand(now=now, on_progress=on_progress)

    def _sources(self, only: Sequence[str]) -> Sequence[Source]:
        known = {source.slug: source for source in self.settings.sources}
        for slug in only:
            if slug not in known:
                raise NotFound(f"'{slug}' is no source; `recap sources` lists them.")
        return [known[slug] for slug in only] if only else self.settings.sources

    def understand(self, *, now: datetime, on_progress: Progress = _silent) -> UnderstandReport:
        """Join stored articles to events, and say who should care; look again at what got its vectors late."""
        report = understand_articles.understand(**self._joining(), now=now, on_progress=on_progress)
        if report.late:
            self.recheck(now=now, on_progress=on_progress)
        return report

    def recheck(self, *, now: datetime, on_progress: Progress = _silent) -> RecheckReport:
        """Merge and split events of the last days that nobody was shown yet, as if their articles came at once."""
        return recheck_events.recheck(**self._joining(), now=now, on_progress=on_progress)

    def _joining(self) -> Joining:
        return Joining(
            store=self.store,
            embedder=self.desk.embedder,
            audiences=self.settings.audiences,
            sources=self.settings.sources,
            playbook=self.settings.playbook,
            policy=self.settings.cluster,
        )

    def build(self, week: Week, *, now: datetime, partial: bool = False, on_progress: Progress = _silent) -> Edition:
        """Build and freeze the edition of *week*, unless it is. Raises: NotAllowed for a week that is not over."""
        if not partial and now < week.ends_at:
            raise NotAllowed(f"{week.id} is not over yet; `--partial` makes a recap of what there is so far.")
        return build_recap.build(week, desk=self.desk, now=now, partial=partial, on_progress=on_progress)

    def plan(self, edition: Edition, *, now: datetime, at_once: bool) -> int:
        """Enter the edition's approved digests, and those of subscribers' segments, into the ledger."""
        digests = late_routes.build(edition.recap, edition.digests, desk=self.desk, now=now)
        build_segments.build(edition.recap, edition.digests, desk=self.desk, now=now)
        review_in_slack.plan_due(desk=self.desk, senders=self.senders, now=now)
        return send_recap.plan_deliveries(
            edition.recap,
            digests,
            self.desk.load_routes(),
            store=self.store,
            senders=self.senders,
            lists=self.settings.recap.lists,
            now=now,
            at_once=at_once,
            audiences=[each.id for each in self.settings.audiences],
        )

    def rehearse(self, edition: Edition, *, now: datetime, late: bool = False) -> Rehearsal:
        """Write what sending *edition* now would bring into the outbox; the ledger learns nothing of it."""
        digests = late_routes.build(edition.recap, edition.digests, desk=self.desk, now=now)
        build_segments.build(edition.recap, edition.digests, desk=self.desk, now=now)
        whole = replace(edition, digests=tuple(digests))
        return self.sending.rehearse(whole, usable=plan_recap.usable(self.senders), now=now, late=late)

    def send(self, *, now: Callable[[], datetime], recap: RecapId | None = None, late: bool = False) -> SendReport:
        """
        Send what the ledger holds and is due, or have workers send it; what is long past its time only where *late*.

        Raises: NotAllowed where another process keeps sending.
        """
        return self.sending.send(now=now, recap=recap, late=late)

    @property
    def sending(self) -> Sending:
        """How messages go out: by this process, or by workers."""
        return Sending(
            settings=self.settings,
            desk=self.desk,
            store=self.store,
            senders={sender.name: sender for sender in (self.outbox, *self.senders.values())},
            queue=self.queue,
            jobs=self.jobs,
            jitter=self.random.random,
            breakers=self.breakers,
        )

    def preview(self, edition: Edition, *, to: Path, now: datetime) -> Path:
        """Write *edition*'s messages below *to* as readers would see them; return the page to open."""
        weeks = show_outbox.of_digests(edition.digests, routes=self.desk.load_routes())
        return outbox_page.write(to, weeks, desk=self.desk, now=now)

    def outbox_weeks(self, *, mail_url: Callable[[str], str] = lambda _: "") -> list[OutboxWeek]:
        """Return what is in the outbox, newest week first; a mail's HTML is at *mail_url* of its path."""
        return outbox_page.weeks(self.outbox, routes=self.settings.routes, mail_url=mail_url)

    def write_outbox_index(self, *, now: datetime) -> Path:
        """Write the outbox's index page; return it."""
        return outbox_page.write(self.settings.outbox, self.outbox_weeks(), desk=self.desk, now=now)

    def run(
        self,
        *,
        now: datetime,
        week: Week | None = None,
        partial: bool = False,
        dry_run: bool = False,
        late: bool = False,
        on_progress: Progress = _silent,
    ) -> RunReport:
        """Collect, understand, build and send, once: the last complete week unless *week* or *partial* says else."""
        collected, understood = self.collect(now=now, on_progress=on_progress)
        chosen = week or self.week_to_build(now=now, partial=partial)
        edition = self.build(chosen, now=now, partial=partial, on_progress=on_progress)
        if dry_run:
            return RunReport(collected, understood, edition, None)
        self.plan(edition, now=now, at_once=True)
        sent = self.send(now=self.clock_from(now), recap=edition.recap.id, late=late)
        return RunReport(collected, understood, edition, sent)

    def clock_from(self, at: datetime) -> Callable[[], datetime]:
        """Return a clock that shows *at* now and goes on from there, for leases and pauses."""
        shift = at - self.clock.now()
        return lambda: self.clock.now() + shift

    def tick(self, *, now: datetime) -> None:
        """Do what is due at *now*, if this process leads: collect, re-check, build, plan, send. Twice does no harm."""
        with self.store.lead() as leads:
            if leads:
                keep_time.do_each(
                    {
                        "collect": lambda: self._once(
                            "collect", keep_time.period(now, minutes=COLLECT_MINUTES), self.collect, now=now
                        ),
                        "recheck": lambda: self._once("recheck", f"{now:%Y-%m-%d}", self.recheck, now=now),
                        "build": lambda: self._build_due(now),
                        "nudge": lambda: review_deadlines.nudge(desk=self.desk, now=now),
                        "review": lambda: review_deadlines.end_overdue(desk=self.desk, now=now),
                        "keep": lambda: self._once("keep", f"{now:%Y-%m-%dT%H}", self.people.keep, now=now),
                        "notices": lambda: self.people.post(now=self.clock.now),
                        "follow": lambda: tell_followers.plan_due(desk=self.desk, senders=self.senders, now=now),
                        "drafts": lambda: review_in_slack.plan_due(desk=self.desk, senders=self.senders, now=now),
                        "plan": lambda: self._plan_due(now),
                        "send": lambda: self.sending.send_due(now=self.clock.now),
                    }
                )

    def _once(self, schedule: str, period: str, work: Callable[..., object], *, now: datetime) -> None:
        if self.store.claim_period(schedule, period, now=now):
            work(now=now)

    def _build_due(self, now: datetime) -> None:
        if week := keep_time.week_due(desk=self.desk, now=now):
            self.build(week, now=now)

    def _plan_due(self, now: datetime) -> None:
        """Plan the newest recap, and again when a digest's state, the readers or the senders changed since."""
        latest = keep_time.newest_whole(desk=self.desk)
        if latest is None:
            return
        states, readers = self.store.load_digest_states(latest.id), self.store.load_subscriber_mark()
        basis = (latest.id, states, readers, self.desk.load_routes(), plan_recap.usable(self.senders))
        if basis != self.last_plan.basis:
            edition = look_up.edition(latest.id, desk=self.desk)
            on_time = replace(edition, recap=keep_time.as_scheduled(edition.recap, desk=self.desk))
            self.plan(on_time, now=now, at_once=False)
            self.last_plan.basis = basis

    def upgrade(self) -> None:
        """Bring the database to this release's schema, and the queue's tables in it. Raises: StorageError."""
        self.store.upgrade()
        if self.jobs is not None:
            self.jobs.upgrade()

    def check_storage(self) -> None:
        """Do nothing, if database and queue have this release's schema. Raises: StorageError."""
        self.store.check()
        if self.jobs is not None:
            self.jobs.check()

    @property
    def returns(self) -> Returns:
        """Mails that come back, and what they come to."""
        return Returns(self.store, self.settings)

    def week_to_build(self, *, now: datetime, partial: bool) -> Week:
        """Return the last complete week, or the open one where *partial*."""
        open_week = self.desk.week_of(now)
        return open_week if partial else open_week.previous

    def retry(self, *, now: datetime) -> int:
        """Make failed deliveries due again, also where nothing was taken; return how many. No unknown one is resent."""
        self.store.release_shut()
        failed = self.store.load_deliveries(state=DeliveryState.FAILED)
        for delivery in failed:
            self.store.release(delivery.id, not_before=now, error=delivery.error or "")
        return len(failed)

    def digests(self, recap: RecapId) -> Sequence[Digest]:
        """Return the stored digests of *recap*."""
        return self.store.load_digests(recap)
