"""What is needed of storage."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model.article import Article, Decision, Engaged
from bot.model.digest import Digest, DigestState
from bot.model.event import Bond, Clustering, Dossier, Event
from bot.model.feedback import Erratum, ReviewAct
from bot.model.insight import Insight
from bot.model.recap import Recap, Served, Showing
from bot.model.source import SourceState
from bot.model.usage import ModelUsage
from bot.model.values import ArticleId, EventId, RecapId, RouteId, SourceSlug, ThreadId, WeekId
from bot.ports.ledger import Ledger
from bot.ports.people import FeedbackStore, NoticeStore, PeopleStore, RouteStore, SubscriberStore
from bot.ports.vectors import Vector


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An event found by words."""

    event_id: EventId
    rank: float
    """Higher is better."""


class ArticleStore(Protocol):
    """Sources, their articles, and what they say."""

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

    def load_engaged(self, *, since: datetime, until: datetime) -> list[Engaged]:
        """Return the articles with engagement by `dated_at` in [since, until), oldest first, without texts."""
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


class VectorStore(Protocol):
    """Vectors of articles."""

    def load_vectors(self, ids: Sequence[ArticleId], *, embedder: str) -> dict[ArticleId, Vector]:
        """Return the stored vectors of *ids* made by *embedder*."""
        ...

    def save_vectors(self, vectors: Mapping[ArticleId, Vector], *, embedder: str) -> None:
        """Store *vectors*."""
        ...

    def load_unembedded_articles(self, *, embedder: str, since: datetime, limit: int) -> list[Article]:
        """Return titled articles dated *since* that have no vector of *embedder*, newest first, at most *limit*."""
        ...


class EventStore(Protocol):
    """Events and their articles."""

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

    def load_outlines(self, ids: Sequence[EventId]) -> list[Dossier]:
        """
        Return the events of *ids* in that order, their articles without text, HTML and reasons: what a list needs.

        Those without articles are left out, and so are merged ones: no redirects are followed.
        """
        ...

    def load_most_told(self, *, since: datetime, limit: int) -> list[EventId]:
        """Return events with articles of *since* or later: those of most publishers first, then the latest."""
        ...

    def load_thread(self, thread: ThreadId) -> list[Dossier]:
        """Return the events of *thread*, oldest first."""
        ...

    def load_merged_from(self, thread: ThreadId) -> list[Dossier]:
        """Return what those events of *thread* have become that were merged into others, each once."""
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


class InsightStore(Protocol):
    """Insights."""

    def load_insights(self, events: Sequence[EventId]) -> dict[EventId, list[Insight]]:
        """Return the stored insights of *events*, newest first."""
        ...

    def save_insight(self, insight: Insight) -> None:
        """Insert or replace by key."""
        ...


class UsageStore(Protocol):
    """What asking language models took."""

    def save_usage(self, usage: ModelUsage) -> None:
        """Insert *usage*."""
        ...

    def load_usage(self, *, since: datetime) -> list[ModelUsage]:
        """Return what was used at *since* or later, oldest first."""
        ...


class RecapStore(Protocol):
    """Recaps, digests and reviews."""

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
        """Return the routes' own digests of *recap* by route; those of segments may be hundreds."""
        ...

    def load_held(self, recap: RecapId) -> dict[tuple[RouteId, str], list[EventId]]:
        """Return the events that *recap*'s digests held over, by route and segment (see `Digest.segment`)."""
        ...

    def load_digest_states(self, recap: RecapId) -> dict[str, DigestState]:
        """Return the states of *recap*'s digests by their keys: cheap however many cards they have."""
        ...

    def load_digest(self, key: str) -> Digest | None:
        """Return one digest, or null."""
        ...

    def load_messages(self, key: str) -> Digest | None:
        """Return what is sent of one digest, or null: as `load_digest`, but without its cards and links."""
        ...

    def load_showings(self, *, before: datetime) -> list[Showing]:
        """
        Return which events the routes' own digests of whole recaps ending at *before* or earlier showed.

        The oldest recap comes first, an event once per recap; one that was merged since is what it became part of.
        What a digest held over, skipped or rejected, nobody was shown.
        """
        ...

    def load_told(
        self, *, since: datetime, before: datetime
    ) -> dict[tuple[RouteId, str], dict[WeekId, tuple[Showing, ...]]]:
        """
        Return what the readers of each segment were shown, by route and segment, then by week.

        Of whole recaps that ended after *since*, at *before* or earlier. A week whose digest was held over or skipped
        has none; a week without a digest for the segment is not there.
        """
        ...

    def load_served(self, *, since: datetime, before: datetime) -> dict[tuple[RouteId, str], Served]:
        """
        Return whose readers got a digest of a whole recap, within the time of `load_told`, and the newest such recap.

        By route and segment; without a segment, the readers of the route's own digest.
        """
        ...

    def load_shown_in(self, event: EventId, *, recap: RecapId) -> list[str]:
        """Return the keys of the digests of *recap* that show an event, the routes' own first."""
        ...

    def load_errata(self, *, recap: RecapId | None = None, since: datetime | None = None) -> list[Erratum]:
        """Return what was corrected, of one *recap* or of all, at *since* or later, oldest first."""
        ...

    def save_edition(self, recap: Recap, digests: Sequence[Digest], insights: Sequence[Insight]) -> None:
        """Freeze an edition: recap, digests and insights together, all or nothing; a stored one is kept as it is."""
        ...

    def save_digest(self, digest: Digest, act: ReviewAct, *, instead_of: Digest) -> bool:
        """Replace a digest that an editor changed, with the record; false where *instead_of* is not stored any more."""
        ...

    def load_review_acts(self, digest_key: str) -> list[ReviewAct]:
        """Return what was done to a digest, oldest first."""
        ...


class ScheduleStore(Protocol):
    """Who acts when; the schema."""

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


class Store(
    ArticleStore,
    VectorStore,
    EventStore,
    InsightStore,
    UsageStore,
    RecapStore,
    Ledger,
    SubscriberStore,
    NoticeStore,
    PeopleStore,
    FeedbackStore,
    RouteStore,
    ScheduleStore,
    Protocol,
):
    """Keeps everything. Each call is one transaction; takes and returns models, never rows."""
