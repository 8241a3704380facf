"""The sample weeks as files: what each invented source publishes, and when."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML

FEED_ENTRIES = 20
"""Entries a demo feed shows at a time, newest first."""
TEASER_WORDS = 40
PAGE = (
    "<!doctype html><html><head><title>{title}</title></head>"
    "<body><article><h1>{title}</h1>{text}</article></body></html>"
)


@dataclass(frozen=True, slots=True)
class SampleEntry:
    """One article as its feed shows it at some moment."""

    guid: str
    url: str
    title: str
    html: str
    published_at: datetime | None
    author: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleSource:
    """One invented source."""

    slug: str
    format: str
    title: str
    link: str
    language: str
    is_broken: bool
    is_teaser: bool
    articles: tuple[dict[str, Any], ...]

    def entries(self, at: datetime) -> list[SampleEntry]:
        """Return what the feed shows at the moment *at*, newest first, edits included."""
        shown = [article for article in self.articles if _appears(article) <= at]
        shown.sort(key=_appears, reverse=True)
        return [self._entry(article, at) for article in shown[:FEED_ENTRIES]]

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield each article's address, without scheme and query, and its whole page."""
        for article in self.articles:
            parts = urlsplit(str(article["url"]))
            title = escape(str(article["title"]))
            yield parts.netloc + parts.path, PAGE.format(title=title, text=_html(str(article["body"])))

    def changed_at(self, at: datetime) -> datetime | None:
        """Return when the feed last changed before *at*."""
        moments = [_appears(article) for article in self.articles]
        moments += [_utc(edit["at"]) for article in self.articles for edit in article.get("revisions", [])]
        return max((moment for moment in moments if moment <= at), default=None)

    def _entry(self, article: dict[str, Any], at: datetime) -> SampleEntry:
        title, body = str(article["title"]), str(article["body"])
        for edit in article.get("revisions", []):
            if _utc(edit["at"]) <= at:
                title, body = str(edit.get("title", title)), str(edit.get("body", body))
        return SampleEntry(
            guid=str(article["guid"]),
            url=str(article["url"]),
            title=title,
            html=_teaser(body) if self.is_teaser else _html(body),
            published_at=_utc(article["published"]) if article.get("published") else None,
            author=str(article.get("author", "")),
            categories=tuple(article.get("categories", ())),
        )


def load(directory: Path, *later: Path) -> list[SampleSource]:
    """Return the sources of *directory*, one file each, with what they publish in the weeks of *later* folders."""
    return [
        _source(path, *(more for folder in later if (more := folder / path.name).exists()))
        for path in sorted(directory.glob("*.yaml"))
    ]


def load_all(demo: Path) -> list[SampleSource]:
    """Return the sources of the folder *demo* with all that they publish."""
    return load(demo / "week", demo / "week2")


def load_polls(path: Path) -> list[datetime]:
    """Return the moments of the polls, in order."""
    return [_utc(moment) for moment in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["polls"]]


def _source(path: Path, *later: Path) -> SampleSource:
    data, *more = (YAML(typ="safe").load(each.read_text(encoding="utf-8")) for each in (path, *later))
    return SampleSource(
        slug=path.stem,
        format=data["format"],
        title=data["title"],
        link=data["link"],
        language=data["language"],
        is_broken=data.get("behavior", "ok") == "broken",
        is_teaser=bool(data.get("teaser")),
        articles=tuple(article for each in (data, *more) for article in each.get("articles") or ()),
    )


def _appears(article: dict[str, Any]) -> datetime:
    return _utc(article.get("appears") or article["published"])


def _utc(value: datetime | str) -> datetime:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _html(body: str) -> str:
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", body) if part.strip()]
    return "\n".join(part if part.startswith("<") else f"<p>{part}</p>" for part in paragraphs)


def _teaser(body: str) -> str:
    words = re.sub(r"<[^>]+>", " ", body).split()
    return f"<p>{escape(' '.join(words[:TEASER_WORDS]))} …</p>"
