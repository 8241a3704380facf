"""Words, numbers and names in a text, for every script; and whether two lines say the same."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz

CJK = "぀-ヿ㐀-䶿一-鿿가-힣"
_WORD = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+(?:[-.'’&][^\W_{CJK}]+)*")
_IS_CJK = re.compile(rf"[{CJK}]")
_LETTER = re.compile(r"[^\W\d_]")

_GERMAN = (
    "aber alle als am an auch auf aus bei bis da damit dann das dass dem den der des die dies diese diesem dieser "
    "dieses doch durch ein "
    "eine einem einen einer eines er es für gegen habe haben hat hatte ihr ihre im in ins ist ja kann kein keine "
    "mehr mit nach nicht noch "
    "nun nur ob oder ohne schon sehr sei sein seine seit sich sie sind so soll sollen über um und unter vom von vor "
    "war waren was wenn wer "
    "werden wie will wir wird wo wurde wurden zu zum zur zwischen"
)

_SCALES = {
    **dict.fromkeys(("thousand", "k", "tausend", "千"), 1e3),
    **dict.fromkeys(("million", "m", "mn", "mio", "millionen", "百万"), 1e6),
    **dict.fromkeys(("billion", "b", "bn", "milliarde", "milliarden", "mrd"), 1e9),
    **dict.fromkeys(("trillion", "billionen", "万亿"), 1e12),
    "十": 10.0,
    "百": 1e2,
    "万": 1e4,
    "萬": 1e4,
    "千万": 1e7,
    "亿": 1e8,
    "億": 1e8,
}
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?P<currency>[$€£¥￥]\s?|(?:US|HK|R)\$\s?)?(?<![\d.,])(?P<digits>\d+(?:[.,]\d+)*)"
    rf"(?:[\s-]?(?P<scale>{_SCALE})(?![a-zäöüß]))?"
    r"(?P<percent>\s?(?:%|％|percent\b|per cent\b|Prozent|个百分点))?",
    re.IGNORECASE,
)
_NUMERALS = {
    word: float(value)
    for line in (
        "one two three four five six seven eight nine ten eleven twelve",
        "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    )
    for value, word in enumerate(line.split(), 1)
}
_CHINESE_NUMERALS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as a text writes it."""

    start: int
    end: int
    value: float
    """As written, without its scale: 1.7 of "1.7 billion"."""
    scaled: float
    """1700000000 of "1.7 billion"; the same as *value* where no scale is given."""
    is_percent: bool
    has_currency: bool


def is_cjk(text: str) -> bool:
    """Return whether most letters of *text* are Chinese, Japanese or Korean."""
    if text.isascii():
        return False
    letters = len(_LETTER.findall(text))
    return letters > 0 and len(_IS_CJK.findall(text)) * 2 > letters


def reads_cjk(text: str) -> bool:
    """Return whether *text* is a Chinese, Japanese or Korean sentence, however many foreign names it holds."""
    if text.isascii() or not (cjk := len(_IS_CJK.findall(text))):
        return False
    return cjk > sum(1 for word in _WORD.findall(text) if not _IS_CJK.match(word))


def count(text: str) -> int:
    """Return the length of *text* in words; two Chinese, Japanese or Korean characters count as one word."""
    if text.isascii() or not (cjk := len(_IS_CJK.findall(text))):
        return len(_WORD.findall(text))
    return (cjk + 1) // 2 + sum(1 for word in _WORD.findall(text) if not _IS_CJK.match(word))


def fold(text: str) -> str:
    """Return *text* with equal forms made equal: NFKC, straight quotes and dashes, single spaces, no case."""
    plain = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)
    return re.sub(r"\s+", " ", plain).strip().casefold()


_LOOKALIKES = str.maketrans(
    {**dict.fromkeys("“”„«»「」『』", '"'), **dict.fromkeys("‘’‚`´", "'"), **dict.fromkeys("‐‑‒–—−", "-")}
)


@cache
def stop_words() -> frozenset[str]:
    """Return the words that tell nothing, folded."""
    # Imported where it is needed: scikit-learn takes longer to load than most commands take to run.
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS) | frozenset(_GERMAN.split()) | {"said", "says", "s", "t"}


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[str, ...]:
    """Return the telling words of *text* in order, folded: Latin words without stop words, CJK runs as bigrams."""
    found: list[str] = []
    for word in _WORD.findall(text):
        if _IS_CJK.match(word):
            found.extend(word[i : i + 2] for i in range(len(word) - 1) or range(1))
        elif (low := word.casefold().removesuffix("'s").removesuffix("’s")) not in stop_words():
            found.append(stem(low))
    return tuple(found)


@lru_cache(maxsize=4096)
def vocabulary(text: str) -> frozenset[str]:
    """Return the telling words of *text*."""
    return frozenset(tokens(text))


def plain(text: str) -> list[str]:
    """Return the words of *text* in order, folded, with the stop words; CJK runs whole."""
    return [word.casefold().removesuffix("'s").removesuffix("’s") for word in _WORD.findall(text)]


def telling(text: str) -> list[str]:
    """Return the words of *text* in order, folded, without the stop words; CJK runs whole."""
    return [word for word in plain(text) if word not in stop_words()]


def stem(word: str) -> str:
    """Return *word* (folded) without its ending."""
    # Light on purpose: enough to let "cuts" and "cut", "releases" and "released" meet.
    if word.isalpha() and len(word) > 4:
        for ending in ("ing", "ed", "es", "en", "s", "e"):
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                return word[: -len(ending)]
    return word[:-1] if len(word) == 4 and word.endswith("s") else word


def overlap(line: str, other: str) -> float:
    """Return which part (0..1) of the telling words of the shorter line is in the longer one."""
    mine, theirs = vocabulary(line), vocabulary(other)
    return len(mine & theirs) / max(min(len(mine), len(theirs)), 1)


def is_repetition(line: str, of: str) -> bool:
    """Return whether *line* tells a reader of the other line nothing, or next to nothing, new."""
    mine = tokens(line)
    if not mine or overlap(line, of) < 0.3:
        return not mine
    known = vocabulary(of)
    new = sum(1 for token in mine if token not in known) / len(mine)
    if new <= 0.25:
        return True
    like = fuzz.token_sort_ratio(" ".join(mine), " ".join(tokens(of)))
    return like >= 80 or (like >= 60 and new <= 0.4)


def numbers(text: str) -> list[Number]:
    """Return all numbers of *text* that are written in digits, in order."""
    return [_number(match) for match in _NUMBER.finditer(text)]


def _number(match: re.Match[str]) -> Number:
    value = _value(match["digits"])
    scale = _SCALES[match["scale"].casefold()] if match["scale"] else 1.0
    percent, currency = bool(match["percent"]), bool(match["currency"])
    return Number(match.start(), match.end(), value, round(value * scale, 6), percent, currency)


def _value(digits: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits) and not digits.startswith("0"):
        return float(re.sub(r"[.,]", "", digits))
    whole, *rest = re.split(r"[.,]", digits)
    if len(rest) > 1:
        *groups, last = rest
        return float("".join([whole, *groups]) + "." + last)
    return float(f"{whole}.{rest[0]}") if rest else float(whole)


def numerals(text: str) -> set[float]:
    """Return the small numbers that *text* writes as words."""
    folded = text.casefold()
    latin = {value for word, value in _NUMERALS.items() if re.search(rf"\b{word}\b", folded)}
    return latin | {float(value) for word, value in _CHINESE_NUMERALS.items() if word in folded}


_IN_NAME = re.compile(r"[\w][-–.]?$")
_UNIT_AHEAD = re.compile(rf"[\s-]?(?:[a-zäöüß]{{2,}}|°|[A-Z]{{1,3}}b?\b|[{CJK}])")
_CALENDAR_AHEAD = re.compile(r"\s?(?:年|月|日|号|时许|点)|[:：]\d\d")


def has_figure(text: str) -> bool:
    """Return whether *text* has a number that measures something: no year, no date, no part of a name."""
    return bool(figures(text))


def _is_figure(text: str, number: Number) -> bool:
    before, after = text[: number.start], text[number.end :]
    if number.is_percent or number.has_currency or number.scaled != number.value:
        return True
    if _CALENDAR_AHEAD.match(after) or (1900 <= number.value <= 2100 and number.value.is_integer()):
        return "," in text[number.start : number.end]
    if _IN_NAME.search(before) and not _IS_CJK.search(before[-1:]):
        return False
    named = re.search(r"(?:^|[\s，。、：；（「])[A-Z][\w-]*\s$", before)
    return bool(_UNIT_AHEAD.match(after)) and not (named and number.value < 100)


@lru_cache(maxsize=4096)
def figures(text: str) -> frozenset[float]:
    """Return the values of the numbers of *text* that measure something."""
    return frozenset(number.scaled for number in numbers(text) if _is_figure(text, number))
