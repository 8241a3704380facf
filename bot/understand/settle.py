"""What becomes of a group of articles: the event's facts and title, and why each article is in it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import numpy as np

from bot.model.article import Article
from bot.model.event import Event, JoinedBy, Membership, event_id, thread_id
from bot.model.values import Language
from bot.understand import graph, likeness
from bot.understand.graph import Scene
from bot.understand.likeness import Floats

_SHOWN = 4
_UNITS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def event_of(scene: Scene, group: Sequence[int], *, now: datetime) -> tuple[Event, list[Membership]]:
    """Return the event of the rows *group* and the memberships of its new articles, by date."""
    rows = sorted(group, key=lambda row: (scene.articles[row].dated_at, scene.articles[row].id))
    owner = next((scene.owners[row] for row in sorted(rows) if row < scene.first_new), None)
    alike = likeness.chances(scene.compared, np.array(rows))
    articles = [scene.articles[row] for row in rows]
    event = _with_facts(None if owner is None else scene.known[owner].event, articles, _title_of(articles, alike))
    memberships = [
        Membership(
            article_id=scene.articles[row].id,
            event_id=event.id,
            reason="first report" if event.founding_article_id == scene.articles[row].id else reason(scene, rows, row),
            by=JoinedBy.MACHINE,
            joined_at=now,
        )
        for row in rows
        if row >= scene.first_new
    ]
    return event, memberships


def reason(scene: Scene, rows: Sequence[int], row: int) -> str:
    """Return in one line why *row* stands with the other *rows* (by date): its likest, if possible earlier one."""
    place = list(rows).index(row)
    partners = np.array(rows[:place] or rows[place + 1 :])
    chances = likeness.chances_with(scene.compared, row, partners)
    partner, chance = int(partners[chances.argmax()]), float(chances.max())
    one, other = scene.articles[row], scene.articles[partner]
    if graph.is_same_page(one, other):
        return f"same page as {other.source}"
    if graph.is_copy(one, other):
        return f"same text as {other.source}"
    words = scene.compared.words.shared(row, partner) if one.language == other.language else []
    names = scene.compared.names.shared(row, partner)
    shown = [word for word in words if " " not in word] or [_shown(name) for name in names]
    told = "words" if words else "names"
    if shown:
        return f"same {told} as {other.source}: {', '.join(shown[:_SHOWN])} ({chance:.2f})"
    return f"same meaning as {other.source} ({chance:.2f})"


def _with_facts(known: Event | None, articles: Sequence[Article], central: Article) -> Event:
    founding = known.founding_article_id if known else articles[0].id
    facts = {
        "title": central.title,
        "language": central.language,
        "topics": _topics(articles),
        "first_published_at": articles[0].dated_at,
        "first_collected_at": min(article.collected_at for article in articles),
        "last_published_at": articles[-1].dated_at,
    }
    if known:
        return known.model_copy(update=facts)
    ids = {"id": event_id(founding), "thread_id": thread_id(founding), "founding_article_id": founding}
    return Event.model_validate(ids | facts)


def _title_of(articles: Sequence[Article], alike: Floats) -> Article:
    """Return the article liker the others than any, in the language of most articles; ties to the earliest."""
    counts = Counter(article.language for article in articles)
    language: Language = max(counts, key=lambda code: counts[code])
    centrality = np.round(alike.sum(axis=1), 4)
    candidates = [place for place, article in enumerate(articles) if article.language == language and article.title]
    return articles[max(candidates, key=lambda place: (centrality[place], -place))] if candidates else articles[0]


def _topics(articles: Sequence[Article]) -> list[str]:
    counts = Counter(topic for article in articles for topic in dict.fromkeys(article.topics))
    return sorted(counts, key=lambda topic: (-counts[topic], topic))


def _shown(name: str) -> str:
    if not name.startswith("#"):
        return name
    value = float(name[1:])
    for unit, word in _UNITS:
        if value >= unit:
            return f"{value / unit:g} {word}"
    return f"{value:g}"
