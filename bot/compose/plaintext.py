"""The text part of mails as a person would write it: wrapped, links as numbered notes."""

import re

import regex

from bot.compose.words import columns

WIDTH = 78
"""Columns. Source: RFC 5322 section 2.1.1, https://www.rfc-editor.org/rfc/rfc5322#section-2.1.1"""

NOTE_START, NOTE_END, NOTES_HERE = "\x02", "\x03", "\x04"
"""Marks that templates set and no feed can: `normalize` strips control characters."""
_GLUE = "\x05"
"""A space at which no line breaks: a note stays with its word."""

_NOTE = re.compile(f" ?{NOTE_START}([^{NOTE_END}]*){NOTE_END}")
_INDENT = re.compile(r"^( *(?:[-•] |\d+\. |\[\d+\] )?)(.*)$")
_PIECE = regex.compile(
    rf"\s+|[\p{{Ps}}\p{{Pi}}]*[\p{{Han}}\p{{Hiragana}}\p{{Katakana}}]\p{{P}}*(?:{_GLUE}\[\d+\]\p{{P}}*)*"
    r"|[^\s\p{Han}\p{Hiragana}\p{Katakana}]+"
)
"""Where a line may break: at spaces, and between Chinese or Japanese characters but not before punctuation or notes."""
_SIGNATURE = "-- "
"""What programs know a signature by, its space included. Source: RFC 3676 section 4.3."""


def note(url: str) -> str:
    """Return a mark that `written` turns into the number of a link; nothing for no address."""
    return f"{NOTE_START}{url}{NOTE_END}" if url else ""


def written(text: str) -> str:
    """
    Return *text* wrapped to 78 columns, its links numbered.

    Links are listed where `NOTES_HERE` stands, each once. A line keeps its indent and hangs
    under its bullet; an address is never broken; three empty lines become one.
    """
    numbers: dict[str, int] = {}
    lines: list[str] = []
    listed = 0
    for line in text.splitlines():
        if line == _SIGNATURE:
            lines.append(line)
        elif line.strip() == NOTES_HERE:
            lines += [f"[{number}] {url}" for url, number in list(numbers.items())[listed:]]
            listed = len(numbers)
        else:
            lines += _wrapped(_NOTE.sub(lambda mark: _numbered(mark[1], numbers), line).rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _numbered(url: str, numbers: dict[str, int]) -> str:
    return f"{_GLUE}[{numbers.setdefault(url, len(numbers) + 1)}]"


def _wrapped(line: str) -> list[str]:
    lead, rest = _INDENT.findall(line)[0]
    hanging = " " * len(lead)
    lines, current = [], lead
    for piece in _PIECE.findall(rest):
        if columns(current + piece.rstrip()) > WIDTH and current.strip() and current != lead:
            lines.append(current.rstrip())
            current = hanging + piece.lstrip()
        else:
            current += piece
    return [line.replace(_GLUE, " ") for line in (*lines, current.rstrip())]
