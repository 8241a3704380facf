"""Grounds claims: what stands on its quotes is kept, what nearly does is mended once, the rest is dropped."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.analyze import candidates, entail, located, support
from bot.analyze.entail import Likeness
from bot.analyze.support import Articles, Fault, FaultKind
from bot.model.article import Article
from bot.model.event import Dossier
from bot.model.insight import Citation, Claim, DraftClaim, DroppedClaim
from bot.model.values import ArticleId


@dataclass(frozen=True, slots=True)
class Repaired:
    """A claim that did not stand as drafted, what was wrong, and the claim that is left of it."""

    claim: Claim
    reason: str


@dataclass(frozen=True, slots=True)
class Grounded:
    """What became of drafts: each is in one of the three."""

    kept: tuple[Claim, ...]
    repaired: tuple[Repaired, ...]
    dropped: tuple[DroppedClaim, ...]
    shown: tuple[Claim, ...]
    """Kept and repaired claims, in the order of the drafts."""


def check(claim: Claim, articles: Articles, *, likeness: Likeness | None = None) -> str | None:
    """Return null where *claim* stands on its quotes, else the reason why it does not (see `support.fault`)."""
    found = support.fault(claim, articles, likeness=likeness)
    return found.reason if found else None


def locate(quote: str, article: Article) -> Citation | None:
    """Return the citation of *quote* in *article*, or null where it is not there (see `located.exactly`)."""
    return located.exactly(quote, article)


def sift(claims: Iterable[Claim], articles: Articles) -> tuple[list[Claim], list[DroppedClaim]]:
    """Return those of *claims* that stand on their quotes, and the others with their reasons; nothing is mended."""
    sound, dropped = [], []
    for claim in claims:
        if reason := check(claim, articles):
            dropped.append(DroppedClaim(part=claim.part, text=claim.text, reason=reason))
        else:
            sound.append(claim)
    return sound, dropped


def claims(
    drafts: Iterable[DraftClaim],
    dossier: Dossier,
    *,
    earlier: Sequence[Dossier] = (),
    likeness: Likeness | None = None,
) -> Grounded:
    """
    Return what is left of *drafts* about *dossier*; they may quote its articles and those of *earlier* events.

    What is mended: a quote that is nearly verbatim, becomes so; one that is too short, its sentence; a
    claim that says more than its quotes, their own sentence; a rationale that is not in the articles goes. What has
    a number, date or name that the quoted sentences do not have, or quotes what is not there, is never mended.
    """
    own = {article.id for article in dossier.articles}
    articles = {article.id: article for told in (*earlier, dossier) for article in told.articles}
    results = [(draft, _ground(draft, articles, own=own, likeness=likeness)) for draft in drafts]
    found = [result for _, result in results]
    return Grounded(
        kept=tuple(result for result in found if isinstance(result, Claim)),
        repaired=tuple(result for result in found if isinstance(result, Repaired)),
        dropped=tuple(
            DroppedClaim(part=draft.part, text=draft.text, reason=result)
            for draft, result in results
            if isinstance(result, str)
        ),
        shown=tuple(_claim_of(result) for result in found if not isinstance(result, str)),
    )


def _claim_of(result: Claim | Repaired) -> Claim:
    return result.claim if isinstance(result, Repaired) else result


def _ground(
    draft: DraftClaim, articles: Articles, *, own: set[ArticleId], likeness: Likeness | None
) -> Claim | Repaired | str:
    """Return the claim, or what was mended, or why it falls."""
    if not draft.text.strip() or not draft.quotes:
        return "no quote" if draft.text.strip() else "no text"
    citations, wrong = _cited(draft, articles)
    if not citations:
        return wrong or "no quote"
    claim = _claim(draft, citations, articles, own=own)
    fault = support.fault(claim, articles, likeness=likeness)
    if fault is None:
        return Repaired(claim, wrong) if wrong else claim
    for mended in _mended(claim, fault, articles):
        if support.fault(mended, articles, likeness=likeness) is None:
            return Repaired(mended, fault.reason)
    return fault.reason


def _cited(draft: DraftClaim, articles: Articles) -> tuple[list[Citation], str | None]:
    """Return the quotes as they stand in their articles, and the last thing that was wrong with one."""
    found: list[Citation] = []
    wrong = None
    for quote in draft.quotes:
        article = articles.get(quote.article_id)
        if article is None:
            wrong = f"article {quote.article_id} is not known"
        elif citation := located.exactly(quote.text, article):
            found.append(citation)
        else:
            found += located.nearest(quote.text, article)
            wrong = f"quote not found in article {quote.article_id}"
    return found, wrong


def _claim(draft: DraftClaim, citations: list[Citation], articles: Articles, *, own: set[ArticleId]) -> Claim:
    outside = [citation.article_id for citation in citations if citation.article_id not in own]
    day = articles[outside[0]].dated_at.date().isoformat() if len(outside) == len(citations) else None
    return Claim(
        part=draft.part,
        text=" ".join(draft.text.split()),
        language=draft.language,
        citations=citations,
        rationale=draft.rationale,
        date=draft.date,
        background_on=day,
    )


def _mended(claim: Claim, fault: Fault, articles: Articles) -> Iterator[Claim]:
    """Yield what might stand instead of *claim*, the nearest to it first."""
    if fault.kind == FaultKind.RATIONALE:
        yield claim.model_copy(update={"rationale": None})
    if fault.kind in (FaultKind.QUOTE, FaultKind.FACT):
        wider = [located.widened(citation, articles[citation.article_id]) for citation in claim.citations]
        distinct = {(citation.article_id, citation.start, citation.in_title): citation for citation in wider}
        yield claim.model_copy(update={"citations": list(distinct.values())})
    if fault.kind == FaultKind.SENSE:
        yield from _quoted_instead(claim, articles)


def _quoted_instead(claim: Claim, articles: Articles) -> Iterator[Claim]:
    # Only where claim and quote are about the same: else the quote would be shown for no reason.
    if entail.score(claim.text, [citation.quote for citation in claim.citations]) < entail.MIN_OVERLAP:
        return
    first = claim.citations[0]
    article = articles[first.article_id]
    sentence = located.widened(first, article)
    if candidates.is_usable(sentence.quote) or sentence.in_title:
        yield claim.model_copy(
            update={
                "text": " ".join(sentence.quote.split()),
                "language": candidates.language_of(article),
                "citations": [sentence],
            }
        )
