"""Decides what to do with an article that a poll brought."""

from bot.collect import markup
from bot.model.article import Article, DateKind, Decision
from bot.model.values import digest_of


def decide(article: Article, known: Article | None) -> Decision:
    """
    Return whether to add, update or skip *article*, given what is stored of it.

    An update keeps id, collection time, backlog mark and a full text that is longer
    than what the feed gives. Changed markup, or a changed `updated` time, of
    unchanged words is no update: some feeds write new ones into every answer.
    """
    if known is None:
        return Decision(article, "add", reason="first seen")
    merged = _merged(article, known)
    reason = _difference(merged, article, known)
    if reason is None:
        return Decision(known, "skip", reason="unchanged")
    return Decision(merged, "update", reason=reason)


def _difference(merged: Article, article: Article, known: Article) -> str | None:
    if merged.title != known.title:
        return "title changed"
    if article.text != _feed_text(known):
        return "text changed"
    if merged.published_at != known.published_at:
        return "date changed"
    if merged.engagement != known.engagement:
        return "engagement changed"
    details = ("url", "canonical_url", "publisher", "image_url", "authors", "categories", "topics")
    changed = [name for name in details if getattr(merged, name) != getattr(known, name)]
    return f"{' and '.join(changed)} changed" if changed else None


def _feed_text(known: Article) -> str:
    if not known.has_full_text:
        return known.text
    return markup.without_noise(markup.to_text(known.html))


def _merged(article: Article, known: Article) -> Article:
    values = article.model_dump() | {
        "id": known.id,
        "collected_at": known.collected_at,
        "is_backlog": known.is_backlog,
        "engagement": {**known.engagement, **article.engagement},
    }
    if known.has_full_text and len(known.text) > len(article.text):
        values |= {"text": known.text, "has_full_text": True, "content_hash": digest_of(article.title, known.text)}
    return Article.model_validate(values | _date(article, known))


def _date(article: Article, known: Article) -> dict[str, object]:
    is_news = article.date_kind == DateKind.GIVEN and not article.is_date_clamped
    if known.published_at and not is_news:
        return {name: getattr(known, name) for name in ("published_at", "date_kind", "is_date_clamped")}
    if article.published_at and article.published_at > known.collected_at:
        return {"published_at": known.collected_at, "date_kind": article.date_kind, "is_date_clamped": True}
    return {}
