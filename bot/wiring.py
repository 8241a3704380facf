"""The composition root: Settings → Bot. Only this module names concrete adapters."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from typing import TypedDict

from itsdangerous import URLSafeSerializer

from bot.adapters.analyst import ExtractiveAnalyst
from bot.adapters.clock import SystemClock
from bot.adapters.directory import DirectoryReader
from bot.adapters.embedder import OPENAI, Endpoint, embedder
from bot.adapters.feeds import HttpFeedReader
from bot.adapters.fulltext import PageReader
from bot.adapters.outbox import OutboxItem, OutboxSender
from bot.adapters.parser import ProcessParser
from bot.adapters.queue import InProcessQueue
from bot.adapters.smtp import SmtpSender
from bot.adapters.storage.store import SqlStore
from bot.adapters.templates import JinjaRenderer
from bot.compose.preview import Mail, OutboxWeek, SlackThread
from bot.deliver.dkim import DkimKey
from bot.model.audience import Audience
from bot.model.delivery import DeliveryState
from bot.model.digest import Digest, Medium
from bot.model.errors import NotAllowed, NotFound, SenderMisconfigured, SourceUnavailable
from bot.model.labelled import LabelledSet, RatedSet
from bot.model.policy import ClusterPolicy, MailingList, Playbook
from bot.model.source import FetchRequest, Source, SourceKind
from bot.model.subscriber import address_hash
from bot.model.values import RecapId
from bot.model.week import Week
from bot.ports import Clock, Embedder, FeedReader, Parser, Queue, Sender, Store
from bot.settings import Settings, templates_directory
from bot.workflows import (
    build_recap,
    collect_sources,
    evaluate,
    keep_time,
    look_up,
    recheck_events,
    send_recap,
    show_outbox,
    subscribe,
    understand_articles,
)
from bot.workflows.build_recap import Edition
from bot.workflows.collect_sources import CollectReport
from bot.workflows.evaluate import Evaluation
from bot.workflows.pool import Desk
from bot.workflows.recheck_events import RecheckReport
from bot.workflows.send_recap import SendReport
from bot.workflows.understand_articles import UnderstandReport

Progress = Callable[[str], None]

WORKERS = 2
"""Processes that parse and threads that send: one per core of the smallest machine we are made for."""


SENDER_TRIES = 150
SENDER_PAUSE_S = 0.2
"""Half a minute of waiting for another process that sends."""

COLLECT_MINUTES = 5
"""How often the scheduler looks for sources that are due."""


def _silent(_: str) -> None:
    """Report progress to nobody."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one weekly run did."""

    collected: CollectReport
    understood: UnderstandReport
    edition: Edition
    sent: SendReport | None
    """Null for a dry run."""


class _Joining(TypedDict):
    """What joining articles to events takes."""

    store: Store
    embedder: Embedder
    audiences: Sequence[Audience]
    sources: Sequence[Source]
    playbook: Playbook
    policy: ClusterPolicy


@dataclass(frozen=True, slots=True)
class Bot:
    """Recap, put together: every use case as one call."""

    settings: Settings
    desk: Desk
    store: SqlStore
    readers: Mapping[SourceKind, FeedReader]
    parser: Parser
    senders: Mapping[Medium, Sender]
    outbox: OutboxSender
    queue: Queue
    clock: Clock
    random: Random
    notes: tuple[str, ...] = ()
    """What an operator should know about how it was put together."""

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

    def _joining(self) -> "_Joining":
        return _Joining(
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
        """Enter the edition's approved digests into the ledger, for their slots or *at_once*."""
        return send_recap.plan_deliveries(
            edition.recap,
            edition.digests,
            self.settings.routes,
            store=self.store,
            senders=self.senders,
            lists=self.settings.recap.lists,
            now=now,
            at_once=at_once,
        )

    def send(self, *, now: Callable[[], datetime], recap: RecapId | None = None) -> SendReport:
        """Send what the ledger holds and is due. Raises: NotAllowed where another process keeps sending."""
        with self._as_only_sender():
            return send_recap.send(
                store=self.store,
                senders={sender.name: sender for sender in (self.outbox, *self.senders.values())},
                queue=self.queue,
                policy=self.settings.deliver,
                now=now,
                jitter=self.random.random,
                recap=recap,
                lists=self.settings.recap.lists,
                alone=True,
            )

    @contextmanager
    def _as_only_sender(self) -> Iterator[None]:
        for _ in range(SENDER_TRIES):
            with self.store.lead("sender") as is_ours:
                if is_ours:
                    yield
                    return
            time.sleep(SENDER_PAUSE_S)
        raise NotAllowed("Another recap process is sending just now, and takes what is due; try again when it is done.")

    def preview(self, edition: Edition, *, to: Path, now: datetime) -> Path:
        """Write *edition*'s messages below *to* as readers would see them; return the page to open."""
        weeks = show_outbox.of_digests(edition.digests, routes=self.settings.routes)
        return self._write_page(to, weeks, now=now)

    def outbox_weeks(self, *, mail_url: Callable[[str], str] = lambda _: "") -> list[OutboxWeek]:
        """Return what is in the outbox, newest week first; a mail's HTML is at *mail_url* of its path."""
        place = {route.id: number for number, route in enumerate(self.settings.routes)}
        items = sorted(self.outbox.messages(), key=lambda item: place.get(item.route, len(place)))
        return show_outbox.by_week((item.week, _shown(item, mail_url)) for item in items)

    def write_outbox_index(self, *, now: datetime) -> Path:
        """Write the outbox's index page; return it."""
        return self._write_page(self.settings.outbox, self.outbox_weeks(), now=now)

    def _write_page(self, folder: Path, weeks: Sequence[OutboxWeek], *, now: datetime) -> Path:
        language = self.desk.recap.languages[0]
        html = self.desk.renderer.render(
            "web/outbox.html.j2", language=language, now=now, site=self.desk.card, standalone=True, weeks=weeks
        )
        folder.mkdir(parents=True, exist_ok=True)
        index = folder / "index.html"
        index.write_text(html, encoding="utf-8")
        return index

    def run(
        self,
        *,
        now: datetime,
        week: Week | None = None,
        partial: bool = False,
        dry_run: bool = False,
        on_progress: Progress = _silent,
    ) -> RunReport:
        """Collect, understand, build and send, once: the last complete week unless *week* or *partial* says else."""
        collected, understood = self.collect(now=now, on_progress=on_progress)
        chosen = week or self.week_to_build(now=now, partial=partial)
        edition = self.build(chosen, now=now, partial=partial, on_progress=on_progress)
        if dry_run:
            return RunReport(collected, understood, edition, None)
        self.plan(edition, now=now, at_once=True)
        sent = self.send(now=self.clock_from(now), recap=edition.recap.id)
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
                        "collect": lambda: self._collect_due(now),
                        "recheck": lambda: self._recheck_due(now),
                        "build": lambda: self._build_due(now),
                        "plan": lambda: self._plan_due(now),
                        "send": lambda: self.send(now=self.clock.now),
                    }
                )

    def _collect_due(self, now: datetime) -> None:
        period = f"{now:%Y-%m-%dT%H}:{now.minute // COLLECT_MINUTES * COLLECT_MINUTES:02d}"
        if self.store.claim_period("collect", period, now=now):
            self.collect(now=now)

    def _recheck_due(self, now: datetime) -> None:
        if self.store.claim_period("recheck", f"{now:%Y-%m-%d}", now=now):
            self.recheck(now=now)

    def _build_due(self, now: datetime) -> None:
        if week := keep_time.week_due(desk=self.desk, now=now):
            self.build(week, now=now)

    def _plan_due(self, now: datetime) -> None:
        """Plan again at every tick: an editor may have approved a digest since the last one."""
        whole = (recap for recap in self.store.load_recaps() if not recap.is_partial)
        if latest := next(whole, None):
            edition = look_up.edition(latest.id, desk=self.desk)
            on_time = replace(edition, recap=keep_time.as_scheduled(edition.recap, desk=self.desk))
            self.plan(on_time, now=now, at_once=False)

    def list_of_token(self, token: str) -> str:
        """Return the email list that an unsubscribe token is for. Raises: NotFound."""
        return subscribe.read_token(token, load=_serializer(self.settings).loads)[1]

    def unsubscribe(self, token: str, *, now: datetime) -> None:
        """Never write again to the person and list of *token*. Raises: NotFound."""
        subscribe.unsubscribe(token, load=_serializer(self.settings).loads, store=self.store, now=now)

    def week_to_build(self, *, now: datetime, partial: bool) -> Week:
        """Return the last complete week, or the open one where *partial*."""
        open_week = self.desk.week_of(now)
        return open_week if partial else open_week.previous

    def retry(self, *, now: datetime) -> int:
        """Make failed deliveries due again; return how many. Unknown ones are never resent."""
        failed = self.store.load_deliveries(state=DeliveryState.FAILED)
        for delivery in failed:
            self.store.release(delivery.id, not_before=now, error=delivery.error or "")
        return len(failed)

    def digests(self, recap: RecapId) -> Sequence[Digest]:
        """Return the stored digests of *recap*."""
        return self.store.load_digests(recap)


def _shown(item: OutboxItem, mail_url: Callable[[str], str]) -> SlackThread | Mail:
    if isinstance(item.payload, bytes):
        return show_outbox.mail_of(item.payload, recipient=item.recipient, route=item.route, url=mail_url(item.path))
    return show_outbox.thread_of(item.payload, channel=item.destination, route=item.route)


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a demo or a test chooses besides the settings."""

    clock: Clock = field(default_factory=SystemClock)
    seed: int | None = None
    """Makes jitter repeatable."""
    page_address: Callable[[str], str] = lambda url: url
    """Where the page of an article's URL is really read."""


def evaluate_clustering(
    sets: Sequence[LabelledSet | RatedSet], settings: Settings, *, mistakes: int, on_progress: Progress
) -> tuple[list[Evaluation], str]:
    """Return how well articles are joined on labelled *sets*, and a note where the settings' embedder cannot run."""
    endpoint = Endpoint(settings.openai_base_url or OPENAI, settings.openai_api_key)
    chosen, note = embedder(settings.embedder, endpoint=endpoint)
    found = evaluate.clustering(
        sets, embedder=chosen, policy=settings.cluster, mistakes=mistakes, on_progress=on_progress
    )
    return found, note


@contextmanager
def bot(settings: Settings, particulars: Particulars | None = None) -> Iterator[Bot]:
    """Put Recap together from *settings*, and take it apart again. Raises: SenderMisconfigured for a bad DKIM key."""
    with ExitStack() as stack:
        store = SqlStore(settings.database_url)
        stack.callback(store.close)
        parser = ProcessParser(settings.collect, workers=WORKERS)
        stack.callback(parser.close)
        mail = _mail(settings)
        outbox = OutboxSender(settings.outbox, **mail)
        senders: dict[Medium, Sender] = {Medium.SLACK: outbox, Medium.EMAIL: outbox}
        if settings.slack_token:
            from bot.adapters.slack import SlackSender  # slack-sdk takes long to load

            senders[Medium.SLACK] = SlackSender(
                settings.slack_token,
                api_url=settings.slack_api_url,
                interval_s=settings.deliver.slack_interval_s,
            )
        if settings.smtp_url:
            smtp = SmtpSender(settings.smtp_url, **mail)
            stack.callback(smtp.close)
            senders[Medium.EMAIL] = smtp
        yield _build(settings, particulars or Particulars(), store=store, parser=parser, senders=senders, outbox=outbox)


def _build(
    settings: Settings,
    particulars: Particulars,
    *,
    store: SqlStore,
    parser: ProcessParser,
    senders: Mapping[Medium, Sender],
    outbox: OutboxSender,
) -> Bot:
    chosen, note = embedder(settings.embedder)
    feeds = HttpFeedReader(settings.collect)
    readers: dict[SourceKind, FeedReader] = {
        SourceKind.FEED: feeds,
        SourceKind.DIRECTORY: DirectoryReader(settings.collect),
    }
    pages = PageReader(lambda url: _page(feeds, particulars.page_address(url)), user_agent=settings.collect.user_agent)
    desk = Desk(
        store=store,
        analyst=ExtractiveAnalyst(),
        embedder=chosen,
        full_text=pages,
        renderer=JinjaRenderer(templates_directory(), languages=settings.recap.languages),
        sources={source.slug: source for source in settings.sources},
        audiences=settings.audiences,
        routes=settings.routes,
        playbook=settings.playbook,
        cluster=replace(settings.cluster, embedder=chosen.name or "lexical"),
        ranking=settings.ranking,
        recap=settings.recap,
        card=settings.card,
        teaser_words=settings.collect.teaser_words,
    )
    return Bot(
        settings=settings,
        desk=desk,
        store=store,
        readers=readers,
        parser=parser,
        senders=senders,
        outbox=outbox,
        queue=InProcessQueue(workers=WORKERS),
        clock=particulars.clock,
        random=Random(particulars.seed),
        notes=(note,) if note else (),
    )


def _page(feeds: HttpFeedReader, url: str) -> bytes:
    """Return the body of one page, read as carefully as a feed. Raises: SourceError."""
    (outcome,) = feeds.fetch_each([FetchRequest(source=url, url=url)])
    if outcome.document is None:
        raise outcome.error or SourceUnavailable(url)
    return outcome.document.body


class _Mail(TypedDict):
    """What both mail senders take."""

    lists: Sequence[MailingList]
    sender: str | None
    base_url: str
    token: Callable[[str, str], str]
    dkim: DkimKey | None


def _mail(settings: Settings) -> _Mail:
    return _Mail(
        lists=settings.recap.lists,
        sender=settings.email_from,
        base_url=settings.base_url,
        token=unsubscribe_token(settings),
        dkim=_dkim(settings),
    )


def _dkim(settings: Settings) -> DkimKey | None:
    if settings.dkim_key_file is None:
        return None
    try:
        return DkimKey.parse(settings.dkim_key_file.read_bytes())
    except OSError as exc:
        raise SenderMisconfigured("email", f"RECAP_DKIM_KEY_FILE cannot be read ({exc.strerror}).") from exc


def unsubscribe_token(settings: Settings) -> Callable[[str, str], str]:
    """Return a function (address, list) → token that only we can make; it holds the address's hash, not the address."""
    serializer = _serializer(settings)

    def token(address: str, list_id: str) -> str:
        return str(serializer.dumps([address_hash(address), list_id]))

    return token


def _serializer(settings: Settings) -> URLSafeSerializer:
    # itsdangerous signs with the last key of a list and accepts them all; ours is newest first.
    return URLSafeSerializer(list(reversed(settings.secret_keys)) or [_passing_key()], salt="unsubscribe")


@cache
def _passing_key() -> str:
    """Return a key of this process alone: without RECAP_SECRET_KEY mail goes to the outbox, where nobody gets it."""
    return secrets.token_urlsafe(32)
