"""A sample source as RSS 2.0, RSS 1.0 (RDF), Atom 1.0 or JSON Feed 1.1."""

import json
from collections.abc import Callable, Sequence
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from bot.entrypoints.demo.week import SampleEntry, SampleSource

Entries = Sequence[SampleEntry]


def feed(source: SampleSource, entries: Entries) -> tuple[bytes, str]:
    """Return the feed document and its content type."""
    write, content_type = FORMATS[source.format]
    return write(source, entries).encode("utf-8"), content_type


def _rss(source: SampleSource, entries: Entries) -> str:
    items = "".join(
        f"<item><title>{escape(entry.title)}</title><link>{escape(entry.url)}</link>"
        f'<guid isPermaLink="false">{escape(entry.guid)}</guid>'
        + (f"<pubDate>{format_datetime(entry.published_at)}</pubDate>" if entry.published_at else "")
        + (f"<dc:creator>{escape(entry.author)}</dc:creator>" if entry.author else "")
        + "".join(f"<category>{escape(category)}</category>" for category in entry.categories)
        + f"<content:encoded>{escape(entry.html)}</content:encoded></item>\n"
        for entry in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{escape(source.title)}</title><link>{escape(source.link)}</link>"
        f"<description>{escape(source.title)}</description><language>{source.language}</language>\n"
        f"{items}</channel></rss>\n"
    )


def _atom(source: SampleSource, entries: Entries) -> str:
    def dates(entry: SampleEntry) -> str:
        at = entry.published_at
        return f"<published>{at.isoformat()}</published><updated>{at.isoformat()}</updated>" if at else ""

    items = "".join(
        f"<entry><id>{escape(entry.guid)}</id><title>{escape(entry.title)}</title>"
        f"<link href={quoteattr(entry.url)}/>{dates(entry)}"
        + (f"<author><name>{escape(entry.author)}</name></author>" if entry.author else "")
        + "".join(f"<category term={quoteattr(category)}/>" for category in entry.categories)
        + f'<content type="html">{escape(entry.html)}</content></entry>\n'
        for entry in entries
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        f"xml:lang={quoteattr(source.language)}><id>{escape(source.link)}</id><title>{escape(source.title)}</title>"
        f"<link href={quoteattr(source.link)}/>\n{items}</feed>\n"
    )


def _rdf(source: SampleSource, entries: Entries) -> str:
    items = "".join(
        f"<item rdf:about={quoteattr(entry.url)}><title>{escape(entry.title)}</title><link>{escape(entry.url)}</link>"
        + (f"<dc:date>{entry.published_at.isoformat()}</dc:date>" if entry.published_at else "")
        + (f"<dc:creator>{escape(entry.author)}</dc:creator>" if entry.author else "")
        + f"<content:encoded>{escape(entry.html)}</content:encoded></item>\n"
        for entry in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel rdf:about={quoteattr(source.link)}><title>{escape(source.title)}</title>"
        f"<link>{escape(source.link)}</link><dc:language>{source.language}</dc:language></channel>\n{items}</rdf:RDF>\n"
    )


def _json(source: SampleSource, entries: Entries) -> str:
    items = []
    for entry in entries:
        item: dict[str, object] = {
            "id": entry.guid,
            "url": entry.url,
            "title": entry.title,
            "content_html": entry.html,
            "tags": list(entry.categories),
        }
        if entry.published_at:
            item["date_published"] = entry.published_at.isoformat()
        if entry.author:
            item["authors"] = [{"name": entry.author}]
        items.append(item)
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": source.title,
        "home_page_url": source.link,
        "language": source.language,
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


FORMATS: dict[str, tuple[Callable[[SampleSource, Entries], str], str]] = {
    "rss": (_rss, "application/rss+xml; charset=utf-8"),
    "atom": (_atom, "application/atom+xml; charset=utf-8"),
    "rdf": (_rdf, "application/rdf+xml; charset=utf-8"),
    "json": (_json, "application/feed+json"),
}
