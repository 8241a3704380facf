"""Whether a sentence keeps the negations, doubts, plans and directions of its source."""

import re
from collections.abc import Iterator

from bot.analyze import lexicon, words

SCOPE = 4
"""Telling words that a "not" or a "plans to" before them may belong to."""
_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[,.;:!?]")
_TO_COME = re.compile(lexicon.TO_COME, re.IGNORECASE)


def fault(text: str, source: str) -> str | None:
    """Return why *text* twists what *source* says (both in an alphabet), or null where it does not."""
    return _fault_of_extremes(text, source) or _fault_of_direction(text, source) or _fault_of_certainty(text, source)


def _fault_of_extremes(text: str, source: str) -> str | None:
    known = set(_tokens(source))
    found = next((word for word in _tokens(text) if word in lexicon.EXTREMES and word not in known), None)
    return f"'{found}' is not in the quotes" if found else None


def _fault_of_direction(text: str, source: str) -> str | None:
    mine, theirs = set(_tokens(text)), set(_tokens(source))
    for pair in lexicon.CONTRARIES:
        for ours, opposite in (pair, pair[::-1]):
            if mine & ours and not mine & opposite and theirs & opposite and not theirs & ours:
                return f"'{min(mine & ours)}' is the contrary of '{min(theirs & opposite)}' in the quotes"
    return None


def _fault_of_certainty(text: str, source: str) -> str | None:
    mine, theirs = set(_tokens(text)), set(_tokens(source))
    if mine & lexicon.NEGATIONS and not theirs & (lexicon.NEGATIONS | lexicon.STOPS):
        return "the negation is not in the quotes"
    if not mine & lexicon.NEGATIONS and _touches(text, source, lexicon.NEGATIONS):
        return "the negation of the quotes is missing"
    unsure = lexicon.AHEAD | lexicon.MAYBE
    if not mine & unsure and _touches(text, source, unsure):
        return "what the quotes call a plan or doubtful is told as a fact"
    if not mine & lexicon.MAYBE and not theirs & lexicon.AHEAD and _touches(text, source, lexicon.MAYBE):
        return "what the quotes call doubtful is told as certain"
    if mine & (lexicon.PLANS | lexicon.DOUBTS) and not theirs & (unsure | lexicon.COMING):
        return "what the quotes tell as a fact is told as a plan or a doubt"
    return None


def _touches(text: str, source: str, markers: frozenset[str]) -> bool:
    """Return whether *text* repeats what *source* says only under one of *markers*."""
    said = {key for word in words.telling(text) for key in _keys(word)}
    free = _free(source, markers)
    for scope in _scopes(source, markers):
        first = set(_keys(scope[0])) if scope else set()
        shared = [word for word in scope if not said.isdisjoint(_keys(word)) and word not in free]
        if (first & said and scope[0] not in free) or len(shared) >= 2:
            return True
    return False


def _keys(word: str) -> set[str]:
    return {words.stem(word), *(f"#{meaning}" for meaning in lexicon.meanings(word))}


def _scopes(source: str, markers: frozenset[str]) -> Iterator[list[str]]:
    """Yield the telling words after each marker, up to the end of its clause."""
    tokens = _tokens(source)
    for place, token in enumerate(tokens):
        if token in markers:
            yield _following(tokens[place + 1 :], markers)


def _following(tokens: list[str], markers: frozenset[str]) -> list[str]:
    scope: list[str] = []
    for token in tokens:
        if not token[0].isalnum() or len(scope) == SCOPE:
            break
        if token not in markers and token not in words.stop_words() and not token[0].isdigit():
            scope.append(token)
    return scope


def _free(source: str, markers: frozenset[str]) -> set[str]:
    """Return the telling words that *source* also says outside of the reach of any marker."""
    bound = [word for scope in _scopes(source, markers) for word in scope]
    return {word for word in bound if _tokens(source).count(word) > bound.count(word)}


def _tokens(text: str) -> list[str]:
    plain = _TO_COME.sub(" will ", text.replace("’", "'"))
    return [part for token in _TOKEN.findall(plain.casefold()) for part in _parted(token)]


def _parted(token: str) -> list[str]:
    if token.endswith("'ll"):
        return [token[:-3], "will"]
    return [token, "will"] if token == "won't" else [token.removesuffix("'s")]  # noqa: S105  # a word
