"""Whether an article says that an affair is over, told by the playbook's words."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.analyze import candidates, cues, kinds
from bot.model.article import Article
from bot.model.policy import EventKind, Playbook

SOONEST = timedelta(days=1)
"""What began and ended within a day is one happening: a round that closes, a ruling nobody waited for."""
_LEAD_CHARS = 800
_NOT_YET = re.compile(
    r"\b(?:not|never|den(?:y|ies|ied)|fail(?:s|ed)?|unless|until|before|could|may|might|nicht|kein\w*|noch|könnte\w*)\b"
    r"|\bn't\b|n’t\b|未|没有|否认|尚|若|如果|可能",
    re.IGNORECASE,
)


def told(articles: Sequence[Article], of: Iterable[str], *, playbook: Playbook, began_at: datetime) -> str | None:
    """
    Return the words with which one of *articles* ends an affair of the kinds *of* (ids), and whose they are.

    They stand in its title or its first sentence, about what has happened, a day or more after *began_at*.
    Null where no article tells an end.
    """
    wanted = set(of)
    known = [kind for kind in playbook.kinds if kind.id in wanted and kind.resolved_by]
    for article in articles if known else ():
        if article.dated_at - began_at < SOONEST:
            continue
        for line in _lines(article):
            if word := _ending(line, article, known):
                return f"“{word}” in “{line}” ({article.publisher})"
    return None


def _lines(article: Article) -> list[str]:
    leads = [line.text for line in candidates.gather([article], max_chars=_LEAD_CHARS) if line.position == 0]
    return [line for line in (article.title, *leads) if not cues.looks_ahead(line) and not _NOT_YET.search(line)]


def _ending(line: str, article: Article, of: Sequence[EventKind]) -> str | None:
    language = candidates.language_of(article)
    found = (word for kind in of for word in kinds.found(kinds.in_language(kind.resolved_by, language), line))
    return next(found, None)
