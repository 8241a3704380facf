"""Phrases: pairs of Chinese, Japanese or Korean characters put together again, for people to read."""

from collections.abc import Iterator, Sequence

from bot.model.article import Article
from bot.model.words import is_cjk
from bot.understand.features import LEAD_CHARS

_LONGEST = 12


def whole(words: Sequence[str], article: Article) -> list[str]:
    """
    Return *words* of *article*, each pair of characters grown to the phrase that its neighbours make.

    `天气`, `气模` and `模型` become 天气模型 where the article says so. The order of *words* stays.
    """
    pairs = {word for word in words if len(word) == 2 and is_cjk(word)}
    runs = list(_runs(article.title + "\n" + article.text[:LEAD_CHARS], pairs)) if pairs else []
    found: list[str] = []
    for word in words:
        phrase = next((run for run in runs if word in run), word) if word in pairs else word
        if phrase not in found:
            found.append(phrase)
    return found


def _runs(text: str, pairs: set[str]) -> Iterator[str]:
    """Yield the longest stretches of *text* whose every pair of neighbours is among *pairs*."""
    start = 0
    while start < len(text) - 1:
        end = start
        while text[end : end + 2] in pairs and end - start < _LONGEST - 1:
            end += 1
        if end > start:
            yield text[start : end + 1]
        start = end + 1 if end > start else start + 1
