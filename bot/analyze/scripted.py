"""Answers as language models give them, scripted from the articles: good, sloppy, inventing and malformed."""

import re
from collections.abc import Callable, Iterator, Sequence
from random import Random

from bot.analyze import candidates, planted, reworded
from bot.analyze.candidates import Candidate
from bot.model.event import Dossier
from bot.model.insight import ClaimPart, DraftClaim, Quote

_PARTS = (ClaimPart.HOOK, ClaimPart.WHAT_CHANGED, ClaimPart.WHY_IT_MATTERS, ClaimPart.TAKEAWAY, ClaimPart.IMPLICATION)
_PLAN = re.compile(r"\b(?:plans|intends|aims|expects) to (\w+)")
_SCRIPTED = 5
"""Sentences of an answer."""


def answers(character: str, dossiers: Sequence[Dossier], *, seed: int) -> Iterator[tuple[Dossier, list[DraftClaim]]]:
    """Yield each of *dossiers* with the drafts that a model of *character* (see `CHARACTERS`) answers."""
    if character == "inventing":
        yield from _inventing(dossiers, seed)
        return
    random = Random(seed)  # drawn to be repeated, not to be secret
    for dossier in dossiers:
        lines = candidates.gather(dossier.articles)[:_SCRIPTED]
        drafts = [_CHARACTERS[character](line, _PARTS[nth], random) for nth, line in enumerate(lines)]
        yield dossier, drafts


def _inventing(dossiers: Sequence[Dossier], seed: int) -> Iterator[tuple[Dossier, list[DraftClaim]]]:
    false = planted.falsehoods(dossiers, seed=seed + 1, count=_SCRIPTED * len(dossiers))
    for dossier in dossiers:
        yield dossier, [each.draft for each in false if each.dossier is dossier]


def _good(line: Candidate, part: ClaimPart, random: Random) -> DraftClaim:
    """Say the sentence in other words where a rule knows some, and quote it as it stands."""
    ways = [text for _, text in reworded.ways(line.text, line.article.published_at)]
    return _draft(line, part, text=random.choice([line.text, *ways]), quote=line.text)


def _sloppy(line: Candidate, part: ClaimPart, random: Random) -> DraftClaim:
    """Misquote a little, quote too little, leave words out, or tell a plan as done."""
    text, quote = line.text, line.text
    way = random.randrange(5)
    words = quote.split(" ")
    if way == 0:
        quote = quote.replace("the ", "", 1)
    elif way == 1 and len(words) > 12:
        quote = " ".join([*words[:5], "…", *words[-5:]])
    elif way == 2:
        quote = " ".join(words[:2])
    elif way == 3:
        quote = quote.replace("'", "’").replace('"', "”").rstrip(".")
    text = _PLAN.sub(r"has \1ed", text)
    return _draft(line, part, text=text, quote=quote)


def _malformed(line: Candidate, part: ClaimPart, random: Random) -> DraftClaim:
    """Break the form: no quote, an unknown article, an empty sentence, a date that is none, a sentence cut off."""
    draft = _draft(line, part, text=line.text, quote=line.text)
    broken: Sequence[dict[str, object]] = (
        {"quotes": []},
        {"quotes": [Quote(article_id="a1", text=line.text)]},
        {"text": "  "},
        {"part": ClaimPart.TIMELINE, "date": "next spring"},
        {"quotes": [Quote(article_id=line.article.id, text="")]},
        {"quotes": [Quote(article_id=line.article.id, text='{"text": "')]},
        {"rationale": "says Zebulon Quark"},
        {"text": line.text[: len(line.text) // 2]},
    )
    return draft.model_copy(update=random.choice(broken))


def _draft(line: Candidate, part: ClaimPart, *, text: str, quote: str) -> DraftClaim:
    quotes = [Quote(article_id=line.article.id, text=quote)]
    return DraftClaim(part=part, text=text, language=line.language, quotes=quotes)


_CHARACTERS: dict[str, Callable[[Candidate, ClaimPart, Random], DraftClaim]] = {
    "good": _good,
    "sloppy": _sloppy,
    "malformed": _malformed,
}
CHARACTERS = (*_CHARACTERS, "inventing")
"""What a model can be like."""
