"""Turns a fetched document into a feed: bytes in, entries out."""

import calendar
import io
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urljoin

import feedparser
from feedparser.urls import resolve_relative_uris

from bot.collect import charset, discover, jsonfeed, links, markup
from bot.model.errors import SourceUnreadable
from bot.model.source import FeedDocument, FeedEntry, FetchedDocument

Parsed = Mapping[str, object]
"""feedparser's dictionary, of a feed or an entry."""

_RELATIVE = re.compile(r"""\s(?:href|src)\s*=\s*["']?\s*(?!["'\s]|[a-zA-Z][a-zA-Z0-9+.-]*:|#)""", re.IGNORECASE)
_PERIODS_S = {"hourly": 3600.0, "daily": 86400.0, "weekly": 604800.0, "monthly": 2592000.0, "yearly": 31536000.0}
_HNRSS = re.compile(r"<p>(Points|# Comments):\s*(\d+)</p>")


def document(fetched: FetchedDocument) -> FeedDocument:
    """
    Return the feed that *fetched* holds: RSS, RDF, Atom or JSON Feed.

    Raises: SourceUnreadable, with the reason in words, where it holds none.
    """
    if fetched.parts:
        return _merged(fetched)
    if not fetched.body.strip():
        raise SourceUnreadable(fetched.source, "It is an empty document.")
    # No XML may begin with white space, and feedparser's patterns take for ever over much of it.
    text = charset.decode(fetched.body, content_type=fetched.content_type).lstrip()
    if text[:1] in ("{", "["):
        return jsonfeed.document(fetched, text)
    parsed = _feedparser(text)
    entries: Sequence[Parsed] = parsed["entries"]  # type: ignore[assignment]  # a list in every answer
    feed: Parsed = parsed["feed"]  # type: ignore[assignment]  # a dictionary in every answer
    if not parsed.get("version") and not entries:
        raise SourceUnreadable(fetched.source, _why_not(text, fetched.url))
    form = str(parsed.get("version") or "unknown")
    return FeedDocument(
        format=form,
        title=_line(feed, "title"),
        url=_absolute(fetched.url, _text(feed, "link")),
        language=_text(feed, "language") or None,
        ttl_s=_ttl_s(feed),
        entries=tuple(_entry(entry, base=fetched.url, form=form) for entry in entries),
        warnings=_warnings(parsed),
    )


def _merged(directory: FetchedDocument) -> FeedDocument:
    """Return the feeds of all files as one; a file that is no feed becomes a warning."""
    feeds: list[FeedDocument] = []
    warnings: list[str] = []
    for part in directory.parts:
        try:
            feeds.append(document(part))
        except SourceUnreadable as exc:
            warnings.append(f"{part.url}: {exc.detail}")
    if not feeds:
        raise SourceUnreadable(directory.source, "; ".join(warnings))
    return replace(
        feeds[0],
        entries=tuple(entry for feed in feeds for entry in feed.entries),
        warnings=tuple(warnings) + tuple(warning for feed in feeds for warning in feed.warnings),
    )


def _feedparser(text: str) -> Parsed:
    # Bytes in a stream: feedparser opens strings as URLs and file names.
    stream = io.BytesIO(charset.without_entities(text).encode("utf-8", "replace"))
    # No content-location: feedparser would resolve guids against it, and they would change when a feed moves.
    headers = {"content-type": "application/xml; charset=utf-8"}
    parsed: Parsed = feedparser.parse(
        stream, sanitize_html=False, resolve_relative_uris=False, response_headers=headers
    )
    return parsed


def _why_not(text: str, url: str) -> str:
    start = text[:2000].lower()
    if "<html" in start or "<!doctype html" in start:
        named = discover.feeds(text, url=url)
        return (
            f"It is an HTML page, not a feed; it names a feed: {named[0]}"
            if named
            else "It is an HTML page, not a feed."
        )
    if "<opml" in start:
        return "It is an OPML list of feeds, not a feed."
    if "<urlset" in start or "<sitemapindex" in start:
        return "It is a sitemap, not a feed."
    if text.startswith("<"):
        return "It is XML, but not a feed."
    return "It is neither XML nor JSON."


def _warnings(parsed: Parsed) -> tuple[str, ...]:
    if not parsed.get("bozo"):
        return ()
    return (f"not well-formed: {markup.one_line(str(parsed.get('bozo_exception')))}",)


def _entry(entry: Parsed, *, base: str, form: str) -> FeedEntry:
    published, updated = _dates(entry, form=form)
    html, language = _richest(entry, base=base, form=form)
    guid = _text(entry, "id")
    link = _text(entry, "link")
    # Without a link, feedparser takes a guid that does not say otherwise for one, also `4711`.
    if link == guid and not links.is_web(link):
        link = ""
    return FeedEntry(
        guid=guid or None,
        url=_absolute(base, link),
        title=_line(entry, "title"),
        html=html,
        published=published,
        updated=updated,
        guessed_published_at=_guess(entry, published),
        authors=_authors(entry),
        categories=_categories(entry),
        image_url=_absolute(base, _image(entry)),
        language=language,
        engagement=_engagement(entry, html),
    )


def _dates(entry: Parsed, *, form: str) -> tuple[str | None, str | None]:
    published = _text(entry, "published") or _text(entry, "created")
    updated = _text(entry, "updated")
    # RSS 1.0 dates its items by dc:date alone, which feedparser files under "updated".
    if not published and form.startswith("rss"):
        published, updated = updated, ""
    return published or None, updated or None


def _guess(entry: Parsed, published: str | None) -> datetime | None:
    key = next((name for name in ("published", "created", "updated") if _text(entry, name) == published), "")
    parsed = dict.get(entry, f"{key}_parsed") if isinstance(entry, dict) else None
    if not isinstance(parsed, time.struct_time):
        return None
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError):
        return None


def _richest(entry: Parsed, *, base: str, form: str) -> tuple[str, str | None]:
    details = [*_dicts(entry, "content"), *_dicts(entry, "summary_detail"), *_dicts(entry, "subtitle_detail")]
    if not details and _text(entry, "summary"):
        details = [{"value": _text(entry, "summary"), "type": "text/html"}]
    readable = [detail for detail in details if "text" in _text(detail, "type") or "html" in _text(detail, "type")]
    best = max(readable, key=lambda detail: len(_text(detail, "value")), default=None)
    if best is None:
        return "", None
    value = _text(best, "value")
    if _text(best, "type") == "text/plain" and (form.startswith("atom") or not markup.is_markup(value)):
        return markup.from_text(value), _text(best, "language") or None
    if _RELATIVE.search(value):
        value = resolve_relative_uris(value, urljoin(base, _text(best, "base")), "utf-8", "text/html")
    return value, _text(best, "language") or None


def _authors(entry: Parsed) -> tuple[str, ...]:
    names = [_text(author, "name") or _text(author, "email") for author in _dicts(entry, "authors")]
    names = [name for name in names if name] or [_text(entry, "author")]
    return tuple(dict.fromkeys(markup.to_line(name) for name in names if name.strip()))


def _categories(entry: Parsed) -> tuple[str, ...]:
    names = (_text(tag, "label") or _text(tag, "term") for tag in _dicts(entry, "tags"))
    return tuple(dict.fromkeys(markup.to_line(name) for name in names if name.strip()))


def _image(entry: Parsed) -> str:
    for media in _dicts(entry, "media_content"):
        if _text(media, "medium") == "image" or _text(media, "type").startswith("image/"):
            return _text(media, "url")
    for media in _dicts(entry, "media_thumbnail"):
        return _text(media, "url")
    for link in _dicts(entry, "links"):
        if _text(link, "rel") == "enclosure" and _text(link, "type").startswith("image/"):
            return _text(link, "href")
    return next((_text(image, "href") for image in _dicts(entry, "image")), "")


def _engagement(entry: Parsed, html: str) -> dict[str, int]:
    counts = {"comments": _text(entry, "slash_comments") or _text(entry, "thr_total")}
    counts |= {"views": next((_text(stats, "views") for stats in _dicts(entry, "media_statistics")), "")}
    # Source: hnrss.org writes both numbers into the description.
    counts |= {"points" if name == "Points" else "comments": number for name, number in _HNRSS.findall(html)}
    return {name: int(number) for name, number in counts.items() if number.isascii() and number.isdigit()}


def _ttl_s(feed: Parsed) -> float | None:
    minutes = _text(feed, "ttl")
    if minutes.isascii() and minutes.isdigit():
        return int(minutes[:6]) * 60.0
    period = _PERIODS_S.get(_text(feed, "sy_updateperiod").lower())
    frequency = _text(feed, "sy_updatefrequency")
    if period is None:
        return None
    return period / max(1, int(frequency[:4]) if frequency.isascii() and frequency.isdigit() else 1)


def _line(holder: Parsed, key: str) -> str:
    value = _text(holder, key)
    kind = next((_text(detail, "type") for detail in _dicts(holder, f"{key}_detail")), "text/plain")
    return markup.one_line(value) if kind == "text/plain" else markup.to_line(value)


def _text(holder: Parsed, key: str) -> str:
    # dict.get, because feedparser's own looks for near names ("updated" for "published").
    value = dict.get(holder, key) if isinstance(holder, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _dicts(holder: Parsed, key: str) -> list[Parsed]:
    value = dict.get(holder, key) if isinstance(holder, dict) else None
    listed = value if isinstance(value, list) else [value]
    return [part for part in listed if isinstance(part, dict)]


def _absolute(base: str, link: str) -> str | None:
    if not link:
        return None
    try:
        return urljoin(base, link)
    except ValueError:
        return None
