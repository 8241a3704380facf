"""
Search by words: one tokenizer (the model's) feeds both databases, so that both find the same.

SQLite keeps the words in an FTS5 table, PostgreSQL in a `tsvector` under a GIN index. Neither parses anything:
both are handed lists of words that hold letters and digits only.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from sqlalchemy import Connection, TextClause, delete, func, select, text

from bot.adapters.storage.rows import Room, Row, chunks
from bot.adapters.storage.tables import ARTICLES, SEARCH_NUMBERS, TEXTS
from bot.model.article import Article
from bot.model.values import ArticleId
from bot.model.words import is_cjk, words
from bot.ports import SearchHit

_NEWEST = 1_000
"""Hits that are ranked. Common words have far more; nobody looks at the old ones."""
_COUNTED = 4
"""Hits for each event asked for, the best of the newest: some events have several."""
_RECENT = 5_000
"""Articles that are looked through one by one, before the index is asked for all."""
_MARGIN = 1.5
"""How much further back than needed we look, where words were as frequent before as they are lately."""
_MAX_CHARS = 50_000
"""Of a text; PostgreSQL refuses a tsvector over 1 MB."""
_MAX_WORD = 64
_MAX_QUERY_WORDS = 32
_MARKS = re.compile(r"[\W_]+")
_ACCENTS = dict.fromkeys(range(0x300, 0x370))
_INSERT = {
    "sqlite": text("INSERT INTO search_words (rowid, words) VALUES (:number, :words)"),
    "postgresql": text("INSERT INTO search_words (number, words) VALUES (:number, CAST(:words AS tsvector))"),
}
# CROSS JOIN keeps SQLite from starting anywhere but at the words; FTS5 hands them out newest first without a sort.
_HITS = {
    "sqlite": "(SELECT rowid AS number FROM search_words WHERE search_words MATCH :query"
    " ORDER BY rowid DESC LIMIT :newest) hits CROSS JOIN",
    "postgresql": "unnest(CAST(:numbers AS bigint[])) AS hits (number) JOIN",
}
_PLACE_IN = {"sqlite": "instr", "postgresql": "strpos"}
# The database ranks: a thousand rows would take longer to hand over than to count. To which event an article belongs
# is the dearest question: it is asked for the best only.
_RANKED = (
    "SELECT event_id, MAX(held) * 1.0 / {words} + COUNT(*) * 0.5 / (COUNT(*) + 10) AS rank, COUNT(*) AS articles"
    " FROM (SELECT hits.number AS number, article_id, {held} AS held FROM {hits} search_numbers"
    " ON search_numbers.number = hits.number ORDER BY held DESC, hits.number DESC LIMIT :counted) best"
    " CROSS JOIN memberships WHERE memberships.article_id = best.article_id"
    " GROUP BY event_id ORDER BY rank DESC, MAX(number) DESC LIMIT :limit"
)
_POSTGRESQL_RECENT = text(
    "SELECT number FROM search_words WHERE words @@ CAST(:query AS tsquery) AND number > :after"
    " ORDER BY number DESC LIMIT :newest"
)
# MATERIALIZED, or else the planner walks the whole table backwards in search of a rare word.
_POSTGRESQL = text(
    "WITH found AS MATERIALIZED"
    " (SELECT number FROM search_words WHERE words @@ CAST(:query AS tsquery) AND number > :after)"
    " SELECT number FROM found ORDER BY number DESC LIMIT :newest"
)


def words_of(*texts: str) -> list[str]:
    """
    Return the distinct words to index, in order: the model's, without accents, numbers in parts (1.9 as 1 and 9).

    Each character of Chinese, Japanese or Korean stands by itself too, so that a search for one finds it.
    """
    found: dict[str, None] = {}
    for word in _plain(*texts):
        found[word] = None
        if not word.isascii() and is_cjk(word):
            found.update(dict.fromkeys(word))
    return list(found)


def terms_of(query: str) -> list[str]:
    """Return the distinct words to look for, in order."""
    return list(_plain(query))[:_MAX_QUERY_WORDS]


def _plain(*texts: str) -> dict[str, None]:
    """Return distinct words of letters and digits only: nothing in them means anything to a query language."""
    found = (word for text in texts for word in words(_without_accents(text)))
    parts = (part for word in found for part in ((word,) if word.isalnum() else _MARKS.split(word)))
    return {part[:_MAX_WORD]: None for part in parts if part}


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).translate(_ACCENTS))


def _texts(article: Article) -> tuple[str, str, str]:
    return article.title, article.publisher, article.text[:_MAX_CHARS]


def index(connection: Connection, articles: Sequence[Article]) -> None:
    """Put *articles* into the index, or again where they were edited."""
    if not articles:
        return
    remove(connection, [article.id for article in articles])
    by_id = {article.id: article for article in articles}
    rows = [{"article_id": article.id, "title_words": _words(article.title)} for article in by_id.values()]
    inserted = SEARCH_NUMBERS.insert().returning(SEARCH_NUMBERS.c.article_id, SEARCH_NUMBERS.c.number)
    numbers = connection.execute(inserted, rows).all()
    connection.execute(
        _INSERT[connection.dialect.name],
        [{"number": number, "words": _words(*_texts(by_id[article_id]))} for article_id, number in numbers],
    )


def remove(connection: Connection, ids: Sequence[ArticleId]) -> None:
    """
    Take articles out of the index.

    SQLite's words stay behind under a number that stands for nothing (FTS5 before 3.43 cannot forget a row
    without its old words); `rebuild` clears them.
    """
    for part in chunks(ids):
        connection.execute(delete(SEARCH_NUMBERS).where(SEARCH_NUMBERS.c.article_id.in_(part)))


def rebuild(connection: Connection) -> None:
    """Build SQLite's words anew from the stored articles; PostgreSQL never needs it."""
    if connection.dialect.name != "sqlite":
        return
    connection.execute(text("INSERT INTO search_words (search_words) VALUES ('delete-all')"))
    titles = select(SEARCH_NUMBERS.c.number, ARTICLES.c.title, ARTICLES.c.publisher, TEXTS.c.text)
    kept = titles.join(ARTICLES, ARTICLES.c.id == SEARCH_NUMBERS.c.article_id).join(TEXTS)
    for part in connection.execute(kept.order_by(SEARCH_NUMBERS.c.number)).partitions(_NEWEST):
        rows = [
            {"number": number, "words": _words(title, publisher, body[:_MAX_CHARS])}
            for number, title, publisher, body in part
        ]
        connection.execute(_INSERT["sqlite"], rows)


class Search(Room):
    """Finds events by words."""

    def search_events(self, words: str, *, limit: int) -> list[SearchHit]:
        """Return events whose articles hold all *words*, best first."""
        terms = terms_of(words)
        if not terms or limit < 1:
            return []
        asked: Row = {f"word{nth}": f" {term} " for nth, term in enumerate(terms)} | {"limit": limit}
        with self._database.reading() as connection:
            asked |= _hits(connection, terms)
            ranked = _ranked(connection.dialect.name, len(terms))
            found = connection.execute(ranked, asked | {"counted": _COUNTED * limit}).all()
            if len(found) < limit and sum(articles for _, _, articles in found) == _COUNTED * limit:
                found = connection.execute(ranked, asked | {"counted": _NEWEST}).all()  # few events with many articles
        return [SearchHit(event, float(rank)) for event, rank, _ in found]


@cache
def _ranked(dialect: str, words: int) -> TextClause:
    """
    Return the statement that ranks the newest hits of so many *words*.

    By how much of the query the best title holds, then by how many articles hold it; newest first.
    """
    place = f"{_PLACE_IN[dialect]}(' ' || title_words || ' ', :word"
    held = " + ".join(f"CASE WHEN {place}{nth}) > 0 THEN 1 ELSE 0 END" for nth in range(words))
    return text(_RANKED.format(words=words, held=held, hits=_HITS[dialect]))


def _hits(connection: Connection, terms: list[str]) -> Row:
    """Return what tells the statement which hits to rank."""
    if connection.dialect.name == "sqlite":
        return {"query": " AND ".join(f'"{term}"' for term in terms), "newest": _NEWEST}
    return {"numbers": list(_newest_postgresql(connection, terms))}


def _newest_postgresql(connection: Connection, terms: list[str]) -> Sequence[int]:
    """
    Look among the newest articles first: a common word would else be fetched a million times.

    How many of them hold the words tells how far back there are enough, if they were as frequent before.
    """
    asked: Row = {"query": " & ".join(f"'{term}'" for term in terms), "newest": _NEWEST}
    last = connection.execute(select(func.max(SEARCH_NUMBERS.c.number))).scalar() or 0
    recent = connection.execute(_POSTGRESQL_RECENT, asked | {"after": last - _RECENT}).scalars().all()
    reach = int(_RECENT * _NEWEST * _MARGIN) // max(1, len(recent))
    if len(recent) < _NEWEST and reach < last:
        recent = connection.execute(_POSTGRESQL, asked | {"after": last - reach}).scalars().all()
    if len(recent) < _NEWEST:
        recent = connection.execute(_POSTGRESQL, asked | {"after": 0}).scalars().all()
    return recent


def _words(*texts: str) -> str:
    return " ".join(words_of(*texts))
