"""Rules: which news a route never wants, or wants first."""

import re
from collections.abc import Callable
from functools import lru_cache

from bot.model.event import Dossier
from bot.model.route import NewsRule
from bot.model.words import fold, phrase_pattern


def titles(dossier: Dossier) -> str:
    """Return all titles that an event is told under, folded, one a line: what words of rules are looked for in."""
    told = (dossier.event.title, *dossier.event.titles.values(), *(article.title for article in dossier.articles))
    return "\n".join(dict.fromkeys(fold(" ".join(title.split())) for title in told))


def muting(rule: NewsRule, dossier: Dossier, told: str) -> str:
    """
    Return what of *rule* keeps the event out, such as `word 'coupon'`; empty where nothing does.

    One title with a muted word is enough (*told*: see `titles`); a source or a publisher keeps out
    only what nobody else tells.
    """
    return (
        _word(rule, told)
        or _named("source", rule.sources, [article.source for article in dossier.articles], all)
        or _named("publisher", rule.publishers, dossier.publishers, all)
    )


def boosting(rule: NewsRule, dossier: Dossier, told: str) -> str:
    """Return what of *rule* puts the event forward; empty where nothing does. One of its articles is enough."""
    return (
        _word(rule, told)
        or _named("source", rule.sources, [article.source for article in dossier.articles], any)
        or _named("publisher", rule.publishers, dossier.publishers, any)
    )


def has_word(told: str, word: str) -> bool:
    """Return whether the titles *told* (see `titles`) hold *word*, which may be several."""
    pattern, piece = _lookup(word)
    return piece in told and pattern.search(told) is not None


def _word(rule: NewsRule, told: str) -> str:
    return next((f"word '{word}'" for word in rule.words if has_word(told, word)), "")


def _named(kind: str, names: list[str], told: list[str] | tuple[str, ...], enough: Callable[[list[bool]], bool]) -> str:
    if not names:
        return ""
    wanted = {name.casefold() for name in names}
    found = [name.casefold() in wanted for name in told]
    return f"{kind} '{told[found.index(True)]}'" if any(found) and enough(found) else ""


@lru_cache(maxsize=4096)
def _lookup(word: str) -> tuple[re.Pattern[str], str]:
    # Most titles hold no such letters: asked first, for a pattern costs ten times as much.
    return phrase_pattern(word), max(fold(word).split(), key=len, default="")
