"""Put the bot together: the only module that makes adapters."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import TypedDict

from bot.adapters.analyst import ExtractiveAnalyst
from bot.adapters.clock import SystemClock
from bot.adapters.directory import DirectoryReader
from bot.adapters.embedder import OPENAI, Endpoint, embedder
from bot.adapters.feeds import HttpFeedReader
from bot.adapters.fulltext import PageReader
from bot.adapters.outbox import OutboxSender
from bot.adapters.parser import ProcessParser
from bot.adapters.queue import InProcessQueue
from bot.adapters.smtp import SmtpSender
from bot.adapters.storage.store import SqlStore
from bot.adapters.templates import JinjaRenderer
from bot.deliver.breaker import Breaker
from bot.deliver.dkim import DkimKey
from bot.deliver.press import Personal
from bot.model.errors import AnalystMisconfigured, SenderMisconfigured, SourceUnavailable, StorageUnavailable
from bot.model.labelled import LabelledSet, RatedSet
from bot.model.policy import MailingList
from bot.model.route import Medium
from bot.model.source import FetchRequest, SourceKind
from bot.model.week import Week
from bot.ports import Analyst, Clock, Embedder, FullText, JobQueue, Sender, UsageStore
from bot.settings import Settings, templates_directory
from bot.wiring.envelopes import return_address
from bot.wiring.people import People
from bot.wiring.tokens import TokenSeals, feedback_token, preferences_token, unsubscribe_token
from bot.wiring.use_cases import Bot, Progress
from bot.workflows import (
    evaluate,
)
from bot.workflows.evaluate import Evaluation
from bot.workflows.pool import Desk
from bot.workflows.subscribing.registry import Registry

WORKERS = 2
"""Processes that parse and threads that send: one per core of the smallest machine we are made for."""


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
    """
    Put Recap together from *settings*, and take it apart again.

    Raises: SenderMisconfigured for a bad DKIM key; AnalystMisconfigured for a model that cannot be asked;
    StorageUnavailable for a queue whose extra is missing.
    """
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
            returns_to = return_address(settings.secret_keys, settings.recap.lists)
            smtp = SmtpSender(settings.smtp_url, **mail, returns_to=returns_to)
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
    pages = PageReader(lambda url: _page(feeds, particulars.page_address(url)), user_agent=settings.collect.user_agent)
    desk = _desk(settings, store=store, embedder=chosen, full_text=pages)
    random = Random(particulars.seed)
    breakers: dict[str, Breaker] = {}
    people = People(
        _registry(desk, settings, sender=senders[Medium.EMAIL]),
        settings=settings,
        senders={sender.name: sender for sender in (outbox, *senders.values())},
        jitter=random.random,
        breakers=breakers,
    )
    return Bot(
        settings=settings,
        desk=desk,
        store=store,
        people=people,
        readers={SourceKind.FEED: feeds, SourceKind.DIRECTORY: DirectoryReader(settings.collect)},
        parser=parser,
        senders=senders,
        outbox=outbox,
        queue=InProcessQueue(workers=max(WORKERS, settings.deliver.smtp_connections)),
        jobs=_jobs(settings),
        clock=particulars.clock,
        random=random,
        breakers=breakers,
        notes=(note,) if note else (),
    )


def _desk(settings: Settings, *, store: SqlStore, embedder: Embedder, full_text: FullText) -> Desk:
    return Desk(
        store=store,
        analyst=_analyst(settings, store=store),
        embedder=embedder,
        full_text=full_text,
        renderer=JinjaRenderer(templates_directory(), languages=settings.recap.languages),
        sources={source.slug: source for source in settings.sources},
        audiences=settings.audiences,
        routes=settings.routes,
        playbook=settings.playbook,
        cluster=replace(settings.cluster, embedder=embedder.name or "lexical"),
        ranking=settings.ranking,
        recap=settings.recap,
        card=settings.card,
        teaser_words=settings.collect.teaser_words,
    )


def _registry(desk: Desk, settings: Settings, *, sender: Sender) -> Registry:
    return Registry(
        store=desk.store,
        renderer=desk.renderer,
        seals=TokenSeals(settings.secret_keys),
        sender=sender,
        recap=settings.recap,
        site=settings.card,
        routes=settings.routes,
        audiences=settings.audiences,
    )


def _jobs(settings: Settings) -> JobQueue | None:
    if settings.queue == "in-process":
        return None
    try:
        from bot.adapters.queue_procrastinate import ProcrastinateQueue  # an extra; loads the driver
    except ImportError as exc:
        mend = "pip install 'recap-bot[postgres]', or set queue: in-process in recap.yaml"
        raise StorageUnavailable(
            f"queue: procrastinate needs the extra 'postgres' ({exc.name} is missing): {mend}."
        ) from exc
    deliver = settings.deliver
    return ProcrastinateQueue(settings.database_url, at_once=deliver.smtp_connections, sweep_s=deliver.sweep_s)


def _analyst(settings: Settings, *, store: UsageStore) -> Analyst:
    if settings.llm is None:
        return ExtractiveAnalyst()
    try:
        from bot.adapters.analyst.calling import model_analyst  # pydantic-ai takes long to load
    except ImportError as exc:
        mend = "pip install 'recap-bot[llm]', or leave RECAP_LLM empty"
        raise AnalystMisconfigured(f"{settings.llm} needs the extra 'llm' ({exc.name} is missing): {mend}.") from exc
    zone, starts_on = settings.recap.zone, settings.recap.week_starts
    return model_analyst(
        settings.llm,
        key=settings.llm_key,
        url=settings.llm_url,
        templates=templates_directory(),
        policy=settings.llm_policy,
        store=store,
        week_start=lambda at: Week.of(at, zone=zone, starts_on=starts_on).starts_at,
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
    personal: Personal
    dkim: DkimKey | None


def _mail(settings: Settings) -> _Mail:
    return _Mail(
        lists=settings.recap.lists,
        sender=settings.email_from,
        base_url=settings.base_url,
        token=unsubscribe_token(settings),
        personal=Personal(preferences_token(settings), feedback_token(settings)),
        dkim=dkim_key(settings),
    )


def dkim_key(settings: Settings) -> DkimKey | None:
    """Return the key that we sign with, where we do. Raises: SenderMisconfigured."""
    if settings.dkim_key_file is None:
        return None
    try:
        return DkimKey.parse(settings.dkim_key_file.read_bytes(), selector=settings.dkim_selector)
    except OSError as exc:
        raise SenderMisconfigured("email", f"RECAP_DKIM_KEY_FILE cannot be read ({exc.strerror}).") from exc
