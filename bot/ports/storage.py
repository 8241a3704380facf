"""What is needed of storage."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model.article import Article, Decision, Engaged
from bot.model.delivery import Delivery, DeliveryState, Ended, PutOff, Receipt, ShutDestination
from bot.model.digest import Digest, DigestState, Medium, Route
from bot.model.event import Bond, Clustering, Dossier, Event
from bot.model.feedback import Feedback, Follow, ReviewAct
from bot.model.insight import Insight
from bot.model.recap import Recap, Showing
from bot.model.source import SourceState
from bot.model.subscriber import Bounce, Notice, Subscriber, Subscription, Suppression
from bot.model.usage import ModelUsage
from bot.model.values import ArticleId, EventId, RecapId, RouteId, SourceSlug, ThreadId
from bot.ports.people import PeopleStore
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

    def load_showings(self, *, before: datetime) -> list[Showing]:
        """
        Return which events the digests of whole recaps ending at *before* or earlier showed, oldest recap first.

        An event comes once per recap; one that was merged since is what it became part of. What a digest
        held over, skipped or rejected, nobody was shown.
        """
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


class Ledger(Protocol):
    """What goes to whom, and whether it went."""

    def save_deliveries(self, deliveries: Sequence[Delivery]) -> int:
        """Plan those that the ledger does not know yet; return how many were new."""
        ...

    def move_deliveries(self, deliveries: Sequence[Delivery]) -> int:
        """Give those that nobody tried yet the digest and time that *deliveries* have; return how many moved."""
        ...

    def load_deliveries(
        self,
        *,
        recap: RecapId | None = None,
        state: DeliveryState | None = None,
        subject: str | None = None,
        medium: Medium | None = None,
    ) -> list[Delivery]:
        """Return ledger rows in the order in which they must go out (parents before replies)."""
        ...

    def load_chosen(self, deliveries: Sequence[str]) -> list[Delivery]:
        """Return the rows of these ids, in the order in which they must go out; an unknown id is left out."""
        ...

    def load_due_mails(self, *, now: datetime, recap: RecapId | None = None, page: int) -> Iterator[list[Delivery]]:
        """Yield the mails that are due, digest by digest, in pages that are read when asked for: memory stays flat."""
        ...

    def count_open(self, *, recap: RecapId | None = None) -> int:
        """Return how many deliveries have not ended."""
        ...

    def load_put_off(self, *, now: datetime, recap: RecapId | None = None) -> list[PutOff]:
        """Return what waits for another try after a failure, a row for each place and reason."""
        ...

    def start_sending(self, delivery: str, *, now: datetime, lease_s: float, after: Ended | None = None) -> bool:
        """
        Claim a delivery and commit that its first byte is about to leave, all in one; false where it is not ours.

        What went out before it (*after*) is settled as sent in the same transaction, whatever becomes of this one.
        """
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

    def save_shut(self, shut: ShutDestination) -> None:
        """Mark a destination that takes nothing any more; the first mark stays."""
        ...

    def load_shut(self) -> list[ShutDestination]:
        """Return the destinations that take nothing any more, by name."""
        ...

    def release_shut(self) -> int:
        """Forget the marks of destinations: somebody has mended them; return how many there were."""
        ...


class SubscriberStore(Protocol):
    """Who gets mail, and who must not."""

    def load_subscribers(self, list_id: str) -> list[tuple[Subscriber, Subscription]]:
        """Return the active subscriptions of a list with their people, suppressed addresses left out."""
        ...

    def load_subscriber_mark(self) -> str:
        """Return a mark that is another one after any change in who gets which list."""
        ...

    def save_subscriber(self, subscriber: Subscriber, subscription: Subscription) -> None:
        """Insert or replace a person and one subscription."""
        ...

    def load_subscriber(self, subscriber: str) -> Subscriber | None:
        """Return the person with this id, or null."""
        ...

    def load_subscriber_at(self, address: str) -> Subscriber | None:
        """Return the person with this address, whatever its case, or null."""
        ...

    def load_slack_subscriber(self, workspace: str, slack_user: str) -> Subscriber | None:
        """Return the person of a Slack workspace, or null."""
        ...

    def load_subscriptions(self, subscriber: str) -> list[Subscription]:
        """Return what a person gets or got, by list."""
        ...

    def load_list(self, list_id: str) -> Iterator[tuple[Subscriber, Subscription]]:
        """Yield every subscription of a list with its person, whatever its state, in batches: memory stays flat."""
        ...

    def erase_subscriber(self, subscriber: str) -> None:
        """
        Forget a person: name, subscriptions, notices, votes and follows; suppressions stay, as hashes.

        In the ledger a hash stands for their address, and what was still to go to them is cancelled.
        """
        ...

    def end_pauses(self, *, now: datetime) -> int:
        """Make active again what was paused until *now* or earlier; return how many."""
        ...

    def delete_unconfirmed(self, *, before: datetime) -> int:
        """Forget what waits for its confirmation since *before*, and who gets nothing else; return how many."""
        ...

    def is_suppressed(self, address: str, *, list_id: str) -> bool:
        """Return whether we must not write to *address*."""
        ...

    def load_suppressed(self, addresses: Sequence[str], *, list_id: str) -> frozenset[str]:
        """Return those of *addresses* that we must not write to."""
        ...

    def load_suppressions(self, *, of: str | None = None) -> list[Suppression]:
        """Return whom we must not write to, newest first: all of them, or those *of* one address's hash."""
        ...

    def delete_suppression(self, address_hash: str, *, list_id: str) -> bool:
        """Let a reader who confirmed anew be written to again; return whether there was anything to lift."""
        ...

    def save_bounce(self, bounce: Bounce) -> bool:
        """Keep a mail that came back; false where it is known already."""
        ...

    def load_bounces(self, address_hash: str, *, since: datetime) -> list[Bounce]:
        """Return the bounces of an address *since*, oldest first."""
        ...

    def use_once(self, kind: str, key: str, *, now: datetime) -> bool:
        """Take *key* (a token's hash, a request's id) of its *kind*: true for one caller only, ever."""
        ...

    def save_suppression(self, suppression: Suppression) -> None:
        """Never write there again."""
        ...


class NoticeStore(Protocol):
    """Mails to one person about their subscription."""

    def save_notice(
        self, notice: Notice, delivery: Delivery, *, pending: tuple[Subscriber, Subscription] | None = None
    ) -> None:
        """Store a notice and enter it into the ledger, with the sign-up that it is about, all or nothing."""
        ...

    def load_notice(self, notice: str) -> Notice | None:
        """Return one notice, or null."""
        ...

    def load_due_notices(self, *, now: datetime) -> list[tuple[Delivery, Notice | None]]:
        """Return the notices that must go out by *now*, oldest first; null where one was deleted meanwhile."""
        ...

    def has_notice(self, address: str, *, since: datetime) -> bool:
        """Return whether a notice to *address* was made after *since*."""
        ...

    def load_mails(self, address: str) -> list[Delivery]:
        """Return the ledger's rows of mails to *address*, oldest first."""
        ...

    def delete_notices(self, *, before: datetime) -> int:
        """Forget the notices made before *before*, and the tokens used by then; return how many."""
        ...


class FeedbackStore(Protocol):
    """What readers say, follow, and set up from Slack."""

    def save_vote(self, vote: Feedback) -> None:
        """Insert or replace a person's vote on an event."""
        ...

    def load_votes(self, *, since: datetime) -> list[Feedback]:
        """Return the votes given *since*, oldest first."""
        ...

    def delete_votes(self) -> int:
        """Forget every vote; return how many there were."""
        ...

    def save_follow(self, follow: Follow) -> None:
        """Follow a thread; doing it again changes nothing."""
        ...

    def move_follow(self, follow: Follow, *, since: datetime) -> None:
        """Say that the follower was told all up to *since*; nothing where they follow it no longer."""
        ...

    def delete_follow(self, thread: ThreadId, *, workspace: str, person: str) -> bool:
        """Follow a thread no longer; return whether it was followed."""
        ...

    def load_follows(self, *, person: tuple[str, str] | None = None) -> list[Follow]:
        """Return the follows of a *person* (workspace, id), or everybody's, oldest first."""
        ...

    def save_route(self, route: Route, *, workspace: str) -> None:
        """Insert or replace a route that was made from Slack."""
        ...

    def delete_route(self, route: RouteId) -> bool:
        """Forget a route that was made from Slack; return whether there was one."""
        ...

    def load_routes(self, *, workspace: str | None = None) -> list[Route]:
        """Return the routes made from Slack, of one *workspace* or of all, by id."""
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
    ScheduleStore,
    Protocol,
):
    """Keeps everything. Each call is one transaction; takes and returns models, never rows."""
