"""Words of a text in any script: the one tokenizer that likeness and search stand on."""

import re
import unicodedata
from itertools import pairwise

LETTERS = "0-9A-Za-z\u00c0-\u052f"
"""Letters and digits that bound a word in scripts with spaces (a character class: Latin, Greek, Cyrillic)."""

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]+|\d+(?:[.,]\d+)+|[^\W{_CJK}_]+")
_ASCII_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|[0-9a-z]+")
"""The same where all is ASCII in lower case, in half the time."""
_IS_CJK = re.compile(f"[{_CJK}]")
_LETTER = rf"[^\W{_CJK}_]"
_NOWHERE = re.compile(r"(?!)")


def words(text: str) -> list[str]:
    """
    Return the words of *text* in order, in lower case.

    A run of Chinese, Japanese or Korean becomes its overlapping pairs of characters
    (a run of one stays as it is). A number keeps its points: `1.9`, `26,000`.
    """
    if text.isascii():
        return _ASCII_TOKEN.findall(text.lower())
    folded = fold(text)
    tokens: list[str] = _TOKEN.findall(folded)
    if not _IS_CJK.search(folded):
        return tokens
    return [word for token in tokens for word in _split(token)]


def fold(text: str) -> str:
    """Return *text* so that spellings that differ in case or width alone are equal."""
    return unicodedata.normalize("NFKC", text).casefold()


def phrase_pattern(phrase: str) -> re.Pattern[str]:
    """
    Return a pattern that finds *phrase* in folded text (see `fold`): whole words, whatever the space between.

    Chinese, Japanese and Korean have no word bounds: a phrase in them is found anywhere, and one in other
    letters may touch them. An empty phrase is found nowhere.
    """
    pieces = [re.escape(piece) for piece in fold(phrase).split()]
    if not pieces:
        return _NOWHERE
    before = "" if is_cjk(pieces[0][:1]) else f"(?<!{_LETTER})"
    after = "" if is_cjk(pieces[-1][-1:]) else f"(?!{_LETTER})"
    return re.compile(before + "[^\\S\n]+".join(pieces) + after)


def is_cjk(text: str) -> bool:
    """Return whether *text* holds a Chinese, Japanese or Korean character."""
    return not text.isascii() and bool(_IS_CJK.search(text))


def _split(token: str) -> list[str]:
    if len(token) < 2 or not _IS_CJK.match(token):
        return [token]
    return ["".join(pair) for pair in pairwise(token)]
