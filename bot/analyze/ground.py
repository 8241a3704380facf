"""Whether a claim stands on its quotes."""

import re
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.distance import Indel, Levenshtein

from bot.analyze import cues, dates, words
from bot.model.article import Article
from bot.model.insight import Citation, Claim, ClaimPart
from bot.model.values import ArticleId

_NAME = re.compile(
    rf"(?<![^\W_{words.CJK}])[A-ZÄÖÜ][^\W_{words.CJK}]*(?:[-.&'’][^\W_{words.CJK}]+)*|[a-z]+[A-Z\d][\w-]*"
)
_PIECE = re.compile(rf"[^\W_{words.CJK}]+")
_SENTENCE_START = re.compile(r"(?:^|[.!?:]\s+)[\"'“„«»(]*$")


def check(claim: Claim, articles: Mapping[ArticleId, Article]) -> str | None:
    """
    Return null where *claim* stands on its quotes, else the reason why it does not.

    Every quote must be verbatim at its place in a stored article (white space, quotation marks and Unicode forms
    apart), and every number, name and date of the claim must be in its quotes.
    """
    if not claim.citations:
        return None if claim.is_computed else "no quote"
    for citation in claim.citations:
        if fault := _fault_of(citation, articles):
            return fault
    cited = [articles[citation.article_id] for citation in claim.citations]
    return _fault_of_date(claim, cited) or (None if claim.is_computed else _fault_of_words(claim, cited))


def locate(quote: str, article: Article) -> Citation | None:
    """Return the citation of *quote* in *article*, with the words as they stand there, or null where it is not "
    "there.
    """
    for source, in_title in ((article.text, False), (article.title, True)):
        if span := _place(quote, source):
            start, end = span
            return Citation(
                article_id=article.id,
                content_hash=article.content_hash,
                quote=source[start:end],
                start=start,
                end=end,
                in_title=in_title,
            )
    return None


def _place(quote: str, source: str) -> tuple[int, int] | None:
    wanted = [re.escape(words.fold(piece)) for piece in quote.split()]
    if not wanted:
        return None
    # Folding may change the length of a text, so the search runs over single folded characters and maps back.
    places, folded = [], []
    for index, char in enumerate(source):
        for part in words.fold(char) or " ":
            places.append(index)
            folded.append(part)
    match = re.search(r"\s+".join(wanted), "".join(folded))
    return (places[match.start()], places[match.end() - 1] + 1) if match else None


def _fault_of(citation: Citation, articles: Mapping[ArticleId, Article]) -> str | None:
    article = articles.get(citation.article_id)
    if article is None:
        return f"article {citation.article_id} is not known"
    if article.content_hash != citation.content_hash:
        return f"article {citation.article_id} has another text now"
    source = article.title if citation.in_title else article.text
    quote = words.fold(citation.quote)
    if not quote:
        return "empty quote"
    if words.fold(source[citation.start : citation.end]) == quote:
        return None
    return "quote stands elsewhere in the article" if quote in words.fold(source) else "quote not found in the article"


def _fault_of_words(claim: Claim, cited: Sequence[Article]) -> str | None:
    quotes = [citation.quote for citation in claim.citations]
    text, quoted = words.fold(claim.text), [words.fold(quote) for quote in quotes]
    fault = None if any(text in quote for quote in quoted) else _fault_of_wording(claim, quotes, cited)
    return fault or _fault_of_rationale(claim, cited)


def _fault_of_wording(claim: Claim, quotes: Sequence[str], cited: Sequence[Article]) -> str | None:
    together = "\n".join(quotes)
    if number := _missing_number(claim.text, together):
        return f"number {number} is not in the quotes"
    if words.is_cjk(claim.text) != words.is_cjk(together):
        return None  # a translation writes names in its own letters
    if name := _missing_name(claim.text, together, cited, is_german=claim.language == "de"):
        return f"name {name} is not in the quotes"
    if swap := _swapped(claim.text, quotes):
        return f"'{swap}' is not in the quotes"
    return None


def _missing_number(text: str, quotes: str) -> str | None:
    known = words.numbers(quotes)
    plain = {number.value for number in known} | {number.scaled for number in known} | words.numerals(quotes)
    scaled = {number.scaled for number in known}
    percents = {number.value for number in known if number.is_percent}
    for number in words.numbers(text):
        is_scaled = number.scaled != number.value
        if is_scaled and number.scaled not in scaled:
            return text[number.start : number.end].strip()
        if not is_scaled and number.value not in (percents if number.is_percent and percents else plain):
            return text[number.start : number.end].strip()
    return None


def _missing_name(text: str, quotes: str, cited: Sequence[Article], *, is_german: bool) -> str | None:
    known = set(_pieces(quotes))
    sources = " ".join(f"{article.title}\n{article.text}" for article in cited)
    lower = {piece for piece in _PIECE.findall(sources) if piece.islower()}
    elsewhere = set(_pieces(sources))
    for match in _NAME.finditer(text):
        missing = [piece for piece in _pieces(match[0]) if piece not in known and piece not in words.stop_words()]
        if not missing or all(_is_common(piece, lower) for piece in missing):
            continue
        starts = bool(_SENTENCE_START.search(text[: match.start()]))
        if starts and _is_inflected(match[0]):
            continue
        # German writes every noun with a capital: only a name of the article, put where its quote has none, is told.
        if is_german and not any(piece in elsewhere for piece in missing):
            continue
        return match[0]
    return None


def _pieces(text: str) -> list[str]:
    return [piece.casefold() for piece in _PIECE.findall(text)]


def _is_common(piece: str, lower: set[str]) -> bool:
    return piece in lower


def _is_inflected(word: str) -> bool:
    return (
        word.isalpha() and word[1:].islower() and bool(re.search(r"(?:ing|ers|ies|ions|ed|ly|ments|ists|ants)$", word))
    )


def _swapped(text: str, quotes: Iterable[str]) -> str | None:
    """Return the first name-like piece that *text* puts in the place of another in an otherwise equal quote."""
    for quote in quotes:
        mine, theirs = _units(text), _units(quote)
        if Indel.normalized_similarity(mine, theirs) < 0.75:
            continue
        for change in Levenshtein.opcodes(mine, theirs):
            piece, other = mine[change.src_start : change.src_end], theirs[change.dest_start : change.dest_end]
            if change.tag == "replace" and _is_name_like(piece, other):
                return _joined(piece)
    return None


def _units(text: str) -> list[str]:
    return re.findall(rf"[{words.CJK}]|[^\W_{words.CJK}]+", text)


def _is_name_like(piece: Sequence[str], other: Sequence[str]) -> bool:
    if all(words.is_cjk(unit) for unit in (*piece, *other)):
        return len(piece) >= 2
    return any(unit[0].isupper() for unit in piece) and any(unit[0].isupper() for unit in other)


def _joined(piece: Sequence[str]) -> str:
    return "".join(piece) if words.is_cjk("".join(piece)) else " ".join(piece)


def _fault_of_rationale(claim: Claim, cited: Sequence[Article]) -> str | None:
    if not claim.rationale:
        return None
    known = "\n".join(
        "\n".join((article.publisher, *article.authors, article.title, article.text)) for article in cited
    )
    if words.numbers(claim.rationale) and (number := _missing_number(claim.rationale, known)):
        return f"number {number} of the rationale is not in the article"
    pieces = set(_pieces(known))
    for match in _NAME.finditer(claim.rationale):
        starts = bool(_SENTENCE_START.search(claim.rationale[: match.start()]))
        if not starts and not any(piece in pieces for piece in _pieces(match[0])):
            return f"name {match[0]} of the rationale is not in the article"
    return None


def _fault_of_date(claim: Claim, cited: Sequence[Article]) -> str | None:
    days = {article.dated_at.date().isoformat() for article in cited}
    if claim.background_on and claim.background_on not in days:
        return f"no cited article is of {claim.background_on}"
    if claim.part != ClaimPart.TIMELINE or not claim.date or claim.date in days:
        return None
    stated = {
        found.value
        for citation, article in zip(claim.citations, cited, strict=True)
        for found in dates.find(citation.quote, article.published_at, is_ahead=cues.dates_ahead(citation.quote))
    }
    is_stated = any(value.startswith(claim.date) for value in stated)
    return None if is_stated else f"date {claim.date} is not in the quotes"
