"""What must not join although it is alike: roundups, deals, and other versions of the same product."""

import re

_ROUNDUP = re.compile(
    r"\b(?:this|last) week in\b|\bweek(?:ly)? in review\b|\bweek that was\b|\bround-?up\b"
    r"|\b(?:daily|morning|evening|weekly|news) (?:brief(?:ing)?|digest|wrap|recap|links)\b"
    r"|^the (?:download|briefing)\b|\bwhat we(?:'|’)re reading\b|\b(?:open|daily) thread\b"
    r"|\blinks? (?:for|of) (?:the )?(?:day|week|monday|tuesday|wednesday|thursday|friday)\b"
    r"|\bwochenrückblick\b|\bdie woche\b.{0,12}(?::|$)|^本周|一周(?:要闻|回顾|热点|汇总|新闻)"
    r"|(?:早报|晚报|日报|周报|周刊|早餐|晨报)(?=$|[\s：:|｜丨，,])",
    re.IGNORECASE,
)
_DEAL = re.compile(
    r"\b\d{1,2}\s?% off\b|\bsave (?:up to )?[$€£]\d+|\b(?:best|early|top|today(?:'|’)s) .{0,40}\bdeals\b"
    r"|\bdeals of the day\b|\b(?:lowest|record-low|all-time low) price\b|\bpromo codes?\b|\bcoupons?\b",
    re.IGNORECASE,
)
_VERSIONED = re.compile(
    r"(?<![A-Za-z0-9])([A-Z][A-Za-z]*)[- ]?v?(\d{1,3}(?:\.\d+)*)"
    r"(?![\d,.]*\d|[A-Za-z万亿]|\s?(?:%|percent|per cent|prozent"
    r"|million|billion|bn|mn|times|people|years?|days?|hours?|[万亿]))"
)
_ROUND = re.compile(r"\b[Ss]eries ([A-H])\b|(?<![A-Za-z])([A-H]\+?) ?轮")


def is_roundup(title: str) -> bool:
    """Return whether *title* announces many happenings, or an offer: such an article joins nothing."""
    return bool(_ROUNDUP.search(title) or _DEAL.search(title))


def versions(title: str) -> dict[str, frozenset[str]]:
    """Return the products that *title* names with a version, and funding rounds as versions of `series`."""
    found: dict[str, set[str]] = {}
    for product, version in _VERSIONED.findall(title):
        found.setdefault(product.lower(), set()).add(version.removesuffix(".0"))
    for letters in _ROUND.findall(title):
        found.setdefault("series", set()).add("".join(letters))
    return {product: frozenset(numbers) for product, numbers in found.items()}


def differ(one: dict[str, frozenset[str]], other: dict[str, frozenset[str]]) -> bool:
    """Return whether two titles speak of different versions of a product that both name."""
    return any(one[product].isdisjoint(other[product]) for product in one.keys() & other.keys())
