"""Reads JSON Feed, which feedparser cannot."""

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias
from urllib.parse import urljoin

from bot.collect import markup
from bot.model.errors import SourceUnreadable
from bot.model.source import FeedDocument, FeedEntry, FetchedDocument

_Value: TypeAlias = "str | int | float | bool | None | Sequence[_Value] | Mapping[str, _Value]"
_Object: TypeAlias = Mapping[str, _Value]


def document(fetched: FetchedDocument, text: str) -> FeedDocument:
    """
    Return the feed that the JSON *text* holds (JSON Feed 1.0 and 1.1, also with small faults).

    Raises: SourceUnreadable where it is no JSON Feed. Source: https://www.jsonfeed.org/version/1.1/
    """
    feed = _load(fetched.source, text)
    items = feed.get("items")
    if "jsonfeed.org/version" not in _text(feed, "version") and not (isinstance(items, list) and "title" in feed):
        raise SourceUnreadable(fetched.source, "JSON, but not a JSON Feed.")
    base = _text(feed, "feed_url") or fetched.url
    listed = [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []
    refused = (len(items) if isinstance(items, list) else 0) - len(listed)
    return FeedDocument(
        format="json",
        title=markup.one_line(_text(feed, "title")),
        url=_link(base, _text(feed, "home_page_url")),
        language=_text(feed, "language") or None,
        entries=tuple(_entry(item, feed, base) for item in listed),
        warnings=(f"{refused} of its items are no objects",) if refused else (),
    )


def _load(source: str, text: str) -> _Object:
    try:
        loaded: _Value = json.loads(text, strict=False)
    except (ValueError, RecursionError) as exc:
        raise SourceUnreadable(source, f"broken JSON: {exc}.") from exc
    if not isinstance(loaded, Mapping):
        raise SourceUnreadable(source, "JSON, but not a JSON Feed.")
    return loaded


def _entry(item: _Object, feed: _Object, base: str) -> FeedEntry:
    url = _text(item, "url") or _text(item, "external_url")
    plain = _text(item, "content_text") or _text(item, "summary")
    return FeedEntry(
        guid=_text(item, "id") or None,
        url=_link(base, url),
        title=markup.one_line(_text(item, "title")),
        html=_text(item, "content_html") or markup.from_text(plain),
        published=_text(item, "date_published") or None,
        updated=_text(item, "date_modified") or None,
        authors=_authors(item) or _authors(feed),
        categories=tuple(tag.strip() for tag in _list(item, "tags") if isinstance(tag, str) and tag.strip()),
        image_url=_link(base, _text(item, "image") or _text(item, "banner_image")),
        language=_text(item, "language") or None,
    )


def _authors(holder: _Object) -> tuple[str, ...]:
    # 1.0 has one `author`, 1.1 a list of `authors`.
    listed = _list(holder, "authors") or [holder.get("author")]
    names = (_text(author, "name") if isinstance(author, Mapping) else author for author in listed)
    return tuple(name.strip() for name in names if isinstance(name, str) and name.strip())


def _text(holder: _Object, key: str) -> str:
    value = holder.get(key)
    if isinstance(value, bool):
        return ""
    # An id may be a number, though the specification asks for a string.
    return str(value) if isinstance(value, str | int | float) else ""


def _list(holder: _Object, key: str) -> Sequence[_Value]:
    value = holder.get(key)
    return value if isinstance(value, list) else []


def _link(base: str, link: str) -> str | None:
    if not link.strip():
        return None
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return None
