"""Whether a sentence says no more than its quotes: by its words, and by vectors where there are some."""

from collections.abc import Callable, Iterable, Sequence

from bot.analyze import lexicon, roles, sense, sense_cjk, words

Likeness = Callable[[str, str], float]
"""How alike in meaning two texts are (cosine, -1..1), across languages."""

MIN_OVERLAP = 0.5
"""Of the telling words of a sentence that its quotes have, or a word that means the same."""
MIN_OVERLAP_CJK = 0.4
"""Of its pairs of characters."""
MIN_LIKENESS = 0.6
"""Where no words can be compared, a translation and its original are at least so alike."""
FAR, NEAR = 0.35, 0.85
"""With vectors, fewer words in common will do where the texts are as near as this."""


def fault(text: str, quotes: Sequence[str], *, context: Sequence[str], likeness: Likeness | None = None) -> str | None:
    """
    Return why *text* does not follow from *quotes*, or null where it does; *context* are the sentences around them.

    Texts in different scripts are compared by *likeness*; without it they must share a number or a name.
    """
    together = "\n".join(quotes)
    if words.reads_cjk(text) != words.reads_cjk(together):
        return _fault_of_translation(text, together, likeness)
    if score(text, quotes) < _needed(text, together, likeness):
        return "it says another thing than the quotes"
    around = "\n".join(context)
    if words.reads_cjk(text):
        return sense_cjk.fault(text, around)
    return sense.fault(text, around) or roles.fault(text, around)


def score(text: str, quotes: Iterable[str]) -> float:
    """Return which part (0..1) of the telling words of *text* is in *quotes*, or said there in other words."""
    quoted = "\n".join(quotes)
    known = words.vocabulary(quoted)
    if words.reads_cjk(text):
        mine = words.tokens(text)
        return sum(1 for token in mine if token in known) / max(len(mine), 1)
    meanings = {meaning for word in words.plain(quoted) for meaning in lexicon.meanings(word)}
    telling = words.telling(text)
    supported = [word for word in telling if words.stem(word) in known or meanings & lexicon.meanings(word)]
    return len(supported) / max(len(telling), 1)


def _needed(text: str, quoted: str, likeness: Likeness | None) -> float:
    if likeness and likeness(text, quoted) >= NEAR:
        return FAR
    return MIN_OVERLAP_CJK if words.reads_cjk(text) else MIN_OVERLAP


def _fault_of_translation(text: str, quoted: str, likeness: Likeness | None) -> str | None:
    if likeness:
        return None if likeness(text, quoted) >= MIN_LIKENESS else "it means another thing than the quotes"
    numbers = {number.scaled for number in words.numbers(text)} & {number.scaled for number in words.numbers(quoted)}
    names = {word for word in words.plain(text) if not words.is_cjk(word)} & set(words.plain(quoted))
    return None if numbers or names else "nothing ties the translation to its quotes"
