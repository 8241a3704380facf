"""Builders that name only what matters to a test."""

from datetime import UTC, datetime, timedelta

from bot.model.article import Article, DateKind
from bot.model.event import Dossier, Event, JoinedBy, Membership, event_id, thread_id
from bot.model.source import Source
from bot.model.values import digest_of

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
"""In the sample week, 2026-W47."""


def a_source(slug: str = "halden", **values: object) -> Source:
    given: dict[str, object] = {
        "slug": slug,
        "name": slug.title(),
        "url": f"https://{slug}.example/feed.xml",
        "publisher": slug.title(),
    }
    return Source.model_validate(given | values)


def an_article(title: str = "Halcyon Labs opens its weather model", **values: object) -> Article:
    source = str(values.get("source", "halden"))
    text = str(values.get("text", ""))
    given: dict[str, object] = {
        "id": digest_of(source, title),
        "source": source,
        "publisher": source.title(),
        "url": f"https://{source}.example/{digest_of(title, chars=8)}",
        "canonical_url": f"https://{source}.example/{digest_of(title, chars=8)}",
        "title": title,
        "text": text,
        "language": "en",
        "published_at": MONDAY,
        "date_kind": DateKind.GIVEN,
        "collected_at": MONDAY + timedelta(minutes=26),
        "content_hash": digest_of(title, text),
    }
    return Article.model_validate(given | values)


def a_dossier(*articles: Article, **values: object) -> Dossier:
    told = tuple(sorted(articles or (an_article(),), key=lambda article: article.dated_at))
    first = told[0]
    given: dict[str, object] = {
        "id": event_id(first.id),
        "thread_id": thread_id(first.id),
        "founding_article_id": first.id,
        "title": first.title,
        "language": first.language,
        "first_published_at": first.dated_at,
        "first_collected_at": min(article.collected_at for article in told),
        "last_published_at": told[-1].dated_at,
    }
    event = Event.model_validate(given | values)
    memberships = tuple(
        Membership(
            article_id=article.id, event_id=event.id, reason="", by=JoinedBy.MACHINE, joined_at=article.collected_at
        )
        for article in told
    )
    return Dossier(event, told, memberships)
