"""OPML in and out, and new entries of sources.yaml."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

import typer

from bot.model.source import Source


@dataclass(frozen=True, slots=True)
class OpmlSources:
    """What an OPML file held."""

    sources: list[Source]
    refused: list[str]
    """A line for each outline that was left out, and why."""


def dump(sources: Sequence[Source]) -> str:
    """Return *sources* as an OPML 2.0 document."""
    outlines = "".join(
        f'    <outline type="rss" text={quoteattr(source.name)} xmlUrl={quoteattr(source.url)}/>\n'
        for source in sources
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head><title>Recap sources</title></head>\n'
    return f"{head}  <body>\n{outlines}  </body>\n</opml>\n"


def load(document: bytes, *, name: str, known: Sequence[Source]) -> OpmlSources:
    """
    Return the feeds of an OPML *document* that are not *known* yet; nested outlines are flattened.

    Raises: typer.BadParameter where it is no OPML.
    """
    if b"<!DOCTYPE" in document or b"<!ENTITY" in document:
        raise typer.BadParameter(f"{name}: OPML with a document type is not read; take the <!DOCTYPE> out.")
    try:
        root = ET.fromstring(document)  # noqa: S314  # entities are refused above
    except ET.ParseError as exc:
        raise typer.BadParameter(f"{name}:{exc.position[0]}:{exc.position[1]}: not XML ({exc}).") from exc
    found: list[Source] = []
    refused: list[str] = []
    for outline in root.iter("outline"):
        url = outline.get("xmlUrl")
        if not url:
            continue
        try:
            found.append(source(url, name=outline.get("title") or outline.get("text"), known=[*known, *found]))
        except typer.BadParameter as exc:
            refused.append(str(exc.message))
    return OpmlSources(found, refused)


def source(url: str, *, name: str | None, known: Sequence[Source]) -> Source:
    """Return a new source for *url* with a slug of its own. Raises: typer.BadParameter."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise typer.BadParameter(f"'{url}' is not a feed's address; it begins with http:// or https://.")
    for other in known:
        if other.url == url:
            raise typer.BadParameter(f"'{url}' is source '{other.slug}' already.")
    called = (name or parts.hostname).strip()
    taken = {other.slug for other in known}
    stem = re.sub(r"[^a-z0-9]+", "-", called.lower()).strip("-") or re.sub(r"[^a-z0-9]+", "-", parts.hostname)
    slug, count = stem, 2
    while slug in taken:
        slug, count = f"{stem}-{count}", count + 1
    return Source(slug=slug, name=called, url=url, publisher=called)


def as_yaml(entry: Source) -> str:
    """Return *entry* as an item of sources.yaml's list. JSON strings are YAML strings."""
    return (
        f"  - slug: {entry.slug}\n    name: {json.dumps(entry.name, ensure_ascii=False)}\n"
        f"    url: {json.dumps(entry.url)}\n"
    )
