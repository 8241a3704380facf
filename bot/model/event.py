"""Events: what happened, told by one or more articles."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from pydantic import AwareDatetime
from sqlmodel import Field

from bot.model.article import Article, DateKind
from bot.model.audience import AudienceMatch
from bot.model.values import ArticleId, EventId, Language, Model, ThreadId, digest_of

JOIN_WINDOW = timedelta(days=7)
"""Articles join an event within this time of its last one; later news is a new event of the thread."""


class EventState(StrEnum):
    """Where an event stands within its thread."""

    NEW = "new"
    DEVELOPING = "developing"
    RESOLVED = "resolved"


class JoinedBy(StrEnum):
    """Who put an article into an event."""

    MACHINE = "machine"
    EDITOR = "editor"


class Event(Model):
    """What happened. Its id comes from its founding article and never changes."""

    id: EventId
    thread_id: ThreadId
    founding_article_id: ArticleId
    title: str
    """The most central of its articles' titles."""
    language: Language
    """Of *title*."""
    titles: dict[Language, str] = Field(default_factory=dict)
    """The most central title of each language that it is told in."""
    entities: list[str] = Field(default_factory=list)
    """Rare names that its articles share (of a lone article: that its title holds), the most telling first."""
    kind: str = "other"
    """Id of an event kind of the playbook."""
    kind_reason: str = ""
    state: EventState = EventState.NEW
    """By now, in its thread: the first is new, a later one developing, one that tells the end resolved. What a recap
    tells of it may differ (`Standing`)."""
    hook: str | None = None
    """One line with who, what and the number that matters; null where nothing better than the title exists."""
    audiences: list[AudienceMatch] = Field(default_factory=list)
    """Strongest first."""
    topics: list[str] = Field(default_factory=list)
    first_published_at: AwareDatetime
    """Earliest *dated_at* of its articles."""
    first_collected_at: AwareDatetime
    last_published_at: AwareDatetime


class Membership(Model):
    """Which event an article belongs to, and why. An article belongs to one event."""

    article_id: ArticleId
    event_id: EventId
    reason: str
    by: JoinedBy = JoinedBy.MACHINE
    joined_at: AwareDatetime


class Verdict(StrEnum):
    """What an editor said of two articles."""

    TOGETHER = "together"
    APART = "apart"


class Bond(Model):
    """An editor's word on two articles: whether they tell the same event. The machine never goes against it."""

    one_id: ArticleId
    """The smaller of the two ids."""
    other_id: ArticleId
    verdict: Verdict
    decided_at: AwareDatetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """An event with its articles in order of publication: what most stages work on."""

    event: Event
    articles: tuple[Article, ...]
    memberships: tuple[Membership, ...] = ()

    @property
    def publishers(self) -> tuple[str, ...]:
        """Distinct publishers in the order in which they published."""
        return tuple(dict.fromkeys(article.publisher for article in self.articles))

    @property
    def languages(self) -> tuple[Language, ...]:
        """Distinct languages in the order in which they appeared."""
        return tuple(dict.fromkeys(article.language for article in self.articles))

    @property
    def topics(self) -> tuple[str, ...]:
        """Distinct topics of the event and of its articles, in alphabetical order."""
        return tuple(sorted({*self.event.topics, *(topic for article in self.articles for topic in article.topics)}))

    def title_in(self, language: Language) -> tuple[str, Language]:
        """Return a title with its language: the event's, or else the most central one of the articles in *language*."""
        own = (self.event.title, self.event.language)
        told = [article.title for article in self.articles if article.language == language and article.title.strip()]
        if self.event.language == language or not told:
            return own
        central = self.event.titles.get(language)  # of all its articles: a recap may be older than some of them
        return (central if central in told else told[0]), language

    @property
    def collected_in_s(self) -> float | None:
        """
        Seconds from the first publication to our first collection.

        Null where it cannot be known: the date is not given, or was clamped, or the article
        was there before its source's first successful poll (a backlog has no latency).
        """
        first = self.articles[0]
        if first.published_at is None or first.date_kind != DateKind.GIVEN:
            return None
        if first.is_date_clamped or first.is_backlog:
            return None
        return (self.event.first_collected_at - first.published_at).total_seconds()

    @property
    def founded_at(self) -> AwareDatetime:
        """When its founding article is dated; its first article where that one is gone."""
        founding = (article for article in self.articles if article.id == self.event.founding_article_id)
        return next(founding, self.articles[0]).dated_at

    @property
    def is_edited(self) -> bool:
        """Whether an editor put any of its articles here, or kept it here."""
        return any(membership.by == JoinedBy.EDITOR for membership in self.memberships)

    @property
    def content_hash(self) -> str:
        """Hash of the contents of all articles, whatever their order."""
        return digest_of(*sorted(article.content_hash for article in self.articles))


@dataclass(frozen=True, slots=True)
class Clustering:
    """What clustering decided for articles that had no event yet."""

    events: tuple[Event, ...] = ()
    """New events, and known ones whose facts changed."""
    memberships: tuple[Membership, ...] = ()
    redirects: dict[EventId, EventId] = field(default_factory=dict)
    """Merged event → the older one that it became part of."""
    restored: tuple[EventId, ...] = ()
    """Events that were merged once and stand for themselves again: their redirects end."""
    bonds: tuple[Bond, ...] = ()
    """What an editor said of pairs of articles; the last word on a pair counts."""


def event_id(founding: ArticleId) -> EventId:
    """Return the permanent id of the event that *founding* starts: `e` and ten hexadecimal digits."""
    return "e" + digest_of("event", founding, chars=10)


def split_event_id(founding: ArticleId, *, nth: int) -> EventId:
    """Return the *nth* other id for an event of *founding*, whose own id stays with an event that it was taken from."""
    return "e" + digest_of("split", founding, str(nth), chars=10)


def thread_id(founding: ArticleId) -> ThreadId:
    """Return the permanent id of the thread that *founding* starts: `t` and ten hexadecimal digits."""
    return "t" + digest_of("thread", founding, chars=10)
