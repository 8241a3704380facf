"""Sentences of a text as spans, so that quotes stay verbatim."""

import re
from collections.abc import Iterator

from bot.analyze.boilerplate import is_boilerplate
from bot.analyze.words import CJK
from bot.model.values import Language

__all__ = ["is_boilerplate", "split", "trim"]


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# A name, a number or an example follows these, never a new sentence.
_NEVER_LAST = _listed(
    "mr mrs ms dr prof st gen sen rep gov lt col sgt capt rev hon pres supt no nos v vol fig figs vs e.g i.e cf "
    "approx est viz al jan feb mar apr jun jul aug sep sept oct nov dec mt ft z b d h u bzw ca nr str evtl ggf "
    "inkl zzgl vgl z.b d.h u.a v.a o.ä i.d.r mio mrd hrsg abs art tel"
)
_MAY_BE_LAST = _listed(
    "inc corp ltd co llc jr sr plc bros etc u.s u.k u.n e.u d.c a.m p.m ph.d b.a m.a u.s.a usw gmbh ag"
)
_STARTERS = _listed(
    "the a an it its he she they we i you in on at but and as for this that these those there if when while after "
    "before since with what who how why by from to their his her our some many most other one two no not so "
    "however meanwhile according until last die der das es er sie wir ein eine im am in bei auf auch doch aber "
    "nach mit für zum zur wer was wie so laut seit damit dafür"
)
_CLOSERS = "\"'”’»«“)\\]」』）】》"
_WESTERN = re.compile(rf"[.!?…]+[{_CLOSERS}]*(?=\s|$)")
_EASTERN = re.compile(rf"[。！？｡]+[{_CLOSERS}]*|[!?]+[{_CLOSERS}]*(?=[{CJK}])")
_ENDS = re.compile(f"{_EASTERN.pattern}|{_WESTERN.pattern}")
_QUOTED = re.compile(
    r"„[^„“”]{1,900}[“”]|“[^“”]{1,900}”|\"[^\"]{1,900}\"|»[^»«]{1,900}«|«[^»«]{1,900}»|「[^「」]{1,900}」|『[^『』]{1,900}』"
)
_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?![ \t]*(?:\n|[-•*·▪●◦–]\s|\d{1,2}[.)]\s))[^\n]+)*")
_SPEAKER = re.compile(
    r"[A-ZÄÖÜ][\w.’'-]+(?: [A-ZÄÖÜ][\w.’'-]+){0,3} (?:said|says|asked|told|wrote|writes|added|adds|sagte|sagt|fragte"
    r"|schrieb)\b"
)
_CJK_SPEAKER = re.compile(
    r"[^，。！？“”]{0,14}(?:说|表示|称|道|指出|坦言|认为|介绍|强调|透露|补充|と話|と述べ)|[，、的是这那]"
)
_LEAD_IN = re.compile(
    r"[ \t]*[-•*·▪●◦–][ \t]+|\d{1,2}[.)][ \t]+|\*\*[^*\n]{2,40}\*\*:?\s+|#{1,5} "
    r"|(?:Why it matters|The big picture|Driving the news|What's next|What’s next|By the numbers|The bottom line"
    r"|Zoom (?:in|out)|Update"
    r"|TL;DR|Zum Hintergrund|Hintergrund)[:：]\s+"
    r"|[A-ZÄÖÜ][\w .,/'’-]{1,50}\((?:[A-Z][^()]{1,30}|dpa[^()]{0,12})\)\s*[-–—:]+\s*"
    r"|\((?:Reuters|AP|AFP|dpa|Bloomberg|UPI)\)\s*[-–—:]+\s*"
    r"|[A-ZÄÖÜ]{3}[A-ZÄÖÜ .,'’/-]{0,30}(?:,? [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)?\s*(?:--|[–—]"
    r"|\s-)\s*(?=[A-ZÄÖÜ\"“„])"
    r"|【[^】]{2,24}】\s*"
    r"|(?:本报|本刊|新华社|新华网|中新网|中新社|央视|人民网|财联社)[^，。：]{0,20}?(?:讯|电|报道)(?:[（(][^）)]{2,24}[）)])?[，：:\s]*"
    r"|[^，。：]{2,14}?\s?\d{1,2}\s?月\s?\d{1,2}\s?日(?:讯|电|消息|报道)[，：:\s]*"
)


def split(text: str, language: Language) -> list[tuple[int, int]]:
    """
    Return the spans of the sentences of *text*, in order, without the space around them.

    A sentence never crosses a paragraph, and a quotation of several sentences stays whole.
    """
    spans: list[tuple[int, int]] = []
    for paragraph in _PARAGRAPH.finditer(text):
        start = paragraph.start()
        for end in _ends(text, paragraph.span(), language):
            spans.append(_stripped(text, start, end))
            start = end
    return [(start, end) for start, end in spans if start < end]


def trim(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return *span* without what stands before the sentence proper: a bullet, a dateline, a label."""
    start, end = span
    while (lead := _LEAD_IN.match(text, start, end)) and lead.end() < end and lead.end() > start:
        start = lead.end()
    return _stripped(text, start, end)


def _ends(text: str, paragraph: tuple[int, int], language: Language) -> Iterator[int]:
    start, stop = paragraph
    quoted = [match.span() for match in _QUOTED.finditer(text, start, stop)]
    for match in _ENDS.finditer(text, start, stop):
        inside = any(begin < match.start() and match.end() < end for begin, end in quoted)
        if not inside and not _goes_on(text, match, paragraph, language=language):
            yield match.end()
    yield stop


def _goes_on(text: str, match: re.Match[str], paragraph: tuple[int, int], *, language: Language) -> bool:
    after = text[match.end() : min(paragraph[1], match.end() + 80)].lstrip()
    if not after:
        return False
    mark = match[0]
    closes_quote = mark[-1] in '"”’“«»」』'
    if mark[0] in "。！？｡" or re.match(rf"[{CJK}]", after):
        return closes_quote and bool(_CJK_SPEAKER.match(after))
    if after[0].islower() or (closes_quote and _SPEAKER.match(after)):
        return re.match(r"[iex][A-Z]", after) is None
    if mark.rstrip(_CLOSERS.replace("\\", "")) != ".":
        return False
    return _is_abbreviation(text[max(paragraph[0], match.start() - 40) : match.start()], after, language=language)


def _is_abbreviation(before: str, after: str, *, language: Language) -> bool:
    word = _found(r"[^\s(\[\"“„‘]+$", before)
    low = word.casefold().rstrip(",")
    next_word = _found(r"^[^\W\d_]+", after).casefold()
    if low in _NEVER_LAST:
        # "No." and "mar" are words as well; only a number makes an abbreviation of them.
        return low not in {"no", "nos", "mar", "art", "fig"} or after[0].isdigit()
    if re.fullmatch(r"[A-ZÄÖÜ]", word):
        return word != "I" and not re.search(r"\d\s?$", before[: -len(word)])  # "at 560 W."
    if low in _MAY_BE_LAST or re.fullmatch(r"(?:[a-z]\.)+[a-z]", low):
        return next_word not in _STARTERS
    is_ordinal = language == "de" and bool(re.fullmatch(r"\d{1,2}", word))
    return is_ordinal and next_word not in _STARTERS


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[0] if match else ""


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
