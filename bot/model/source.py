"""Sources: the feeds that we read, what we remember of them, and what a fetch brings."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime
from sqlmodel import Field

from bot.model.errors import SourceError
from bot.model.values import Language, Model, SourceSlug


class SourceKind(StrEnum):
    """How a source is read."""

    FEED = "feed"
    DIRECTORY = "directory"
    HACKERNEWS = "hackernews"


class FullTextChoice(StrEnum):
    """Whether an article's page is fetched besides its feed."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Source(Model):
    """A feed that we read, as the operator configured it."""

    slug: SourceSlug
    name: str
    url: str
    kind: SourceKind = SourceKind.FEED
    publisher: str
    owner: str | None = None
    """Who owns the publisher, where several publishers have one owner: coverage counts owners."""
    language: Language | None = None
    weight: float = 1.0
    """0..2: how much we trust it to matter."""
    topics: list[str] = Field(default_factory=list)
    full_text: FullTextChoice = FullTextChoice.AUTO


class SourceState(Model):
    """What we remember of a source between polls."""

    slug: SourceSlug
    configured_url: str
    """The URL in config when we last polled; a change forgets the rest."""
    url: str
    """Where we really read: differs from the configured URL after a 301 or 308."""
    etag: str | None = None
    last_modified: str | None = None
    """Both exactly as the server sent them."""
    next_due_at: AwareDatetime | None = None
    last_polled_at: AwareDatetime | None = None
    first_success_at: AwareDatetime | None = None
    last_success_at: AwareDatetime | None = None
    failures: int = 0
    """Consecutive failed polls."""
    last_error: str | None = None
    retired_at: AwareDatetime | None = None
    interval_s: float = 3600.0
    """The interval that the last poll settled on."""
    articles_seen: int = 0


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One conditional GET to make."""

    source: SourceSlug
    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FetchedDocument:
    """A document as it came, decompressed; *body* is empty where *not_modified*."""

    source: SourceSlug
    url: str
    """After redirects."""
    body: bytes = b""
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    """Where every hop was permanent (301, 308): the address to use from now on."""
    max_age_s: float | None = None
    not_modified: bool = False
    took_ms: int = 0
    parts: tuple["FetchedDocument", ...] = ()
    """The files of a directory, newest first; *body* is empty then."""


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """What one request brought: a document or an error, never both."""

    request: FetchRequest
    document: FetchedDocument | None = None
    error: SourceError | None = None


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed, as written there: raw date texts, raw HTML, resolved links."""

    guid: str | None = None
    url: str | None = None
    title: str = ""
    html: str = ""
    """The richest of content, summary and description; HTML or plain text."""
    published: str | None = None
    updated: str | None = None
    guessed_published_at: datetime | None = None
    """feedparser's reading of *published*, to be believed only where the text agrees."""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    image_url: str | None = None
    language: Language | None = None
    engagement: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A parsed feed."""

    format: str
    """As feedparser names it (`rss20`, `atom10`, …), or `json`."""
    title: str = ""
    url: str | None = None
    language: Language | None = None
    ttl_s: float | None = None
    entries: tuple[FeedEntry, ...] = ()
    warnings: tuple[str, ...] = ()
    """What was wrong with the document although it could be read."""
