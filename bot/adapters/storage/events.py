"""Events: memberships, redirects, and dossiers put together from them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, literal, select

from bot.adapters.storage.articles import OLDEST_FIRST, WITH_TEXT, dated_between
from bot.adapters.storage.rows import Room, chunks, columns_of, insert_into, models_of, rows_of, upsert
from bot.adapters.storage.tables import ARTICLES, BONDS, DATED_AT, DIGEST_EVENTS, EVENTS, MEMBERSHIPS, REDIRECTS
from bot.model.article import Article
from bot.model.event import Bond, Clustering, Dossier, Event, JoinedBy, Membership
from bot.model.values import ArticleId, EventId, ThreadId

# Built once: a list is asked for often, and building a statement takes longer than its rows.
_EVENTS_NAMED: Select[Any] = select(EVENTS).where(EVENTS.c.id.in_(bindparam("ids", expanding=True)))
_TOLD: Select[Any] = (
    select(
        *(column for column in columns_of(ARTICLES, Article) if column.name != "html"),
        literal("").label("text"),
        MEMBERSHIPS.c.event_id,
    )
    .join(MEMBERSHIPS, MEMBERSHIPS.c.article_id == ARTICLES.c.id)
    .where(MEMBERSHIPS.c.event_id.in_(bindparam("ids", expanding=True)))
    .order_by(*OLDEST_FIRST)
)
"""Articles without what makes them long."""


class Events(Room):
    """What happened."""

    def save_clustering(self, clustering: Clustering) -> None:
        """
        Store new and changed events, memberships, redirects and bonds, all or nothing; an editor's membership stands.

        What joins an event that was merged meanwhile joins the one it became part of.
        """
        redirects = [{"event_id": merged, "target_id": into} for merged, into in clustering.redirects.items()]
        with self._database.writing() as connection:
            upsert(connection, EVENTS, rows_of(clustering.events, EVENTS))
            for part in chunks(clustering.restored):
                connection.execute(delete(REDIRECTS).where(REDIRECTS.c.event_id.in_(part)))
            upsert(connection, REDIRECTS, redirects)
            _join(connection, clustering.memberships)
            upsert(connection, BONDS, rows_of(clustering.bonds, BONDS))

    def load_shown(self, ids: Sequence[EventId]) -> frozenset[EventId]:
        """Return those of *ids* that a digest shows: frozen, sent or waiting for an editor."""
        found: set[EventId] = set()
        with self._database.reading() as connection:
            for part in chunks(ids):
                query = select(DIGEST_EVENTS.c.event_id).where(DIGEST_EVENTS.c.event_id.in_(part))
                found |= set(connection.execute(query).scalars())
        return frozenset(found)

    def load_bonds(self, ids: Sequence[ArticleId]) -> list[Bond]:
        """Return what editors said of pairs of articles, as far as one of *ids* is in it."""
        found: dict[tuple[ArticleId, ArticleId], Bond] = {}
        with self._database.reading() as connection:
            for part in chunks(ids):
                is_in = BONDS.c.one_id.in_(part) | BONDS.c.other_id.in_(part)
                for bond in models_of(connection, select(BONDS).where(is_in), Bond):
                    found[bond.one_id, bond.other_id] = bond
        return [found[pair] for pair in sorted(found)]

    def save_events(self, events: Sequence[Event]) -> None:
        """Replace the facts of known events."""
        with self._database.writing() as connection:
            upsert(connection, EVENTS, rows_of(events, EVENTS))

    def load_dossiers(self, *, since: datetime | None = None, until: datetime | None = None) -> list[Dossier]:
        """Return events with an article whose `dated_at` is in [since, until), each with all its articles."""
        told = select(MEMBERSHIPS.c.event_id).join(ARTICLES, ARTICLES.c.id == MEMBERSHIPS.c.article_id)
        merged = select(REDIRECTS.c.event_id)
        wanted = dated_between(told, since=since, until=until).where(MEMBERSHIPS.c.event_id.not_in(merged))
        with self._database.reading() as connection:
            return _dossiers(connection, wanted)

    def load_dossiers_by_id(self, ids: Sequence[EventId]) -> list[Dossier]:
        """Return the events of *ids* in that order, each once; redirects are followed, unknown ids left out."""
        found: dict[EventId, Dossier] = {}
        with self._database.reading() as connection:
            targets = resolved(connection, ids)
            for part in chunks(targets):
                found |= {dossier.event.id: dossier for dossier in _dossiers(connection, part)}
        return [found[target] for target in dict.fromkeys(targets) if target in found]

    def load_outlines(self, ids: Sequence[EventId]) -> list[Dossier]:
        """Return the events of *ids* in that order, their articles without texts; those without any are left out."""
        events: dict[EventId, Event] = {}
        told: dict[EventId, list[Article]] = defaultdict(list)
        with self._database.reading() as connection:
            for part in chunks(ids):
                events |= {event.id: event for event in models_of(connection, _EVENTS_NAMED, Event, ids=part)}
                for row in connection.execute(_TOLD, {"ids": part}).mappings():
                    values = dict(row)
                    told[values.pop("event_id")].append(Article.model_validate(values))
        return [Dossier(events[event], tuple(told[event])) for event in dict.fromkeys(ids) if event in told]

    def load_most_told(self, *, since: datetime, limit: int) -> list[EventId]:
        """Return events with articles of *since* or later, those of most publishers first, then the latest."""
        publishers = func.count(ARTICLES.c.publisher.distinct())
        told = select(MEMBERSHIPS.c.event_id).join(ARTICLES, ARTICLES.c.id == MEMBERSHIPS.c.article_id)
        wanted = dated_between(told, since=since, until=None).group_by(MEMBERSHIPS.c.event_id)
        first = (publishers.desc(), func.max(DATED_AT).desc(), MEMBERSHIPS.c.event_id)
        with self._database.reading() as connection:
            return list(connection.execute(wanted.order_by(*first).limit(limit)).scalars())

    def load_thread(self, thread: ThreadId) -> list[Dossier]:
        """Return the events of *thread*, oldest first."""
        merged = select(REDIRECTS.c.event_id)
        wanted = select(EVENTS.c.id).where(EVENTS.c.thread_id == thread, EVENTS.c.id.not_in(merged))
        with self._database.reading() as connection:
            return _dossiers(connection, wanted)

    def load_merged_from(self, thread: ThreadId) -> list[Dossier]:
        """Return what those events of *thread* have become that were merged into others, each once."""
        merged = select(EVENTS.c.id).join(REDIRECTS, REDIRECTS.c.event_id == EVENTS.c.id)
        with self._database.reading() as connection:
            gone = connection.execute(merged.where(EVENTS.c.thread_id == thread).order_by(EVENTS.c.id)).scalars().all()
        return self.load_dossiers_by_id(gone)


def _join(connection: Connection, memberships: Sequence[Membership]) -> None:
    """Move articles into events; what an editor decided, only an editor changes."""
    if not memberships:
        return
    statement = insert_into(connection, MEMBERSHIPS)
    new = statement.excluded
    moved = statement.on_conflict_do_update(
        index_elements=["article_id"],
        set_={name: new[name] for name in ("event_id", "reason", "by", "joined_at")},
        where=(MEMBERSHIPS.c.by != JoinedBy.EDITOR) | (new.by == JoinedBy.EDITOR),
    )
    joined = {membership.event_id for membership in memberships}
    target_of = dict(zip(joined, resolved(connection, list(joined)), strict=True))
    rows = rows_of(memberships, MEMBERSHIPS)
    connection.execute(moved, [row | {"event_id": target_of[row["event_id"]]} for row in rows])


def _dossiers(connection: Connection, wanted: Select[Any] | list[EventId]) -> list[Dossier]:
    """Return the events of *wanted* that have articles, oldest first."""
    oldest = (EVENTS.c.first_published_at, EVENTS.c.id)
    events = models_of(connection, select(EVENTS).where(EVENTS.c.id.in_(wanted)).order_by(*oldest), Event)
    joins = models_of(connection, select(MEMBERSHIPS).where(MEMBERSHIPS.c.event_id.in_(wanted)), Membership)
    told = WITH_TEXT.join(MEMBERSHIPS, MEMBERSHIPS.c.article_id == ARTICLES.c.id)
    articles = models_of(connection, told.where(MEMBERSHIPS.c.event_id.in_(wanted)).order_by(*OLDEST_FIRST), Article)
    membership_of = {membership.article_id: membership for membership in joins}
    by_event: dict[EventId, list[Article]] = defaultdict(list)
    for article in articles:
        by_event[membership_of[article.id].event_id].append(article)
    return [
        Dossier(event, tuple(held), tuple(membership_of[article.id] for article in held))
        for event in events
        if (held := by_event.get(event.id))
    ]


def resolved(connection: Connection, ids: Sequence[EventId]) -> list[EventId]:
    """Return what each of *ids* has become, in order; a ring of redirects ends where it began."""
    next_of: dict[EventId, EventId] = {}
    pending = list(ids)
    while pending:
        found: dict[EventId, EventId] = {}
        for part in chunks(pending):
            query = select(REDIRECTS.c.event_id, REDIRECTS.c.target_id).where(REDIRECTS.c.event_id.in_(part))
            found |= {row.event_id: row.target_id for row in connection.execute(query)}
        pending = [target for target in found.values() if target not in next_of and target not in found]
        next_of |= found
    return [_last(event, next_of) for event in ids]


def _last(event: EventId, next_of: dict[EventId, EventId]) -> EventId:
    seen = {event}
    while (target := next_of.get(event)) and target not in seen:
        seen.add(target)
        event = target
    return event
