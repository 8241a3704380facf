"""What becomes of a group of articles: the event's facts and title, and why each article is in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bot.model.article import Article
from bot.model.event import Event, JoinedBy, Membership, event_id, thread_id
from bot.model.values import Language
from bot.understand import entities, graph, likeness, phrases
from bot.understand.graph import Scene
from bot.understand.likeness import Floats

_SHOWN = 4
_WITNESSES = 50
"""Articles of an event, the earliest, that all of it is compared with."""
_ABOUT_AS_CENTRAL = 0.9
"""Of the most central title's likeness to the others: chances near 1 differ by noise alone."""
_UNITS = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


@dataclass(frozen=True, slots=True)
class _Group:
    """The rows of one event by date, and how like each is to the first of them."""

    rows: list[int]
    alike: Floats
    """A row per article, a column per witness (the first articles); 0 with itself."""


Settled = tuple[Event, list[Membership]]


def events(
    scene: Scene, groups: Sequence[Sequence[int]], *, now: datetime, kept: Sequence[Event | None] | None = None
) -> list[Settled]:
    """
    Return for each group of rows its event and the memberships of its new articles, by date.

    A group is the known event of its first row, or the one that *kept* names for it, or a new one.
    """
    kept = [_known(scene, group) for group in groups] if kept is None else kept
    ordered = [
        sorted(group, key=lambda row: (scene.articles[row].dated_at, scene.articles[row].id)) for group in groups
    ]
    pairs = [np.array([(row, witness) for row in rows for witness in rows[:_WITNESSES]]) for rows in ordered]
    one, other = np.concatenate(pairs).T if pairs else np.zeros((2, 0), dtype=np.int64)
    chances = np.where(one == other, 0, likeness.chances(scene.compared, one, other))
    parts = np.split(chances, np.cumsum([len(part) for part in pairs])[:-1]) if pairs else []
    return [
        _event(scene, _Group(rows, part.reshape(len(rows), -1)), known=known, now=now)
        for rows, part, known in zip(ordered, parts, kept, strict=True)
    ]


def _known(scene: Scene, group: Sequence[int]) -> Event | None:
    first = min(group)
    return scene.known[scene.owners[first]].event if first < scene.first_new else None


def _event(scene: Scene, group: _Group, *, known: Event | None, now: datetime) -> Settled:
    articles = [scene.articles[row] for row in group.rows]
    facts = _titles(articles, group.alike) | {
        "entities": entities.of_articles(scene.compared.rare, group.rows, articles)
    }
    event = _with_facts(known, articles, facts)
    memberships = [
        Membership(
            article_id=article.id,
            event_id=event.id,
            reason="first report" if event.founding_article_id == article.id else _reason(scene, group, place),
            by=JoinedBy.MACHINE,
            joined_at=now,
        )
        for place, article in enumerate(articles)
        if group.rows[place] >= scene.first_new
    ]
    return event, memberships


def _reason(scene: Scene, group: _Group, place: int) -> str:
    """Return in one line why an article is in the event: what it shares with its likest, if possible earlier one."""
    if len(group.rows) == 1:
        return "tells it alone"
    witnesses = group.alike[place, :place] if place else group.alike[place, 1:]
    partner = int(witnesses.argmax()) + (0 if place else 1)
    chance = float(witnesses.max())
    one, other = scene.articles[group.rows[place]], scene.articles[group.rows[partner]]
    if graph.is_same_page(one, other):
        return f"same page as {other.source}"
    if graph.is_copy(one, other):
        return f"same text as {other.source}"
    return f"{_shared(scene, group.rows[place], group.rows[partner], other.source)} ({chance:.2f})"


def _shared(scene: Scene, row: int, partner: int, source: str) -> str:
    languages = scene.compared.languages
    words = scene.compared.words.shared(row, partner) if languages[row] == languages[partner] else []
    shown = phrases.whole([word for word in words if " " not in word], scene.articles[row])
    names = [_shown(name) for name in scene.compared.names.shared(row, partner)]
    if shown:
        return f"same words as {source}: {', '.join(shown[:_SHOWN])}"
    return f"same names as {source}: {', '.join(names[:_SHOWN])}" if names else f"same meaning as {source}"


def _with_facts(known: Event | None, articles: Sequence[Article], told: dict[str, object]) -> Event:
    founding = known.founding_article_id if known else articles[0].id
    facts = told | {
        "topics": _topics(articles),
        "first_published_at": articles[0].dated_at,
        "first_collected_at": min(article.collected_at for article in articles),
        "last_published_at": articles[-1].dated_at,
    }
    if known:
        return known.model_copy(update=facts)
    ids = {"id": event_id(founding), "thread_id": thread_id(founding), "founding_article_id": founding}
    return Event.model_validate(ids | facts)


def _titles(articles: Sequence[Article], alike: Floats) -> dict[str, object]:
    """
    Return the title, in the language of most articles, and one per language.

    It is the earliest of those that are about as like the others as any: who comes later writes for people who know.
    """
    counts = Counter(article.language for article in articles)
    centrality = alike.sum(axis=1)
    titles: dict[Language, str] = {}
    for language in counts:
        own = [place for place, article in enumerate(articles) if article.language == language and article.title]
        if own:
            enough = _ABOUT_AS_CENTRAL * max(centrality[place] for place in own)
            titles[language] = next(articles[place].title for place in own if centrality[place] >= enough)
    language = max(titles, key=lambda code: counts[code], default=articles[0].language)
    return {"title": titles.get(language, articles[0].title), "language": language, "titles": titles}


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
