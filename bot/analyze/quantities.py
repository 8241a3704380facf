"""Whether the numbers and units of a sentence are those of its quotes, whatever the format."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.analyze import words
from bot.analyze.words import Number

_CURRENCY_WORDS = {
    "usd": "$ us$ dollar dollars usd 美元", "eur": "€ euro euros eur 欧元", "gbp": "£ pound pounds gbp 英镑",
    "cny": "¥ ￥ yuan rmb cny 元 人民币", "jpy": "yen jpy 日元 円", "hkd": "hk$ 港元", "brl": "r$", "krw": "won 韩元",
    "sek": "kronor",
}  # fmt: skip
_UNIT_WORDS = {
    "second": "second seconds sekunde sekunden 秒", "minute": "minute minutes min minuten 分钟",
    "hour": "hour hours hr hrs stunde stunden 小时", "day": "day days tag tage tagen 天",
    "week": "week weeks woche wochen 周 星期", "month": "month months monat monate monaten 个月",
    "year": "year years jahr jahre jahren", "nanometer": "nm nanometer nanometers 纳米",
    "kilometer": "km kilometer kilometers 公里", "mile": "mile miles 英里", "meter": "meter meters metre metres 米",
    "kilogram": "kg kilogram kilograms 公斤", "ton": "ton tons tonne tonnes tonnen 吨", "watt": "w watt watts 瓦",
    "kilowatt": "kw kilowatt kilowatts", "megawatt": "mw megawatt megawatts 兆瓦",
    "gigawatt": "gw gigawatt gigawatts 吉瓦", "megabyte": "mb megabyte megabytes",
    "gigabyte": "gb gigabyte gigabytes", "terabyte": "tb terabyte terabytes", "petabyte": "pb petabyte petabytes",
    "times": "times x fold 倍",
}  # fmt: skip
_CURRENCIES = {word: code for code, listed in _CURRENCY_WORDS.items() for word in listed.split()}
_UNITS = {word: unit for unit, listed in _UNIT_WORDS.items() for word in listed.split()}
_CJK_AFTER = sorted((word for word in (*_CURRENCIES, *_UNITS) if words.is_cjk(word)), key=len, reverse=True)
_AFTER = re.compile(rf"[\s-]?(?P<word>[A-Za-zÄÖÜäöü]+|{'|'.join(_CJK_AFTER)})")
_BEFORE = re.compile(r"(?:US\$|HK\$|R\$|[$€£¥￥]|\b(?:USD|EUR|GBP|CNY|RMB|JPY))\s?$", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:[-–—~～]|to|and|or|bis|und|至|到)\s*(?:[$€£¥]\s?)?")
_WRITTEN = {
    word: float(value)
    for first, line in (
        (2, "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"),
        (18, "eighteen nineteen twenty"),
        (2, "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"),
    )
    for value, word in enumerate(line.split(), first)
} | {"thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "seventy": 70.0, "eighty": 80.0, "ninety": 90.0}
_SHARES = {
    "half": {"half", "halve", "halved", "halves", "halving", "hälfte", "halbiert", "一半", "减半", "50"},
    "double": {"double", "doubled", "doubles", "doubling", "twice", "verdoppelt", "翻倍", "翻番", "一倍", "两倍", "2"},
    "triple": {"triple", "tripled", "triples", "tripling", "threefold", "verdreifacht", "三倍", "两倍", "3"},
    "third": {"third", "thirds", "drittel", "三分之一", "三分之二", "第三"},
    "quarter": {"quarter", "quarters", "viertel", "四分之一", "季度", "25"},
    "dozen": {"dozen", "dozens", "dutzend", "twelve", "12"},
    "hundreds": {"hundreds", "hunderte", "数百"},
    "thousands": {"thousands", "tausende", "数千"},
    "millions": {"millions", "数百万"},
    "billions": {"billions", "数十亿"},
}
_WORD = re.compile(rf"[^\W\d_{words.CJK}]+")
_MEASURES = "家款名个位种项年月天倍次条台辆座人轮大周度"
_CJK_NUMERAL = re.compile(rf"(?<![一二三四五六七八九十百千万亿第两])([两二三四五六七八九十百]+)(?=[{_MEASURES}])")
_CJK_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number with what it counts."""

    shown: str
    values: frozenset[float]
    """One, and where the second of a range gives the scale, that too: 40 and 40,000,000 of "40 to 50 million"."""
    is_percent: bool
    currency: str | None
    unit: str | None


def fault(text: str, quotes: Iterable[str], *, years: Iterable[str] = ()) -> str | None:
    """
    Return why a number of *text* is not in *quotes*, or null where all are.

    *text* and *quotes* come without their dates; *years* (`2025`) are those of the quotes' dates.
    """
    known = [amount for quote in quotes for amount in _amounts(quote)]
    dated = {float(year) for year in years}
    for amount in _amounts(text):
        if not amount.values <= dated and (reason := _fault_of(amount, known)):
            return reason
    quoted = "\n".join(quotes).casefold()
    return _fault_of_shares(text.casefold(), quoted)


def _amounts(text: str) -> list[_Amount]:
    numbers = words.numbers(text)
    found = [_amount(number, text) for number in numbers]
    for place in range(len(numbers) - 2, -1, -1):
        first, second = numbers[place], numbers[place + 1]
        if _RANGE.fullmatch(text[first.end : second.start]) and first.scaled == first.value and second.value:
            found[place] = _as_range(found[place], found[place + 1], scale=second.scaled / second.value)
    written = [_Amount(word, frozenset({value}), False, None, None) for word, value in _written(text)]
    return [*found, *written]


def _amount(number: Number, text: str) -> _Amount:
    before = _BEFORE.search(text[: number.start + _length_of_sign(number, text)])
    after = _AFTER.match(text, number.end)
    word = after["word"].casefold() if after else ""
    sign = before[0].strip().casefold() if before else ""
    return _Amount(
        shown=text[number.start : number.end].strip(),
        values=frozenset({number.scaled}),
        is_percent=number.is_percent or text[: number.start].endswith("百分之"),
        currency=_CURRENCIES.get(sign) or _CURRENCIES.get(word),
        unit=_UNITS.get(word),
    )


def _length_of_sign(number: Number, text: str) -> int:
    return len(text[number.start : number.end]) - len(text[number.start : number.end].lstrip("$€£¥￥USHKR "))


def _as_range(first: _Amount, second: _Amount, *, scale: float) -> _Amount:
    values = first.values | {round(value * scale, 6) for value in first.values}
    return _Amount(
        first.shown,
        values,
        first.is_percent or second.is_percent,
        first.currency or second.currency,
        first.unit or second.unit,
    )


def _written(text: str) -> list[tuple[str, float]]:
    found = [(word, _WRITTEN[word.casefold()]) for word in _WORD.findall(text) if word.casefold() in _WRITTEN]
    if words.reads_cjk(text):
        found += [(match[1], _cjk_value(match[1])) for match in _CJK_NUMERAL.finditer(text)]
    return found


def _cjk_value(digits: str) -> float:
    hundreds, _, rest = digits.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    value = 100 * _CJK_DIGITS.get(hundreds, 0) + 10 * (_CJK_DIGITS.get(tens, 1) if ten else 0)
    return float(value + _CJK_DIGITS.get(ones, 0))


def _fault_of(amount: _Amount, known: Sequence[_Amount]) -> str | None:
    same = [each for each in known if _meet(amount, each)]
    if not same:
        return f"number {amount.shown} is not in the quotes"
    same = [each for each in same if each.is_percent == amount.is_percent]
    if not same:
        return f"number {amount.shown} is {'no' if amount.is_percent else 'a'} percentage in the quotes"
    if amount.currency and all(each.currency and each.currency != amount.currency for each in same):
        return f"number {amount.shown} has another currency in the quotes"
    if amount.unit and all(each.unit and each.unit != amount.unit for each in same):
        return f"number {amount.shown} has another unit in the quotes"
    return None


def _meet(amount: _Amount, other: _Amount) -> bool:
    return any(abs(one - two) <= 1e-9 * max(one, two, 1) for one in amount.values for two in other.values)


def _fault_of_shares(text: str, quoted: str) -> str | None:
    said, known = set(_WORD.findall(text)), set(_WORD.findall(quoted)) | set(re.findall(r"\d+", quoted))
    for forms in _SHARES.values():
        found = next((form for form in forms if form in said or (words.is_cjk(form) and form in text)), None)
        is_known = forms & known or any(form in quoted for form in forms if words.is_cjk(form))
        if found and not is_known:
            return f"'{found}' is not in the quotes"
    return None
