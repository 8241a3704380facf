"""Articles: the items that sources publish."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime
from sqlmodel import Field

from bot.model.values import ArticleId, Language, Model, SourceSlug


class DateKind(StrEnum):
    """How we know when an article was published."""

    GIVEN = "given"
    GUESSED = "guessed"
    MISSING = "missing"


class Article(Model):
    """One item that a source published."""

    id: ArticleId
    """Hash of (source, guid | canonical URL | content)."""
    source: SourceSlug
    publisher: str
    guid: str | None = None
    url: str
    """As published, absolute; empty where the feed gives none."""
    canonical_url: str
    title: str
    text: str
    """Plain text: paragraphs parted by a blank line. Empty where the feed has only a title."""
    html: str = ""
    """Sanitised."""
    authors: list[str] = Field(default_factory=list)
    language: Language = "und"
    published_at: AwareDatetime | None = None
    """UTC; never after *collected_at* (see *is_date_clamped*)."""
    date_kind: DateKind = DateKind.MISSING
    is_date_clamped: bool = False
    """The feed's date lay in the future."""
    updated_at: AwareDatetime | None = None
    collected_at: AwareDatetime
    """When we first saw it; edits do not move it."""
    is_backlog: bool = False
    """It was there at its source's first successful poll, so it has no latency."""
    image_url: str | None = None
    categories: list[str] = Field(default_factory=list)
    topics: list[str] = Field(default_factory=list)
    """Topics of its source."""
    engagement: dict[str, int] = Field(default_factory=dict)
    content_hash: str
    """Hash of title and text; texts are kept under it, so that quotes outlive edits."""
    has_full_text: bool = False
    """*text* comes from the article's page instead of the feed."""

    @property
    def dated_at(self) -> AwareDatetime:
        """When it was published, or collected where no date is known."""
        return self.published_at or self.collected_at


@dataclass(frozen=True, slots=True)
class Engaged:
    """As much of an article that drew readers as later weeks learn from: no text."""

    source: SourceSlug
    canonical_url: str
    title: str
    categories: list[str]
    topics: list[str]
    engagement: dict[str, int]
    dated_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with an article that a fetch brought, and why."""

    article: Article
    act: Literal["add", "update", "skip"]
    reason: str
