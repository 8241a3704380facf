"""Sources, articles, their texts and vectors."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, func, select, update

from bot.adapters.storage import search
from bot.adapters.storage.rows import Room, chunks, columns_of, keep, models_of, rows_of, upsert
from bot.adapters.storage.tables import ARTICLES, DATED_AT, MEMBERSHIPS, SOURCE_STATES, TEXTS, VECTORS
from bot.model.article import Article, Decision, Engaged
from bot.model.source import SourceState
from bot.model.values import ArticleId, SourceSlug
from bot.ports import Vector

WITH_TEXT: Select[Any] = select(*columns_of(ARTICLES, Article), TEXTS.c.text).join(TEXTS)
"""Articles with their present texts."""
OLDEST_FIRST = (DATED_AT, ARTICLES.c.id)
_ENGAGED: Select[Any] = select(
    *(ARTICLES.c[field.name] for field in fields(Engaged) if field.name != "dated_at"), DATED_AT.label("dated_at")
)


class Sources(Room):
    """What is remembered of sources."""

    def load_source_states(self) -> dict[SourceSlug, SourceState]:
        """Return what is remembered of each source."""
        with self._database.reading() as connection:
            states = models_of(connection, select(SOURCE_STATES).order_by(SOURCE_STATES.c.slug), SourceState)
        return {state.slug: state for state in states}

    def save_source_states(self, states: Sequence[SourceState]) -> None:
        """Insert or replace *states*."""
        with self._database.writing() as connection:
            upsert(connection, SOURCE_STATES, rows_of(states, SOURCE_STATES))


class Articles(Room):
    """Articles; an edit leaves the old text under its old hash."""

    def load_known_articles(self, ids: Sequence[ArticleId]) -> dict[ArticleId, Article]:
        """Return those of *ids* that are stored."""
        found: list[Article] = []
        with self._database.reading() as connection:
            for part in chunks(ids):
                found += models_of(connection, WITH_TEXT.where(ARTICLES.c.id.in_(part)), Article)
        return {article.id: article for article in found}

    def save_collected(self, state: SourceState, decisions: Sequence[Decision]) -> None:
        """Store what one poll of one source brought, all or nothing: added and updated articles and the state."""
        changed = {each.article.id: each.article for each in decisions if each.act != "skip"}
        with self._database.writing() as connection:
            _save_texts(connection, changed.values())
            upsert(connection, ARTICLES, rows_of(changed.values(), ARTICLES))
            search.index(connection, list(changed.values()))
            upsert(connection, SOURCE_STATES, rows_of([state], SOURCE_STATES))

    def load_articles(self, *, since: datetime | None = None, until: datetime | None = None) -> list[Article]:
        """Return articles by `dated_at` in [since, until), oldest first."""
        query = dated_between(WITH_TEXT, since=since, until=until).order_by(*OLDEST_FIRST)
        with self._database.reading() as connection:
            return models_of(connection, query, Article)

    def load_engaged(self, *, since: datetime, until: datetime) -> list[Engaged]:
        """Return the articles with engagement by `dated_at` in [since, until), oldest first, without texts."""
        query = dated_between(_ENGAGED, since=since, until=until).where(ARTICLES.c.engagement != {})
        with self._database.reading() as connection:
            return [Engaged(**row) for row in connection.execute(query.order_by(*OLDEST_FIRST)).mappings()]

    def load_unjoined_articles(self) -> list[Article]:
        """Return articles that belong to no event yet, oldest first."""
        joined = select(MEMBERSHIPS.c.article_id).where(MEMBERSHIPS.c.article_id == ARTICLES.c.id).exists()
        with self._database.reading() as connection:
            return models_of(connection, WITH_TEXT.where(~joined).order_by(*OLDEST_FIRST), Article)

    def load_text(self, content_hash: str) -> str | None:
        """Return the text kept under *content_hash*, also after its article was edited."""
        with self._database.reading() as connection:
            return connection.execute(select(TEXTS.c.text).where(TEXTS.c.content_hash == content_hash)).scalar()

    def save_full_texts(self, articles: Sequence[Article]) -> None:
        """Store longer texts of known articles (text, content hash, `has_full_text`)."""
        with self._database.writing() as connection:
            known = _known(connection, articles)
            _save_texts(connection, known)
            for each in known:
                changed = {"content_hash": each.content_hash, "has_full_text": each.has_full_text}
                connection.execute(update(ARTICLES).where(ARTICLES.c.id == each.id).values(**changed))
            search.index(connection, known)


class Vectors(Room):
    """Embeddings of articles."""

    def load_vectors(self, ids: Sequence[ArticleId], *, embedder: str) -> dict[ArticleId, Vector]:
        """Return the stored vectors of *ids* made by *embedder*."""
        found: dict[ArticleId, Vector] = {}
        query = select(VECTORS.c.article_id, VECTORS.c.vector).where(VECTORS.c.embedder == embedder)
        with self._database.reading() as connection:
            for part in chunks(ids):
                for article_id, vector in connection.execute(query.where(VECTORS.c.article_id.in_(part))):
                    found[article_id] = np.frombuffer(vector, dtype="<f4").astype(np.float32)
        return found

    def save_vectors(self, vectors: Mapping[ArticleId, Vector], *, embedder: str) -> None:
        """Store *vectors*."""
        rows = [
            {"article_id": article_id, "embedder": embedder, "vector": vector.astype("<f4").tobytes()}
            for article_id, vector in vectors.items()
        ]
        with self._database.writing() as connection:
            upsert(connection, VECTORS, rows)

    def load_unembedded_articles(self, *, embedder: str, since: datetime, limit: int) -> list[Article]:
        """Return titled articles dated *since* that have no vector of *embedder*, newest first, at most *limit*."""
        made = select(VECTORS.c.article_id).where(VECTORS.c.article_id == ARTICLES.c.id, VECTORS.c.embedder == embedder)
        missing = dated_between(WITH_TEXT, since=since, until=None).where(
            ~made.exists(), func.trim(ARTICLES.c.title) != ""
        )
        newest = missing.order_by(DATED_AT.desc(), ARTICLES.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            return models_of(connection, newest, Article)


def dated_between(query: Select[Any], *, since: datetime | None, until: datetime | None) -> Select[Any]:
    """Return *query* of articles, only those of [since, until)."""
    if since is not None:
        query = query.where(DATED_AT >= since)  # noqa: SIM300  # a column, no constant
    if until is not None:
        query = query.where(DATED_AT < until)  # noqa: SIM300
    return query


def _known(connection: Connection, articles: Sequence[Article]) -> list[Article]:
    stored: set[ArticleId] = set()
    for part in chunks(article.id for article in articles):
        stored |= set(connection.execute(select(ARTICLES.c.id).where(ARTICLES.c.id.in_(part))).scalars())
    return [article for article in articles if article.id in stored]


def _save_texts(connection: Connection, articles: Iterable[Article]) -> None:
    keep(connection, TEXTS, [{"content_hash": each.content_hash, "text": each.text} for each in articles])
