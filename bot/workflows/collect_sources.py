"""Polls the sources that are due and stores what is new."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.collect import decide, due, normalize
from bot.model.article import Article, Decision
from bot.model.errors import SourceError, SourceRefused
from bot.model.policy import CollectPolicy
from bot.model.source import (
    FeedDocument,
    FetchedDocument,
    FetchOutcome,
    FetchRequest,
    Source,
    SourceKind,
    SourceState,
)
from bot.model.values import SourceSlug
from bot.ports import FeedReader, Parser, Store
from bot.understand import language

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SourceFailure:
    """A source that could not be read, and why."""

    source: SourceSlug
    reason: str


@dataclass(frozen=True, slots=True)
class CollectReport:
    """What one collection brought: sources polled, then articles."""

    polled: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    not_modified: int = 0
    """Sources that answered that nothing changed."""
    duplicates: int = 0
    """Entries that their document lists twice: each is one article."""
    refused: int = 0
    """Entries with neither title nor text nor link."""
    over_limit: int = 0
    """Entries older than the newest that are read of one document."""
    failures: tuple[SourceFailure, ...] = ()
    skipped_not_due: int = 0
    notes: tuple[str, ...] = ()
    """Entries refused, duplicates, and faults of documents that could be read all the same."""


def collect(
    sources: Sequence[Source],
    *,
    store: Store,
    readers: Mapping[SourceKind, FeedReader],
    parser: Parser,
    policy: CollectPolicy,
    now: datetime,
    everything: bool = False,
    jitter: Callable[[], float],
    on_progress: Callable[[str], None],
) -> CollectReport:
    """
    Poll the *sources* that are due (or *everything* but the retired) and store their articles, one source at a time.

    *jitter* returns 0..1. A source that fails costs itself alone; its failure is stored
    and named in the report. Raises: StorageError.
    """
    states = store.load_source_states()
    chosen = [source for source in sources if _is_chosen(source, states.get(source.slug), now, everything=everything)]
    run = _Run(
        sources={source.slug: source for source in chosen},
        states={source.slug: due.state_of(source, states.get(source.slug)) for source in chosen},
        store=store,
        policy=policy,
        now=now,
        jitter=jitter,
        on_progress=on_progress,
    )
    for parsed in parser.parse_each(run.changed_documents(_outcomes(chosen, readers, run))):
        if parsed.error is not None:
            run.failed(parsed.error)
        elif parsed.feed is not None:
            run.collected(parsed.document, parsed.feed)
    return run.report(skipped_not_due=len(sources) - len(chosen))


@dataclass(slots=True)
class _Run:
    """What is known while one collection goes on."""

    sources: Mapping[SourceSlug, Source]
    states: Mapping[SourceSlug, SourceState]
    store: Store
    policy: CollectPolicy
    now: datetime
    jitter: Callable[[], float]
    on_progress: Callable[[str], None]
    acts: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    """Entries that became no article, by why."""
    not_modified: int = 0
    failures: list[SourceFailure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def changed_documents(self, outcomes: Iterable[FetchOutcome]) -> Iterator[FetchedDocument]:
        """Yield the documents to parse; failures and unchanged sources are settled on the way."""
        for outcome in outcomes:
            if outcome.error is not None:
                self.failed(outcome.error)
            elif outcome.document is not None and outcome.document.not_modified:
                self.unchanged(outcome.document)
            elif outcome.document is not None:
                yield outcome.document

    def failed(self, error: SourceError) -> None:
        """Store that a source could not be read."""
        state = due.after_failure(
            self.states[error.source], error, policy=self.policy, now=self.now, jitter=self.jitter()
        )
        self.store.save_collected(state, [])
        self.failures.append(SourceFailure(error.source, str(error)))
        log.warning("source.failed", source=error.source, reason=str(error), failures=state.failures)
        self.on_progress(error.source)

    def unchanged(self, document: FetchedDocument) -> None:
        """Store that a source has nothing new."""
        self.store.save_collected(self._succeeded(document, None), [])
        self.not_modified += 1
        log.info("source.not_modified", source=document.source, took_ms=document.took_ms)
        self.on_progress(document.source)

    def collected(self, document: FetchedDocument, feed: FeedDocument) -> None:
        """Store what is new in *feed*."""
        source = self.sources[document.source]
        articles, notes = self._articles(
            source, feed, max_entries=self.policy.max_entries * max(1, len(document.parts))
        )
        known = self.store.load_known_articles([article.id for article in articles])
        decisions = [decide.decide(article, known.get(article.id)) for article in articles]
        changed = [_with_language(decision, source) for decision in decisions if decision.act != "skip"]
        acts = Counter(decision.act for decision in decisions)
        state = self._succeeded(document, feed)
        state.articles_seen += acts["add"]
        self.store.save_collected(state, changed)
        self.acts.update(acts)
        self.notes.extend(f"{source.slug}: {note}" for note in notes)
        log.info(
            "source.collected",
            source=source.slug,
            added=acts["add"],
            updated=acts["update"],
            unchanged=acts["skip"],
            notes=len(notes),
            took_ms=document.took_ms,
        )
        self.on_progress(source.slug)

    def report(self, *, skipped_not_due: int) -> CollectReport:
        """Return what was done so far."""
        return CollectReport(
            polled=len(self.sources),
            added=self.acts["add"],
            updated=self.acts["update"],
            unchanged=self.acts["skip"],
            not_modified=self.not_modified,
            duplicates=self.left_out["duplicate"],
            refused=self.left_out["refused"],
            over_limit=self.left_out["over limit"],
            failures=tuple(self.failures),
            skipped_not_due=skipped_not_due,
            notes=tuple(self.notes),
        )

    def _succeeded(self, document: FetchedDocument, feed: FeedDocument | None) -> SourceState:
        return due.after_success(
            self.states[document.source],
            document=document,
            feed=feed,
            policy=self.policy,
            now=self.now,
            jitter=self.jitter(),
        )

    def _articles(self, source: Source, feed: FeedDocument, *, max_entries: int) -> tuple[list[Article], list[str]]:
        entries, notes = normalize.readable(feed, max_entries=max_entries, now=self.now)
        is_backlog = self.states[source.slug].first_success_at is None
        articles = [
            normalize.article(entry, source, feed=feed, collected_at=self.now, is_backlog=is_backlog)
            for entry in entries
        ]
        distinct, duplicates = normalize.distinct(articles, home=feed.url)
        refused = sum(normalize.is_empty(entry) for entry in feed.entries)
        self.left_out["refused"] += refused
        self.left_out["over limit"] += len(feed.entries) - refused - len(entries)
        self.left_out["duplicate"] += len(articles) - len(distinct)
        return distinct, [*notes, *duplicates]


def _is_chosen(source: Source, state: SourceState | None, now: datetime, *, everything: bool) -> bool:
    return everything or due.is_due(source, state, now=now)


def _outcomes(sources: Sequence[Source], readers: Mapping[SourceKind, FeedReader], run: _Run) -> Iterator[FetchOutcome]:
    for kind in SourceKind:
        requests = [_request(run.states[source.slug]) for source in sources if source.kind == kind]
        if kind in readers:
            yield from readers[kind].fetch_each(requests)
            continue
        for request in requests:
            error = SourceRefused(request.source, f"Nothing here reads sources of the kind '{kind}'.")
            yield FetchOutcome(request, error=error)


def _request(state: SourceState) -> FetchRequest:
    return FetchRequest(state.slug, state.url, etag=state.etag, last_modified=state.last_modified)


def _with_language(decision: Decision, source: Source) -> Decision:
    article = decision.article
    if source.language is None:
        hint = None if article.language == "und" else article.language
        article.language = language.detect(f"{article.title}\n{article.text}", hint=hint)
    return decision
