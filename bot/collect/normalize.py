"""Turns an entry of a feed into an article: identity, clean texts, honest dates."""

import re
from datetime import datetime

from bot.collect import dates, links, markup
from bot.model.article import Article, DateKind
from bot.model.source import FeedDocument, FeedEntry, Source
from bot.model.values import ArticleId, Language, digest_of

_MAX_TITLE_WORDS = 14
"""Of a title made from the text."""
_MAX_TITLE_CHARS = 300
_MAX_LABELS = 30
_THREE_LETTERS = {
    "eng": "en", "zho": "zh", "chi": "zh", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it",
    "jpn": "ja", "kor": "ko", "rus": "ru", "por": "pt", "nld": "nl", "dut": "nl", "pol": "pl", "swe": "sv", "cmn": "zh",
    "english": "en", "chinese": "zh", "german": "de", "french": "fr", "spanish": "es", "japanese": "ja",
}  # fmt: skip
_FIRST_IMAGE = re.compile(r"<img\b(?P<attributes>(?:[^<>\"]|\"[^\"]*\")*)>")
_SRC = re.compile(r'\bsrc="(https?://[^"]+)"')
_PIXEL = re.compile(r'\b(?:width|height)="[01](?:px)?"')


def canonical_url(url: str) -> str:
    """Return the address under which *url* is known, without trackers and redirectors; see `links`."""
    return links.canonical_url(url)


def is_empty(entry: FeedEntry) -> bool:
    """Return whether *entry* says nothing: no title, no text and no link."""
    return not (entry.title.strip() or entry.url or markup.to_text(entry.html) or "<img" in entry.html)


def article(
    entry: FeedEntry, source: Source, *, feed: FeedDocument, collected_at: datetime, is_backlog: bool
) -> Article:
    """
    Return the article that *entry* of *feed* is.

    An entry without title is named by the first words of its text, or by its link.
    *language* is what source or feed say, else `und`.
    """
    html, text = markup.safe_and_text(markup.clean(entry.html))
    text = markup.without_noise(text)
    url = _link(entry)
    canonical = links.canonical_url(url) if url else ""
    title = _title(entry, text, canonical)
    told = _published(entry, collected_at)
    updated = dates.parse(entry.updated, guess=None, collected_at=collected_at)
    return Article(
        id=article_id(entry, source, feed=feed),
        source=source.slug,
        publisher=source.publisher,
        guid=entry.guid,
        url=url,
        canonical_url=canonical,
        title=title,
        text="" if text == title else text,
        html=html,
        authors=_labels(entry.authors),
        language=_language(source.language) or _language(entry.language) or _language(feed.language) or "und",
        published_at=told.at,
        date_kind=told.kind,
        is_date_clamped=told.is_clamped,
        updated_at=updated.at,
        collected_at=collected_at,
        is_backlog=is_backlog,
        image_url=_image(entry, html),
        categories=_labels(entry.categories),
        topics=list(source.topics),
        engagement=dict(entry.engagement),
        content_hash=digest_of(title, "" if text == title else text),
    )


def article_id(entry: FeedEntry, source: Source, *, feed: FeedDocument) -> ArticleId:
    """
    Return the id of *entry*: a digest of the source and the guid, else of the canonical URL, else of the content.

    A guid or URL that entries of *feed* with other titles share names none of them.
    """
    if entry.guid and not _is_shared(entry, feed, by_guid=True):
        return digest_of(source.slug, entry.guid)
    url = _link(entry)
    if url and not _is_shared(entry, feed, by_guid=False):
        return digest_of(source.slug, links.canonical_url(url))
    return digest_of(source.slug, url, entry.title, markup.to_text(entry.html) if not entry.title else "")


def _is_shared(entry: FeedEntry, feed: FeedDocument, *, by_guid: bool) -> bool:
    if by_guid:
        return any(
            other.guid == entry.guid and other.url != entry.url and other.title != entry.title for other in feed.entries
        )
    return any(other.url == entry.url and other.title != entry.title for other in feed.entries)


def _link(entry: FeedEntry) -> str:
    for link in (entry.url, entry.guid):
        text = markup.one_line(markup.clean(link or "")).replace(" ", "%20")
        if links.is_web(text):
            return text
    return ""


def _title(entry: FeedEntry, text: str, canonical: str) -> str:
    title = markup.one_line(markup.clean(entry.title))
    if not title:
        title = _first_words(text) or canonical or "Untitled"
    return title if len(title) <= _MAX_TITLE_CHARS else f"{title[: _MAX_TITLE_CHARS - 1].rstrip()}…"


def _first_words(text: str) -> str:
    line = text.partition("\n")[0]
    sentence = re.split(r"(?<=[.!?])\s|(?<=[。!?])", line)[0]
    words = sentence.split()
    short = " ".join(words[:_MAX_TITLE_WORDS])[:120]
    return short if short == sentence else f"{short.rstrip(' ,;:')}…"


def _published(entry: FeedEntry, collected_at: datetime) -> dates.ParsedDate:
    told = dates.parse(entry.published, guess=entry.guessed_published_at, collected_at=collected_at)
    if told.at is not None:
        return told
    changed = dates.parse(entry.updated, guess=None, collected_at=collected_at)
    # When it last changed is at best near the time it was published.
    return dates.ParsedDate(changed.at, DateKind.GUESSED if changed.at else DateKind.MISSING, changed.is_clamped)


def _language(hint: str | None) -> Language | None:
    first = re.split(r"[-_;, ]", (hint or "").strip().lower())[0]
    code = _THREE_LETTERS.get(first, first)
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def _labels(names: tuple[str, ...]) -> list[str]:
    cleaned = (markup.one_line(markup.clean(name)) for name in names)
    return [name for name in dict.fromkeys(cleaned) if name][:_MAX_LABELS]


def _image(entry: FeedEntry, html: str) -> str | None:
    given = markup.clean(entry.image_url or "").strip()
    if links.is_web(given):
        return given
    for found in _FIRST_IMAGE.finditer(html):
        src = _SRC.search(found["attributes"])
        if src and not _PIXEL.search(found["attributes"]):
            return src[1].replace("&amp;", "&")
    return None
