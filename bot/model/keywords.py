"""Many keywords looked up in a text at once: which of them are worth a closer look."""

import re
from collections import defaultdict
from collections.abc import Iterable

from bot.model.words import LETTERS

_RUN = re.compile(f"[{LETTERS}]+", re.IGNORECASE)
"""What stands between the bounds of words, just as a pattern bounded by LETTERS sees it."""
_PLURALS = ("", "s", "es")


def fold(text: str) -> str:
    """Return *text* so that what `re.IGNORECASE` takes for equal is equal (it takes the Turkish i for ours)."""
    return text.replace("İ", "i").replace("ı", "i").casefold()


class Lookup:
    """
    Keywords by the word that gives each away.

    A text is split once, whatever the number of keywords. What comes out is a superset: a pattern has the last word.
    """

    def __init__(self, bounded: Iterable[str], loose: Iterable[str], *, with_plurals: bool = False) -> None:
        """Take keywords that stand between word bounds, and *loose* ones that may stand anywhere (Chinese)."""
        self._by_word: dict[str, list[str]] = defaultdict(list)
        self._by_piece: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for keyword in dict.fromkeys(bounded):
            self._enter(keyword, endings=_PLURALS if with_plurals else ("",))
        for keyword in dict.fromkeys(loose):
            self._enter_piece(keyword)

    def possible_in(self, text: str) -> list[str]:
        """Return the keywords that may stand in *text*, in any order; the others surely do not."""
        runs = fold(" ".join(_RUN.findall(text))).split(" ")
        found = [keyword for run in self._by_word.keys() & set(runs) for keyword in self._by_word[run]]
        if self._by_piece:
            folded = fold(text)
            starts = self._by_piece.keys() & {"", *folded}
            found += [word for start in starts for piece, word in self._by_piece[start] if piece in folded]
        return found

    def _enter(self, keyword: str, *, endings: tuple[str, ...]) -> None:
        written = keyword.strip()
        longest = max(_RUN.finditer(written), key=lambda run: len(run[0]), default=None)
        if longest is None:
            self._enter_piece(keyword)
            return
        for ending in endings if longest.end() == len(written) else ("",):
            self._by_word[fold(longest[0] + ending)].append(keyword)

    def _enter_piece(self, keyword: str) -> None:
        piece = fold(max(keyword.split(), key=len, default=""))
        self._by_piece[piece[:1]].append((piece, keyword))
