"""Which kind of event it is, told by the playbook's words."""

import re
from collections import Counter
from functools import lru_cache

from bot.analyze import words
from bot.model.article import Article
from bot.model.event import Dossier
from bot.model.policy import EventKind, Playbook
from bot.model.words import LETTERS

OTHER = "other"
TITLE, LEAD, BODY = 3.0, 1.0, 0.4
"""Weight of a word in the title, in the lead and further down."""
LEAD_CHARS, BODY_CHARS = 400, 3_000
ENOUGH = 1.4
"""A word in the title decides, or two in the text, one of them in the lead; a single "fired" there does not."""


def of(dossier: Dossier, playbook: Playbook) -> tuple[str, str]:
    """
    Return the id of the event's kind and the words that decided, such as "mentions raises, Series B".

    The kind whose words weigh most wins, at a tie the one that stands first in *playbook*; `other` where none decides.
    """
    best, decided = OTHER, Counter[str]()
    score = 0.0
    for kind in playbook.kinds:
        found = _hits(kind, dossier)
        weight = sum(found.values()) / max(len(dossier.articles), 1)
        if weight >= ENOUGH and weight > score:
            best, decided, score = kind.id, found, weight
    if best == OTHER:
        return OTHER, "no kind's words in the title or the lead"
    return best, "mentions " + ", ".join(word for word, _ in decided.most_common(3))


def _hits(kind: EventKind, dossier: Dossier) -> Counter[str]:
    found: Counter[str] = Counter()
    for article in dossier.articles:
        found.update(_hits_of(kind, article))
    return found


def _hits_of(kind: EventKind, article: Article) -> dict[str, float]:
    keywords = _keywords(kind, article.language)
    pattern = _pattern(keywords)
    if pattern is None:
        return {}
    spelled = {word.casefold(): word for word in keywords}
    weights: dict[str, float] = {}
    text = article.text[:BODY_CHARS]
    for part, weight in ((text[LEAD_CHARS:], BODY), (text[:LEAD_CHARS], LEAD), (article.title, TITLE)):
        # A word counts once, at its best place.
        weights |= dict.fromkeys((spelled[match.casefold()] for match in pattern.findall(part)), weight)
    return weights


def _keywords(kind: EventKind, language: str) -> tuple[str, ...]:
    if language not in kind.keywords:
        return tuple(word for listed in kind.keywords.values() for word in listed)
    # Chinese and Japanese texts use Latin words too ("Series B"); in German the same letters may mean something else.
    own = kind.keywords[language]
    return own + kind.keywords.get("en", ()) if language in {"zh", "ja", "ko"} else own


@lru_cache(maxsize=512)
def _pattern(keywords: tuple[str, ...]) -> re.Pattern[str] | None:
    if not keywords:
        return None
    longest_first = sorted(dict.fromkeys(keywords), key=len, reverse=True)
    return re.compile("|".join(_bounded(word) for word in longest_first), re.IGNORECASE)


def _bounded(word: str) -> str:
    escaped = re.escape(word)
    if words.is_cjk(word):
        return escaped
    # CJK letters are word characters too, but "融资Series B轮" holds the word.
    return rf"(?<![{LETTERS}]){escaped}(?![{LETTERS}])"
