"""Whether a claim stands on its quotes, and why it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.analyze import cues, dated, dates, entail, located, names, quantities, sense_cjk, words
from bot.analyze.dated import Stated
from bot.analyze.entail import Likeness
from bot.model.article import Article
from bot.model.insight import Citation, Claim, ClaimPart
from bot.model.values import ArticleId

Articles = Mapping[ArticleId, Article]


class FaultKind(StrEnum):
    """What is wrong with a claim, as far as it matters to mending it."""

    QUOTE = "quote"
    """It cites what is not there."""
    FACT = "fact"
    """It has a number, a date or a name of its own: invented, unless the rest of the quoted sentence has it."""
    SENSE = "sense"
    """It says another thing about the same."""
    RATIONALE = "rationale"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a claim does not stand."""

    kind: FaultKind
    reason: str


def fault(claim: Claim, articles: Articles, *, likeness: Likeness | None = None) -> Fault | None:
    """
    Return null where *claim* stands on its quotes, else its first fault.

    Every quote must be verbatim at its place in a stored article (white space, quotation marks and Unicode forms
    apart) and long enough to tell something; every number, unit, date and name of the claim must be in its quotes;
    and it may not say more than they do, nor the contrary. *articles* are those of the event and of earlier ones.
    """
    if not claim.citations:
        return None if claim.is_computed else Fault(FaultKind.QUOTE, "no quote")
    for citation in claim.citations:
        if reason := _fault_of_quote(citation, articles):
            return Fault(FaultKind.QUOTE, reason)
    cited = [articles[citation.article_id] for citation in claim.citations]
    if reason := _fault_of_date(claim, cited):
        return Fault(FaultKind.FACT, reason)
    if claim.is_computed:
        return None
    found = None if _is_verbatim(claim, cited) else _fault_of_wording(claim, articles, likeness)
    reason = None if found else _fault_of_rationale(claim, cited)
    return Fault(FaultKind.RATIONALE, reason) if reason else found


def _fault_of_quote(citation: Citation, articles: Articles) -> str | None:
    article = articles.get(citation.article_id)
    if article is None:
        return f"article {citation.article_id} is not known"
    if article.content_hash != citation.content_hash:
        return f"article {citation.article_id} has another text now"
    source = article.title if citation.in_title else article.text
    if source[citation.start : citation.end] != citation.quote and (reason := _fault_of_span(citation, source)):
        return reason
    return None if located.is_long_enough(citation, article) else "the quote is too short to tell anything"


def _fault_of_span(citation: Citation, source: str) -> str | None:
    quote = words.fold(citation.quote)
    if not quote:
        return "empty quote"
    if words.fold(source[citation.start : citation.end]) == quote:
        return None
    return "quote stands elsewhere in the article" if quote in words.fold(source) else "quote not found in the article"


def _is_verbatim(claim: Claim, cited: Sequence[Article]) -> bool:
    """Return whether the claim is one of its quotes, and that a whole sentence: no "not" before it is cut off."""
    return any(
        (claim.text == citation.quote or words.fold(claim.text) == words.fold(citation.quote))
        and located.is_whole(citation, article)
        for citation, article in zip(claim.citations, cited, strict=True)
    )


def _fault_of_wording(claim: Claim, articles: Articles, likeness: Likeness | None) -> Fault | None:
    quotes = [citation.quote for citation in claim.citations]
    cited = [articles[citation.article_id] for citation in claim.citations]
    if reason := _fault_of_facts(claim, cited, articles):
        return Fault(FaultKind.FACT, reason)
    around = [located.widened(*pair).quote for pair in zip(claim.citations, cited, strict=True)]
    reason = entail.fault(claim.text, quotes, context=around, likeness=likeness)
    return Fault(FaultKind.SENSE, reason) if reason else None


def _fault_of_facts(claim: Claim, cited: Sequence[Article], articles: Articles) -> str | None:
    quotes = [
        Stated(citation.quote, article.published_at) for citation, article in zip(claim.citations, cited, strict=True)
    ]
    text = Stated(claim.text, next((article.published_at for article in cited if article.published_at), None))
    if reason := dated.fault(text, quotes):
        return reason
    bare = dated.without(text)
    years = {day[:4] for quote in quotes for day in dated.days(quote)}
    if reason := quantities.fault(bare, [dated.without(quote) for quote in quotes], years=years):
        return reason
    return _fault_of_names(claim, bare, cited, articles=articles)


def _fault_of_names(claim: Claim, text: str, cited: Sequence[Article], *, articles: Articles) -> str | None:
    quotes = [citation.quote for citation in claim.citations]
    told = "\n".join(f"{article.title}\n{article.text}" for article in cited)
    about = "\n".join(f"{article.title}\n{article.publisher}" for article in articles.values())
    publishers = [article.publisher for article in cited]
    if words.reads_cjk(claim.text) == words.reads_cjk("\n".join(quotes)):
        evidence = names.Evidence(quotes, publishers, told, about)
    else:
        # A name in other letters cannot be told from an invented one; the event's articles may have both.
        everything = [f"{article.title}\n{article.text}" for article in articles.values()]
        evidence = names.Evidence([*quotes, *everything], publishers, told, about)
    if reason := names.fault(text, evidence, is_german=claim.language == "de"):
        return reason
    if words.reads_cjk(claim.text) and words.reads_cjk("\n".join(quotes)):
        return sense_cjk.fault_of_names(text, quotes, "\n".join((told, about)))
    return None


def _fault_of_rationale(claim: Claim, cited: Sequence[Article]) -> str | None:
    if not claim.rationale:
        return None
    known = ["\n".join((article.publisher, *article.authors, article.title, article.text)) for article in cited]
    if reason := quantities.fault(claim.rationale, known):
        return _of_rationale(reason)
    together = "\n".join(known)
    reason = names.fault(claim.rationale, names.Evidence(known, [], together, ""), is_german=claim.language == "de")
    return _of_rationale(reason) if reason else None


def _of_rationale(reason: str) -> str:
    return f"in the rationale, {reason.replace('the quotes', 'the article')}"


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
    is_stated = any(value == claim.date or value.startswith(f"{claim.date}-") for value in stated)
    return None if is_stated else f"date {claim.date} is not in the quotes"
