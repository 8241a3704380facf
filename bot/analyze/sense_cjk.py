"""Whether a Chinese sentence keeps the names, negations, plans and directions of its source."""

import re
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import Indel, Levenshtein

from bot.analyze import lexicon, words

REACH = 18
"""Characters that a 计划 before them belongs to."""
NEAR_REACH = 4
"""Characters that a 不 before them belongs to."""
_RUN = re.compile(rf"[{words.CJK}]+")
_HARMLESS = re.compile("|".join(sorted(lexicon.NOT_NEGATIONS_CJK, key=len, reverse=True)))
_COMMON = re.compile(
    f"(?:{'|'.join(sorted(lexicon.COMMON_CJK, key=len, reverse=True))}|[一二两三四五六七八九十百千万亿])"
)
_CLAUSE = re.compile(r"[，。；：！？]")
_ACT = re.compile(r"收购|起诉|控告|投资|领投|任命|击败|买下|并购|授权给?|供货给?|批评|指控")


def fault(text: str, source: str) -> str | None:
    """Return why *text* twists what *source* says (both Chinese), or null where it does not."""
    for one, other in lexicon.CONTRARIES_CJK:
        for ours, opposite in ((one.split("|"), other.split("|")), (other.split("|"), one.split("|"))):
            if _has(text, ours) and not _has(text, opposite) and _has(source, opposite) and not _has(source, ours):
                return f"it says the contrary of '{next(word for word in opposite if word in source)}' in the quotes"
    extreme = next((word for word in lexicon.EXTREMES_CJK if word in text and word not in source), None)
    if extreme:
        return f"'{extreme}' is not in the quotes"
    return _fault_of_certainty(text, source) or _fault_of_roles(text, source)


def fault_of_names(text: str, quotes: Iterable[str], articles: str) -> str | None:
    """Return why a name of *text* in characters is not in *quotes* or, by its look, in *articles*."""
    together = "\n".join(quotes)
    for quote in together.split("\n"):
        if swap := _swapped(text, quote):
            return f"'{swap}' is not in the quotes"
    for run in _novel(text, together):
        rest = [part for part in _COMMON.split(run) if len(part) >= 2 and part not in articles]
        if rest:
            return f"'{rest[0]}' is not in the quotes"
    return None


def _novel(text: str, quoted: str) -> Iterator[str]:
    """Yield the stretches of *text* of which no pair of characters is in *quoted*."""
    for run in _RUN.findall(text):
        known = [False] * len(run)
        for place in range(len(run) - 1):
            if run[place : place + 2] in quoted:
                known[place] = known[place + 1] = True
        yield from re.findall(
            r"[^ ]{2,}", "".join(" " if is_known else char for char, is_known in zip(run, known, strict=True))
        )


def _swapped(text: str, quote: str) -> str | None:
    mine, theirs = "".join(_RUN.findall(text)), "".join(_RUN.findall(quote))
    if Indel.normalized_similarity(mine, theirs) < 0.75:
        return None
    common = {place for match in _COMMON.finditer(mine) for place in range(*match.span())}
    for change in Levenshtein.opcodes(mine, theirs):
        place = range(change.src_start, change.src_end)
        if change.tag == "replace" and any(known not in common for known in place):
            return mine[change.src_start : change.src_end]
    return None


def _fault_of_certainty(text: str, source: str) -> str | None:
    unsure = (*lexicon.AHEAD_CJK, *lexicon.MAYBE_CJK)
    plain, told = _HARMLESS.sub(" ", text), _HARMLESS.sub(" ", source)
    if _has(plain, lexicon.NEGATIONS_CJK) and not _has(told, lexicon.NEGATIONS_CJK):
        return "the negation is not in the quotes"
    if not _has(plain, lexicon.NEGATIONS_CJK) and _touches(plain, told, lexicon.NEGATIONS_CJK, reach=NEAR_REACH):
        return "the negation of the quotes is missing"
    if not _has(text, unsure) and _touches(text, source, unsure, reach=REACH):
        return "what the quotes call a plan or doubtful is told as a fact"
    if _has(text, unsure) and not _has(source, unsure):
        return "what the quotes tell as a fact is told as a plan or a doubt"
    return None


def _touches(text: str, source: str, markers: Iterable[str], *, reach: int) -> bool:
    for match in re.finditer("|".join(sorted(markers, key=len, reverse=True)), source):
        clause = _CLAUSE.split(source[match.end() : match.end() + reach])[0]
        pairs = [run[i : i + 2] for run in _RUN.findall(clause) for i in range(len(run) - 1)]
        free = source[: match.start()] + " " + source[match.end() + reach :]
        shared = [pair for pair in pairs if pair in text and pair not in free]
        if (pairs[:1] == shared[:1] and shared) or len(shared) >= 3:
            return True
    return False


def _fault_of_roles(text: str, source: str) -> str | None:
    for mine in _ACT.finditer(text):
        for theirs in re.finditer(mine[0], source):
            one, other = _sides(text, mine), _sides(source, theirs)
            straight = bool(one[0] & other[0]) or bool(one[1] & other[1])
            if one[0] & other[1] and one[1] & other[0] and not straight:
                return f"who does what ({mine[0]}) is the other way round in the quotes"
    return None


def _sides(text: str, act: re.Match[str]) -> tuple[set[str], set[str]]:
    before, after = text[max(0, act.start() - 40) : act.start()], text[act.end() : act.end() + 40]
    sides = _pairs(_CLAUSE.split(before)[-1]), _pairs(_CLAUSE.split(after)[0])
    return sides[::-1] if "被" in before else sides


def _pairs(text: str) -> set[str]:
    runs = [part for run in _RUN.findall(text) for part in _COMMON.split(run)]
    return {run[i : i + 2] for run in runs for i in range(len(run) - 1)} | set(
        re.findall(r"[A-Za-z][A-Za-z0-9]+", text)
    )


def _has(text: str, markers: Iterable[str]) -> bool:
    return any(marker in text for marker in markers)
