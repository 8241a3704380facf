"""
Search by words: one tokenizer feeds both databases, so that both find the same.

SQLite keeps the words in an FTS5 table, PostgreSQL in a `tsvector` under a GIN index. Neither parses anything:
both are handed lists of words that hold letters and digits only.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import BigInteger, Connection, column, delete, select, text

from bot.adapters.storage.rows import Room, chunks
from bot.adapters.storage.tables import ARTICLES, MEMBERSHIPS, SEARCH_NUMBERS, TEXTS
from bot.model.article import Article
from bot.model.values import ArticleId, EventId
from bot.ports import SearchHit

_NEWEST = 1_000
"""Hits that are ranked. Common words have far more; nobody looks at the old ones."""
_MAX_CHARS = 50_000
"""Of a text; PostgreSQL refuses a tsvector over 1 MB."""
_MAX_WORD = 64
_MAX_QUERY_WORDS = 32
_CJK = r"\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff々〇"
_WORD = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")
_ACCENTS = dict.fromkeys(range(0x300, 0x370))


def words_of(text: str) -> Iterator[str]:
    """
    Yield the words to index: lower case without accents; runs of CJK as overlapping pairs.

    The last character of a run stands by itself too, so that a search for one character, which looks for
    beginnings of words, finds it anywhere in the run.
    """
    for run in _runs(text):
        if _IS_CJK.match(run):
            yield from _pairs(run)
            yield run[-1]
        else:
            yield run[:_MAX_WORD]


def terms_of(query: str) -> list[str]:
    """Return the distinct words to look for, in order; one CJK character ends with `*`: as a beginning."""
    terms: dict[str, None] = {}
    for run in _runs(query):
        found = (_pairs(run) if len(run) > 1 else [run + "*"]) if _IS_CJK.match(run) else [run[:_MAX_WORD]]
        terms.update(dict.fromkeys(found))
    return list(terms)[:_MAX_QUERY_WORDS]


def _runs(text: str) -> list[str]:
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKC", folded).casefold()
        bare = unicodedata.normalize("NFD", folded).translate(_ACCENTS)
        folded = unicodedata.normalize("NFC", bare)
    return _WORD.findall(folded)


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)]


def index(connection: Connection, articles: Sequence[Article]) -> None:
    """Put *articles* into the index, or again where they were edited."""
    if not articles:
        return
    remove(connection, [article.id for article in articles])
    by_id = {article.id: article for article in articles}
    rows = [{"article_id": article.id, "title_words": _line(article.title)} for article in by_id.values()]
    inserted = SEARCH_NUMBERS.insert().returning(SEARCH_NUMBERS.c.article_id, SEARCH_NUMBERS.c.number)
    numbers = connection.execute(inserted, rows).all()
    connection.execute(
        _INSERT[connection.dialect.name],
        [{"number": number, "words": _words(by_id[article_id])} for article_id, number in numbers],
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
            {"number": number, "words": _line(title, publisher, body[:_MAX_CHARS])}
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
        with self._database.reading() as connection:
            found = _found(connection, terms)
        return _ranked(found, terms)[:limit]


def _found(connection: Connection, terms: list[str]) -> list[tuple[EventId, list[str]]]:
    """Return event and title of each hit, newest first."""
    dialect = connection.dialect.name
    hits = _NEWEST_HITS[dialect].columns(column("number", BigInteger)).cte("hits")
    told = select(MEMBERSHIPS.c.event_id, SEARCH_NUMBERS.c.title_words)
    joined = told.join(SEARCH_NUMBERS, SEARCH_NUMBERS.c.article_id == MEMBERSHIPS.c.article_id)
    query = joined.join(hits, hits.c.number == SEARCH_NUMBERS.c.number).order_by(hits.c.number.desc())
    rows = connection.execute(query, {"query": _QUERY[dialect](terms), "newest": _NEWEST})
    return [(event, title_words.split()) for event, title_words in rows]


def _ranked(found: list[tuple[EventId, list[str]]], terms: list[str]) -> list[SearchHit]:
    """Rank by how much of the query the best title holds, then by how many articles hold it; newest first."""
    titles: dict[EventId, list[list[str]]] = defaultdict(list)
    for event, title in found:
        titles[event].append(title)
    hits = [
        SearchHit(event, max(_share(title, terms) for title in held) + math.log1p(len(held)) / 10)
        for event, held in titles.items()
    ]
    return sorted(hits, key=lambda hit: -hit.rank)


def _share(title: list[str], terms: list[str]) -> float:
    return sum(_holds(title, term) for term in terms) / len(terms)


def _holds(title: list[str], term: str) -> bool:
    if term.endswith("*"):
        return any(word.startswith(term[0]) for word in title)
    return term in title


def _words(article: Article) -> str:
    return _line(article.title, article.publisher, article.text[:_MAX_CHARS])


def _line(*texts: str) -> str:
    """Return the distinct words of *texts*, in order of appearance, parted by spaces."""
    return " ".join(dict.fromkeys(word for each in texts for word in words_of(each)))


def _fts5(terms: list[str]) -> str:
    return " AND ".join(f'"{term[0]}"*' if term.endswith("*") else f'"{term}"' for term in terms)


def _tsquery(terms: list[str]) -> str:
    return " & ".join(f"'{term[0]}':*" if term.endswith("*") else f"'{term}'" for term in terms)


_QUERY = {"sqlite": _fts5, "postgresql": _tsquery}
_INSERT = {
    "sqlite": text("INSERT INTO search_words (rowid, words) VALUES (:number, :words)"),
    "postgresql": text("INSERT INTO search_words (number, words) VALUES (:number, CAST(:words AS tsvector))"),
}
_NEWEST_HITS = {
    "sqlite": text(
        "SELECT rowid AS number FROM search_words WHERE search_words MATCH :query ORDER BY rowid DESC LIMIT :newest"
    ),
    # MATERIALIZED, or else the planner walks the whole table backwards in search of a rare word.
    "postgresql": text(
        "WITH found AS MATERIALIZED (SELECT number FROM search_words WHERE words @@ CAST(:query AS tsquery))"
        " SELECT number FROM found ORDER BY number DESC LIMIT :newest"
    ),
}
