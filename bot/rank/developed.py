"""Developed: whether an affair that somebody follows has news for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.article import Article
from bot.model.event import Dossier
from bot.rank import signals

_LATE = timedelta(days=1)
"""An article that is older than this when its reader began to follow is a backlog, not news."""


@dataclass(frozen=True, slots=True)
class Development:
    """What is new in a thread."""

    events: tuple[Dossier, ...]
    """New events, oldest first."""
    articles: tuple[Article, ...]
    """The first article of each new event, and of each owner who told none before; oldest first, each once."""


def since(
    thread: Sequence[Dossier], at: datetime, *, until: datetime, owner_of: Callable[[Article], str]
) -> Development | None:
    """
    Return what was collected of *thread* after *at* and up to *until*, as far as it is a development; else null.

    A new event of the thread is one, and so is an independent owner who tells of an event there already was.
    Copies of what was known, and what the same owners wrote on, are none.
    """
    told = sorted((article for dossier in thread for article in dossier.articles), key=_order)
    known = [article for article in told if article.collected_at <= at]
    fresh = [article for article in told if at < article.collected_at <= until and article.dated_at > at - _LATE]
    ids = {article.id for article in known}
    events = [each for each in thread if not any(article.id in ids for article in each.articles)]
    events = [each for each in events if any(article in fresh for article in each.articles)]
    owners = set(signals.independent([*known, *fresh], owner_of)) - {owner_of(article) for article in known}
    firsts = {min((a for a in each.articles if a in fresh), key=_order).id for each in events}
    firsts |= {next(article.id for article in fresh if owner_of(article) == owner) for owner in owners}
    if not firsts:
        return None
    return Development(tuple(events), tuple(article for article in fresh if article.id in firsts))


def _order(article: Article) -> tuple[datetime, str]:
    return article.dated_at, article.id
