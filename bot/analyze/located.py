"""Where a quote stands in an article: verbatim, or as the nearest stretch that says the same."""

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import fuzz

from bot.analyze import candidates, lexicon, sentences, words
from bot.model.article import Article
from bot.model.insight import Citation

MIN_WORDS = 4
"""Of a quote; a shorter one ("the company said") stands in any article. A whole title may be shorter."""
NEAREST = 90.0
"""Likeness (0..100) from which a stretch is the one that was meant: a dropped article, another inflection."""
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:\.\.\.|…)\s*\]|\.\.\.|…)\s*")
_MARKED = lexicon.NEGATIONS | lexicon.AHEAD | lexicon.MAYBE | lexicon.EXTREMES
_ENDS = re.compile(r"[.!?。！？][\"'”’»)\]」』]*\s*$|\n\s*$|^\s*$")


def exactly(quote: str, article: Article) -> Citation | None:
    """
    Return the citation of *quote* in *article*, with the words as they stand there, or null where it is not there.

    White space, quotation marks, dashes, case and Unicode forms may differ.
    """
    for source, in_title in ((article.text, False), (article.title, True)):
        if span := _place(quote, source):
            return _citation(article, span, in_title=in_title)
    return None


def nearest(quote: str, article: Article) -> list[Citation]:
    """
    Return the citations that mend *quote*, which is not in *article* as it is; none where it cannot be mended.

    The parts around an ellipsis become quotes of their own. A stretch that differs in a number, a name, or a word
    that turns the sense is no mending.
    """
    parts = [part for part in _ELLIPSIS.split(quote.strip(" \"'“”‘’「」")) if part.strip()]
    found = [exactly(part, article) or _like(part, article) for part in parts]
    return [citation for citation in found if citation] if all(found) else []


def widened(citation: Citation, article: Article) -> Citation:
    """Return the citation of the whole sentences in which the quote stands."""
    if citation.in_title:
        return _citation(article, (0, len(article.title)), in_title=True)
    spans = [span for span in _around(article, citation) if span[0] < citation.end and citation.start < span[1]]
    if not spans:
        return citation
    return _citation(article, (spans[0][0], spans[-1][1]), in_title=False)


def is_whole(citation: Citation, article: Article) -> bool:
    """Return whether the quote begins and ends where sentences do, by the marks around it."""
    if citation.in_title:
        return True
    before = article.text[max(0, citation.start - 6) : citation.start]
    return bool(_ENDS.search(before) and (_ENDS.search(citation.quote) or citation.end == len(article.text)))


def is_long_enough(citation: Citation, article: Article) -> bool:
    """Return whether the quote is so long that it tells something."""
    if words.count(citation.quote) >= MIN_WORDS:
        return True
    return citation.in_title and words.fold(citation.quote) in {
        words.fold(title.text) for title in candidates.titles([article])
    } | {words.fold(article.title)}


def _citation(article: Article, span: tuple[int, int], *, in_title: bool) -> Citation:
    start, end = span
    return Citation(
        article_id=article.id,
        content_hash=article.content_hash,
        quote=(article.title if in_title else article.text)[start:end],
        start=start,
        end=end,
        in_title=in_title,
    )


@lru_cache(maxsize=256)
def _folded(source: str) -> tuple[str, list[int]]:
    # Folding may change the length of a text, so the search runs over single folded characters and maps back.
    places, folded = [], []
    for index, char in enumerate(source):
        for part in words.fold(char) or " ":
            places.append(index)
            folded.append(part)
    return "".join(folded), places


def _place(quote: str, source: str) -> tuple[int, int] | None:
    wanted = [re.escape(words.fold(piece)) for piece in quote.split()]
    if not wanted:
        return None
    folded, places = _folded(source)
    match = re.search(r"\s+".join(wanted), folded)
    return (places[match.start()], places[match.end() - 1] + 1) if match else None


def _like(quote: str, article: Article) -> Citation | None:
    wanted = words.fold(quote)
    folded, places = _folded(article.text)
    if words.count(quote) < MIN_WORDS or len(wanted) > len(folded):
        return None
    found = fuzz.partial_ratio_alignment(wanted, folded, score_cutoff=NEAREST)
    if found is None or found.dest_end <= found.dest_start:
        return None
    start, end = places[found.dest_start], places[found.dest_end - 1] + 1
    start, end = _to_words(article.text, start, end)
    return _citation(article, (start, end), in_title=False) if _says_the_same(quote, article.text[start:end]) else None


def _to_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum() and not words.is_cjk(text[start]):
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum() and not words.is_cjk(text[end]):
        end += 1
    return start + len(text[start:end]) - len(text[start:end].lstrip()), end


def _says_the_same(quote: str, stretch: str) -> bool:
    if words.reads_cjk(quote):
        return fuzz.ratio(words.fold(quote), words.fold(stretch)) >= 95 and _figures(quote) == _figures(stretch)
    mine, theirs = set(re.findall(r"\w+", quote)), set(re.findall(r"\w+", stretch))
    other = {word.casefold() for word in mine} ^ {word.casefold() for word in theirs}
    named = {word.casefold() for word in mine | theirs if any(char.isupper() or char.isdigit() for char in word)}
    return not other & (named | _MARKED)


def _figures(text: str) -> list[float]:
    return [number.scaled for number in words.numbers(text)]


def _around(article: Article, citation: Citation) -> Iterator[tuple[int, int]]:
    start = article.text.rfind("\n\n", 0, citation.start + 1) + 1
    stop = article.text.find("\n\n", citation.end)
    piece = article.text[start : stop if stop >= 0 else len(article.text)]
    for begin, end in sentences.split(piece, candidates.language_of(article)):
        yield start + begin, start + end
