"""Offers: what a publisher posts to sell, told by its title."""

import re

from bot.model.event import Dossier

_CODES = (
    r"\b(?:promo|coupon|voucher|discount)[ -]codes?\b",
    r"\bcoupons?(?=:|$| (?:and|&|\||for)\b)",
    r"\bkortingscodes?\b|\baanbiedingen\b",
    r"\bgutscheine?\b|\b(?:gutschein|rabatt)codes?\b|\bschnäppchen\b",
    r"\bcodes? promo\b|\bbons plans\b",
    r"\bcup[oó]n(?:es)?\b|\bc[oó]digos? de descuento\b|\bcodic[ei] sconto\b",
    r"优惠券|优惠码|折扣码|好价|クーポン",
)
_PRICES = (
    # "30% off" alone may be news of a price; so may "up to".
    r"(?:^|[:|] ?|\b(?:save|get|extra) (?:up to )?)[$€£]?\d{1,4}%? off\b",
    r"\bsave (?:up to )?[$€£]\d",
)
_DEALS = (
    r"\b(?:best|top|today[’']s|early|daily|weekly|beste) (?:[\w’'-]+ ){0,4}[\w-]*deals\b",
    r"\b(?:promos?|codes?|sales?) (?:and|&) deals\b",
    r"\bdeals of the (?:day|week)\b",
)
_GUIDES = (
    r"^(?:the )?(?:\d+ )?best\b[^?]*\((?:\w+ )?20\d\d\)",
    r"\b(?:buying|gift) guide\b",
)
_OFFER = re.compile("|".join((*_CODES, *_PRICES, *_DEALS, *_GUIDES)), re.IGNORECASE)


def is_offer(dossier: Dossier) -> bool:
    """Return whether all that tell of the event only sell: coupons, deals, guides to the best things to buy."""
    titles = [article.title for article in dossier.articles if article.title.strip()]
    return bool(titles) and all(_OFFER.search(title.strip()) for title in titles)
