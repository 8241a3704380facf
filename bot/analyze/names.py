"""Whether the people, organisations and products that a sentence names are those of its quotes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel, Levenshtein

from bot.analyze import lexicon, words

_LATIN = rf"[^\W_{words.CJK}]"
_NAME = re.compile(rf"(?<!{_LATIN})(?=\w*[A-ZÄÖÜ]){_LATIN}+(?:[-.&'’]{_LATIN}+)*")
_PIECE = re.compile(rf"{_LATIN}+")
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}")
_SENTENCE_START = re.compile(r"(?:^|[.!?:：。]\s*)[\"'“„«»(]*$")
_INFLECTED = re.compile(r"(?:ing|ers|ors|ies|ions|ed|ly|ments|ists|ants|ees)$")
_SAME = {"american": "us", "america": "us", "usa": "us", "british": "uk", "britain": "uk", "european": "eu"}
_INITIALS_OF = {
    "united states": "US", "united kingdom": "UK", "european union": "EU", "united nations": "UN",
    "artificial intelligence": "AI",
}  # fmt: skip
_LONG_FORMS = re.compile("|".join(_INITIALS_OF), re.IGNORECASE)
_GERMAN_NOUN = re.compile(
    r"(?:ung|ungen|heit|keit|schaft|tion|tionen|tät|ismus|ment|nis|ling|chen|lein|jahr|monat|woche|tag|land|preis"
    r"|zahl|markt|geld|werk|haus|plan|dienst|system|modell|kunde|kunden|firma|unternehmen|konzern|chef|leute)(?:e|en|n|s|es|er)?$"
)
_GERMAN_BEFORE = re.compile(
    r"(?:\b(?:d(?:er|ie|as|en|em|es)|ein\w{0,2}|kein\w{0,2}|ihr\w{0,2}|sein\w{0,2}|im|am|vom|zum|zur|beim|ins"
    r"|ans|mehr|viele|alle|pro)|\b[a-zäöüß-]{3,}(?:e|en|er|es|em)|\d) $"
)
_PRONOUN = re.compile(
    r"^[\"“„(]*(?:it|they|he|she|its|his|her|their|the (?:company|firm|startup|group|team|agency|maker|lab|carmaker"
    r"|chipmaker|bank|regulator|court|model)|sie|er|es|das unternehmen|die firma|该公司|公司|他|她|它|其|该)\b",
    re.IGNORECASE,
)
_PRONOUN_CJK = re.compile(r"^[“「]?(?:该公司|公司|他们?|她们?|它们?|其|该)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a sentence may take its names from."""

    quotes: Sequence[str]
    publishers: Sequence[str]
    """Of the cited articles: "Halden reports that …"."""
    articles: str
    """Titles and texts of the cited articles: completes a name of which the quote has a part."""
    metadata: str
    """Titles, names and publishers of the event: tells whom the quote means by "the company"."""


def fault(text: str, evidence: Evidence, *, is_german: bool = False) -> str | None:
    """
    Return why a name of *text* is not in the quotes, or null where all are.

    Across scripts, a name stands for itself only where the same string does. A name is known by its capital;
    in German, where every noun has one, by what stands around it.
    """
    if name := _missing_latin(text, evidence, is_german=is_german):
        return f"name {name} is not in the quotes"
    if swap := _swapped(text, evidence):
        return f"'{swap}' is not in the quotes"
    return None


def pieces(text: str) -> list[str]:
    """Return the words of *text* in Latin letters, folded; `U.S.` is `us`."""
    joined = _shortened(text)
    return [_SAME.get(piece.casefold(), piece.casefold()) for piece in _PIECE.findall(joined)]


def _shortened(text: str) -> str:
    short = _INITIALS.sub(lambda match: match[0].replace(".", ""), text)
    return _LONG_FORMS.sub(lambda match: _INITIALS_OF[match[0].casefold()], short)


def _missing_latin(text: str, evidence: Evidence, *, is_german: bool) -> str | None:
    text = _shortened(text)
    known = set(pieces(" ".join((*evidence.quotes, *evidence.publishers))))
    for match in _NAME.finditer(text):
        missing = [piece for piece in _PIECE.findall(match[0]) if _is_named(piece) and _is_missing(piece, known)]
        if not missing or (is_german and _is_german_noun(match, text)):
            continue
        starts = bool(_SENTENCE_START.search(text[: match.start()]))
        if starts and all(_may_start(piece, evidence) for piece in missing):
            continue
        if not _completes(match[0], text, evidence) and not _is_meant(match[0], evidence):
            return match[0]
    return None


def _is_named(piece: str) -> bool:
    return any(char.isupper() for char in piece)


def _is_missing(piece: str, known: Iterable[str]) -> bool:
    low = piece.casefold()
    return _SAME.get(low, low) not in known and low not in words.stop_words()


def _may_start(piece: str, evidence: Evidence) -> bool:
    """Return whether *piece* has its capital only because it begins the sentence."""
    if piece.casefold() in words.stop_words():
        return True
    if not piece[1:].islower():
        return False
    if piece in evidence.articles and not re.search(rf"(?:^|[.!?]\s+|\n)[\"“]?{re.escape(piece)}\b", evidence.articles):
        return False
    is_word = bool(re.search(rf"(?<!\w){re.escape(piece.casefold())}(?!\w)", evidence.articles))
    return is_word or bool(_INFLECTED.search(piece)) or piece.casefold() in lexicon.COMMON


def _is_german_noun(match: re.Match[str], text: str) -> bool:
    word = match[0]
    if not word.isalpha() or not word[1:].islower():
        return False
    starts = bool(_SENTENCE_START.search(text[: match.start()]))
    if starts and re.search(r"(?:en|er|e|ung)$", word):
        return True
    return bool(_GERMAN_NOUN.search(word) or _GERMAN_BEFORE.search(text[: match.start()]))


def _completes(name: str, text: str, evidence: Evidence) -> bool:
    """Return whether the quote has another part of the name, and the article the whole: "Ostra" of "Ostra Systems"."""
    known = set(pieces(" ".join(evidence.quotes)))
    around = rf"(?:[A-Z][\w&.'’-]* )?{re.escape(name)}(?: [A-Z][\w&'’-]*)?"
    for match in re.finditer(around, text):
        parts = pieces(match[0])
        if len(parts) > 1 and known & set(parts) and re.search(rf"\b{re.escape(match[0])}\b", evidence.articles):
            return True
    return False


def _is_meant(name: str, evidence: Evidence) -> bool:
    """Return whether a quote leaves open whom it means, and the event's titles say that it is *name*."""
    leans = any(_PRONOUN.match(quote) or _PRONOUN_CJK.match(quote) for quote in evidence.quotes)
    return leans and set(pieces(name)) <= set(pieces(evidence.metadata))


def _swapped(text: str, evidence: Evidence) -> str | None:
    """Return the first name that *text* puts in the place of another in an otherwise equal quote."""
    for quote in evidence.quotes:
        mine, theirs = _PIECE.findall(text), _PIECE.findall(quote)
        if Indel.normalized_similarity(mine, theirs) < 0.75:
            continue
        for change in Levenshtein.opcodes(mine, theirs):
            piece, other = mine[change.src_start : change.src_end], theirs[change.dest_start : change.dest_end]
            if change.tag == "replace" and _is_name_like(piece, other):
                starts = change.src_start == 0 and all(_may_start(word, evidence) for word in (piece[0], other[0]))
                if not starts or _is_name_like(piece[1:], other):
                    return " ".join(piece)
    return None


def _is_name_like(piece: Sequence[str], other: Sequence[str]) -> bool:
    return any(unit[0].isupper() for unit in piece) and any(unit[0].isupper() for unit in other)
