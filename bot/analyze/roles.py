"""Who does what to whom: "A sues B" is not "B sues A"."""

import re
from itertools import pairwise

from bot.analyze import words

_TOKEN = re.compile(rf"[^\W_{words.CJK}]+(?:[-.&'’][^\W_{words.CJK}]+)*|[.;:!?,]")
_BY = frozenset({"by", "von", "door"})
_MAX_BETWEEN = 8
"""Words between two names that still tell what one does to the other."""


def fault(text: str, source: str) -> str | None:
    """Return which act of *text* goes the other way round in *source*, or null where none does."""
    told = _acts(source)
    for one, act, other in _acts(text):
        if (other, act, one) in told and (one, act, other) not in told:
            return f"who does what ('{act}') is the other way round in the quotes"
    return None


def _acts(text: str) -> set[tuple[str, str, str]]:
    """Return (who, act, whom), by the first words of the names; "A is sued by B" as B sues A."""
    tokens = _TOKEN.findall(text)
    starts = [place for place, token in enumerate(tokens) if _is_name(token) and not _goes_on(tokens, place)]
    found = set()
    for here, there in pairwise(starts):
        between = tokens[here + 1 : there]
        if len(between) > _MAX_BETWEEN or not {*".;:!?"}.isdisjoint(between):
            continue
        one, other = tokens[here].casefold(), tokens[there].casefold()
        for act in _verbs(between):
            found.add((other, act, one) if _BY & set(between) else (one, act, other))
    return found


def _verbs(between: list[str]) -> list[str]:
    low = [token for token in between if token.islower() and token not in words.stop_words()]
    return [words.stem(token) for token in low]


def _goes_on(tokens: list[str], place: int) -> bool:
    return place > 0 and _is_name(tokens[place - 1])


def _is_name(token: str) -> bool:
    return token[0].isupper() and token.casefold() not in words.stop_words()
