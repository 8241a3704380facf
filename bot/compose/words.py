"""Small words and measures that every channel shares: latency, direction, shortening."""

import unicodedata
from functools import lru_cache
from typing import Literal

import regex

from bot.model.values import Language

ELLIPSIS = "…"
RTL_LANGUAGES = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})
"""Written from right to left. Source: https://www.w3.org/International/questions/qa-scripts"""

_LOOK_BACK = 64
_SENTENCE_END = regex.compile(r"[.!?…](?=\s)|[。！？]")


def latency(seconds: float) -> str:
    """Return *seconds* as a reader says it: `26m` up to 90 minutes, `5h` up to 48 hours, then `3d`."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "<1m"
    if minutes <= 90:
        return f"{minutes}m"
    hours = round(seconds / 3600)
    return f"{hours}h" if hours <= 48 else f"{round(seconds / 86400)}d"


def topic(title: str) -> str:
    """Return the topic that a recap's *title* names: `AI` of `Weekly AI Recap`; empty where it names none."""
    found = regex.fullmatch(r"(?:the )?(?:weekly )?(.*?) ?(?:recap|digest|weekly)", title.strip(), regex.IGNORECASE)
    named = found[1] if found else ""
    return "" if named.casefold() in {"", "weekly", "the"} else named


def direction(language: Language) -> Literal["ltr", "rtl"]:
    """Return the direction in which *language* is written."""
    return "rtl" if language in RTL_LANGUAGES else "ltr"


def shorten(text: str, max_chars: int) -> str:
    """
    Return *text* in at most *max_chars* code points.

    Cut after a sentence where one ends in the second half, else between words, else between
    graphemes; an ellipsis marks the cut.
    """
    if len(text) <= max_chars:
        return text
    room = max_chars - len(ELLIPSIS) - 1
    ends = [found.end() for found in _SENTENCE_END.finditer(text, room // 2, max(room, 0))]
    if ends:
        return f"{text[: ends[-1]]} {ELLIPSIS}"
    return text[: _word_border(text, room)].rstrip(" ,;:-–—、，；：") + ELLIPSIS


def _word_border(text: str, room: int) -> int:
    # Graphemes are short: a border is found right from well before the cut, without reading all the text.
    start = border = max(0, room - _LOOK_BACK)
    for grapheme in regex.finditer(r"\X", text, pos=start):
        if grapheme.end() > room:
            break
        border = grapheme.end()
    space = text.rfind(" ", 0, border + 1)
    return space if space > room // 2 else border


def columns(text: str) -> int:
    """Return how many columns a terminal gives *text*: two for a wide character, none for a combining one."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@lru_cache(maxsize=4096)
def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Cf", "Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def shorten_to_columns(text: str, max_columns: int) -> str:
    """Return *text* in at most *max_columns* columns, cut between words or graphemes, the cut marked."""
    if columns(text) <= max_columns:
        return text
    graphemes = regex.findall(r"\X", text)
    kept = ""
    for grapheme in graphemes:
        if columns(kept + grapheme) > max_columns - 1:
            break
        kept += grapheme
    space = kept.rfind(" ")
    return (kept[:space] if space > len(kept) // 2 else kept).rstrip(" ,;:-–—、，；：") + ELLIPSIS
