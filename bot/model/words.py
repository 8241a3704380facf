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


def words(text: str) -> list[str]:
    """
    Return the words of *text* in order, in lower case.

    A run of Chinese, Japanese or Korean becomes its overlapping pairs of characters
    (a run of one stays as it is). A number keeps its points: `1.9`, `26,000`.
    """
    if text.isascii():
        return _ASCII_TOKEN.findall(text.lower())
    folded = unicodedata.normalize("NFKC", text).casefold()
    tokens: list[str] = _TOKEN.findall(folded)
    if not _IS_CJK.search(folded):
        return tokens
    return [word for token in tokens for word in _split(token)]


def is_cjk(text: str) -> bool:
    """Return whether *text* holds a Chinese, Japanese or Korean character."""
    return not text.isascii() and bool(_IS_CJK.search(text))


def _split(token: str) -> list[str]:
    if len(token) < 2 or not _IS_CJK.match(token):
        return [token]
    return ["".join(pair) for pair in pairwise(token)]
