"""Read the pages of articles whose feed carries only a teaser, for events near a shortlist."""

from collections.abc import Iterable, Mapping

import structlog

from bot.model.article import Article
from bot.model.event import Dossier
from bot.model.source import FullTextChoice, Source
from bot.model.values import ArticleId, SourceSlug, digest_of
from bot.model.words import words
from bot.ports import FullText, Store

log = structlog.get_logger(__name__)


def read(
    dossiers: Iterable[Dossier],
    *,
    store: Store,
    full_text: FullText,
    sources: Mapping[SourceSlug, Source],
    teaser_words: int,
) -> dict[ArticleId, Article]:
    """Fetch and store the texts that are missing; return the articles that now have their full text."""
    wanted = {
        article.id: article
        for dossier in dossiers
        for article in dossier.articles
        if needs_page(article, sources.get(article.source), teaser_words=teaser_words)
    }
    texts = full_text.fetch_texts({article.id: article.url for article in wanted.values()}) if wanted else {}
    longer = {
        article_id: with_text(wanted[article_id], text)
        for article_id, text in texts.items()
        if len(text) > len(wanted[article_id].text)
    }
    if longer:
        store.save_full_texts(list(longer.values()))
    if wanted:
        log.info("pages.read", wanted=len(wanted), read=len(longer))
    return longer


def needs_page(article: Article, source: Source | None, *, teaser_words: int) -> bool:
    """Return whether the article's page should be fetched: its source says so, or its text is a teaser."""
    if article.has_full_text or not article.url or source is None:
        return False
    if source.full_text == FullTextChoice.AUTO:
        return len(words(article.text)) < teaser_words
    return source.full_text == FullTextChoice.ALWAYS


def with_text(article: Article, text: str) -> Article:
    """Return *article* with the full *text* of its page."""
    changes = {"text": text, "content_hash": digest_of(article.title, text), "has_full_text": True}
    return article.model_copy(update=changes)
