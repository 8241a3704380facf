"""Drafts made by machine to try the grounding: falsehoods that must fall, and true paraphrases that should stand."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random

from bot.analyze import candidates, cues, dated, dates, located, reworded, words
from bot.analyze.candidates import Candidate
from bot.analyze.dated import Stated
from bot.model.event import Dossier
from bot.model.insight import ClaimPart, DraftClaim, Quote

_NAME = re.compile(
    rf"(?<![.!?:\"“]\s)(?<!^)(?<![\w{words.CJK}-])[A-Z][a-z]+[A-Z]?[\w]*(?: [A-Z][\w]+){{0,2}}(?![\w-])"
    rf"|(?<=[{words.CJK}，。“] )[A-Z][A-Za-z]{{2,}}(?: [A-Z][a-z]+)?"
)
_CJK_NAME = re.compile(r"[一-鿿]{2,4}(?=智能|科技|资本|半导体|实验室|大学|集团|银行|云)")
_KINDS = ("number", "name", "date", "quote", "article")


@dataclass(frozen=True, slots=True)
class Planted:
    """A draft with what was done to it, and the event that it speaks of."""

    kind: str
    draft: DraftClaim
    dossier: Dossier


Plant = Callable[[Candidate, Candidate, Random], DraftClaim | None]


def falsehoods(dossiers: Sequence[Dossier], *, seed: int, count: int = 200) -> list[Planted]:
    """
    Return *count* falsehoods, or fewer where *dossiers* give no more: as many of each kind as can be.

    Each is a true sentence with its number, name, date, quote or article exchanged with one of another article of
    the same topic and language. The same *seed* gives the same.
    """
    random = Random(seed)  # drawn to be repeated, not to be secret
    lines = _lines(dossiers, random)
    by_kind = [list(islice(_of_kind(kind, lines, random), count)) for kind in _KINDS]
    return _in_turn(by_kind, count)


def paraphrases(dossiers: Sequence[Dossier], *, seed: int, count: int = 200) -> list[Planted]:
    """Return *count* true rewordings of sentences with their quotes, or fewer: as many of each kind as can be."""
    random = Random(seed)  # drawn to be repeated, not to be secret
    lines = _lines(dossiers, random)
    by_kind: dict[str, list[Planted]] = {kind: [] for kind in reworded.KINDS}
    for line, dossier in lines:
        for kind, text in reworded.ways(line.text, line.article.published_at):
            by_kind[kind].append(Planted(kind, _draft(line, text), dossier))
    return _in_turn([_distinct(planted) for planted in by_kind.values()], count)


def _distinct(planted: Sequence[Planted]) -> list[Planted]:
    return list({each.draft.text: each for each in planted}.values())


def _in_turn(by_kind: Sequence[Sequence[Planted]], count: int) -> list[Planted]:
    longest = max(map(len, by_kind), default=0)
    turns = (planted[place] for place in range(longest) for planted in by_kind if place < len(planted))
    return list(islice(turns, count))


def _lines(dossiers: Sequence[Dossier], random: Random) -> list[tuple[Candidate, Dossier]]:
    lines = [
        (line, dossier)
        for dossier in dossiers
        for line in candidates.gather(dossier.articles)
        if words.count(line.text) <= candidates.MAX_WORDS and not cues.is_speech(line.text)
    ]
    random.shuffle(lines)
    return lines


def _of_kind(kind: str, lines: Sequence[tuple[Candidate, Dossier]], random: Random) -> Iterator[Planted]:
    for line, dossier in lines:
        others = [other for other, told in lines if _is_of_topic(line, other) and told is not dossier]
        for other in random.sample(others, k=min(len(others), 12)):
            if draft := _PLANTS[kind](line, other, random):
                yield Planted(kind, draft, dossier)
                break


def _is_of_topic(line: Candidate, other: Candidate) -> bool:
    same = not line.article.topics or bool(set(line.article.topics) & set(other.article.topics))
    return same and line.language == other.language and line.article.id != other.article.id


def _draft(line: Candidate, text: str) -> DraftClaim:
    quote = Quote(article_id=line.article.id, text=line.text)
    return DraftClaim(part=ClaimPart.TAKEAWAY, text=text, language=line.language, quotes=[quote])


def _number(line: Candidate, other: Candidate, random: Random) -> DraftClaim | None:
    mine = [number for number in words.numbers(_undated(line)) if words.has_figure(line.text)]
    theirs = [number for number in words.numbers(_undated(other)) if words.has_figure(other.text)]
    known = {number.scaled for number in words.numbers(line.text)}
    theirs = [number for number in theirs if number.scaled not in known]
    if not mine or not theirs:
        return None
    out, into = random.choice(mine), random.choice(theirs)
    new = other.text[into.start : into.end].strip()
    old = line.text[out.start : out.end]
    return _draft(line, line.text[: out.start] + old.replace(old.strip(), new) + line.text[out.end :])


def _name(line: Candidate, other: Candidate, random: Random) -> DraftClaim | None:
    pattern = _CJK_NAME if words.is_cjk(line.text) and _CJK_NAME.search(line.text) else _NAME
    mine = _names(line.text, pattern, line)
    theirs = [name for name in _names(other.text, pattern, other) if name not in line.text]
    if not mine or not theirs:
        return None
    out, into = random.choice(mine), random.choice(theirs)
    text = re.sub(rf"(?<!\w){re.escape(out)}(?!\w)" if out.isascii() else re.escape(out), into, line.text, count=1)
    return _draft(line, text) if text != line.text else None


def _names(text: str, pattern: re.Pattern[str], line: Candidate) -> list[str]:
    bare = dated.without(Stated(text, line.article.published_at))
    article = line.article.text.casefold() if line.language == "de" else ""
    # German nouns have capitals as well: only what the article never writes small, and what stands alone, is a name.
    found = [name for name in pattern.findall(bare) if name.casefold() not in words.stop_words()]
    return [name for name in found if not article or not re.search(rf"\b[dem]\w{{1,3}} {name.casefold()}", article)]


def _date(line: Candidate, other: Candidate, random: Random) -> DraftClaim | None:
    mine = _dates(line)
    known = {mention.value for mention in mine}
    theirs = [mention for mention in _dates(other) if all(not _meet(mention.value, value) for value in known)]
    if not mine or not theirs:
        return None
    out, into = random.choice(mine), random.choice(theirs)
    new = other.text[into.start : into.end]
    return _draft(line, line.text[: out.start] + new + line.text[out.end :])


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _quote(line: Candidate, other: Candidate, random: Random) -> DraftClaim | None:
    """Exchange the quote: half of them are cited as of the other article, half as of this one."""
    if words.overlap(line.text, other.text) > 0.5:
        return None
    cited = random.choice((line, other)).article
    draft = _draft(line, line.text)
    return draft.model_copy(update={"quotes": [Quote(article_id=cited.id, text=other.text)]})


def _article(line: Candidate, other: Candidate, random: Random) -> DraftClaim | None:
    del random
    if located.exactly(line.text, other.article):
        return None
    draft = _draft(line, line.text)
    return draft.model_copy(update={"quotes": [Quote(article_id=other.article.id, text=line.text)]})


def _undated(line: Candidate) -> str:
    return dated.without(Stated(line.text, line.article.published_at))


def _dates(line: Candidate) -> list[dates.Mention]:
    return dates.find(line.text, line.article.published_at, is_ahead=cues.dates_ahead(line.text))


_PLANTS: dict[str, Plant] = {"number": _number, "name": _name, "date": _date, "quote": _quote, "article": _article}
