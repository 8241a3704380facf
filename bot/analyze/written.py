"""An insight that a language model wrote: what stands of its drafts, with extracted lines where nothing does."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.analyze import central, ground, orders, words
from bot.analyze.entail import Likeness
from bot.model.article import Article
from bot.model.event import Dossier
from bot.model.insight import Citation, Claim, ClaimPart, DraftClaim, DroppedClaim, Insight, Quote, insight_key
from bot.model.values import ArticleId

MAX_CHARS = 400
"""Of a line; a longer one is no line of a card."""
LIMITS = {
    ClaimPart.HOOK: 1,
    ClaimPart.WHAT_CHANGED: 1,
    ClaimPart.WHY_IT_MATTERS: 1,
    ClaimPart.TAKEAWAY: 5,
    ClaimPart.IMPLICATION: 3,
    ClaimPart.TIMELINE: 8,
}
"""Lines of each part, in the order of the card."""
_CJK = frozenset({"zh", "ja", "ko"})
_ADDRESS = re.compile(
    r"https?:|www\.|://|\w@\w|\]\(|<[a-z/!]|javascript:|\b[\w-]+\.(?:com|org|net|io|ai|cn|ru|xyz|top|app|dev|me|info|biz|link)\b"
    r"/",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model wrote about an event."""

    claims: Sequence[DraftClaim]
    title: str = ""
    """The event's title in the readers' language; empty where the model gave none."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What stands of a draft, and what does not, with the reasons."""

    claims: tuple[Claim, ...]
    dropped: tuple[DroppedClaim, ...]
    title: str | None

    @property
    def is_good(self) -> bool:
        """Whether it tells what changed, and most of it stands."""
        tells = any(claim.part == ClaimPart.WHAT_CHANGED for claim in self.claims)
        return tells and len(self.claims) >= len(self.dropped)


def check(
    draft: Draft, dossier: Dossier, *, fallback: Insight, earlier: Sequence[Dossier], likeness: Likeness | None = None
) -> Checked:
    """Return what stands of *draft* about *dossier*, in the language of *fallback*."""
    fit, dropped = _screened(draft.claims)
    grounded = ground.claims(fit, dossier, earlier=earlier, likeness=likeness)
    articles = {article.id: article for told in (*earlier, dossier) for article in told.articles}
    title, own_language = dossier.title_in(fallback.language)
    kept: list[Claim] = []
    dropped = [*dropped, *grounded.dropped]
    for claim in grounded.shown:
        if reason := _fault(claim, kept, articles, title=title):
            dropped.append(DroppedClaim(part=claim.part, text=claim.text, reason=reason))
        else:
            kept.append(claim)
    ordered = sorted(kept, key=lambda claim: list(LIMITS).index(claim.part))
    translated = None if own_language == fallback.language else _title(draft.title, dossier, fallback, likeness)
    return Checked(tuple(ordered), tuple(dropped), translated)


def insight(checked: Checked, *, fallback: Insight, analyst: str, prompt_version: str) -> Insight | None:
    """Return the insight by *analyst*, its gaps filled from the extractive *fallback*; null where nothing stands."""
    if not checked.claims:
        return None
    identity = {"language": fallback.language, "analyst": analyst, "prompt_version": prompt_version}
    key = insight_key(fallback.event_id, fallback.content_hash, **identity)
    values = {
        "key": key,
        "title": checked.title,
        "claims": list(_filled(checked.claims, fallback)),
        "dropped": list(checked.dropped),
        "dropped_claims": len(checked.dropped),
    }
    return fallback.model_copy(update=identity | values)


def _screened(drafts: Iterable[DraftClaim]) -> tuple[list[DraftClaim], list[DroppedClaim]]:
    fit: list[DraftClaim] = []
    dropped: list[DroppedClaim] = []
    for draft in drafts:
        reason = _unfit(draft)
        if reason is None and sum(other.part == draft.part for other in fit) >= LIMITS.get(draft.part, 0):
            reason = "one line too many"
        if reason:
            dropped.append(DroppedClaim(part=draft.part, text=draft.text[:MAX_CHARS], reason=reason))
        else:
            fit.append(draft)
    return fit, dropped


def _unfit(draft: DraftClaim) -> str | None:
    said = f"{draft.text}\n{draft.rationale or ''}"
    if len(draft.text) > MAX_CHARS or len(draft.rationale or "") > MAX_CHARS:
        return f"longer than {MAX_CHARS} characters"
    if _ADDRESS.search(said):
        return "it holds an address or markup"
    if orders.is_order(said):
        return "it gives orders"
    return None if _is_in(draft.text, draft.language) else "it is in another language"


def _is_in(text: str, language: str) -> bool:
    return words.reads_cjk(text) == (language in _CJK) or not any(char.isalpha() for char in text)


def _fault(claim: Claim, kept: Sequence[Claim], articles: dict[ArticleId, Article], *, title: str) -> str | None:
    if any(_is_order(citation, articles[citation.article_id]) for citation in claim.citations):
        return "its quote gives orders to a machine"
    if claim.part == ClaimPart.TIMELINE:
        return None if claim.date else "it has no date"
    if claim.part == ClaimPart.HOOK and words.is_repetition(claim.text, title):
        return "it says the title again"
    if any(words.is_repetition(claim.text, other.text) for other in kept if other.part != ClaimPart.TIMELINE):
        return "it says the same again"
    return None


def _is_order(citation: Citation, article: Article) -> bool:
    return not citation.in_title and orders.quotes_one(article, citation.start, citation.end)


def _filled(claims: Sequence[Claim], fallback: Insight) -> Iterable[Claim]:
    said = [claim.text for claim in claims]
    for part in LIMITS:
        own = [claim for claim in claims if claim.part == part]
        dates = {claim.date for claim in own}
        yield from own
        for claim in fallback.of_part(part):
            fills = claim.date not in dates if part == ClaimPart.TIMELINE else not own or claim.background_on
            if (
                fills
                and not orders.is_order(claim.text)
                and not any(central.tell_the_same(claim.text, line) for line in said)
            ):
                yield claim.model_copy(update={"is_extracted": not claim.is_computed})


def _title(title: str, dossier: Dossier, fallback: Insight, likeness: Likeness | None) -> str | None:
    event = dossier.event
    told = next((article for article in dossier.articles if article.title == event.title), None)
    if told is None or not title.strip():
        return None
    quotes = [Quote(article_id=told.id, text=event.title)]
    draft = DraftClaim(part=ClaimPart.HOOK, text=title, language=fallback.language, quotes=quotes)
    if _unfit(draft):
        return None
    kept = ground.claims([draft], dossier, likeness=likeness).kept
    return kept[0].text if kept else None
