"""Mails: the digest as HTML and as text, before the recipient's tokens are put in."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.compose import fit, plaintext
from bot.compose.words import columns, shorten, shorten_to_columns
from bot.model.digest import Card, Digest, EmailMessage, Route
from bot.model.policy import CardPolicy, MailingList
from bot.ports import Renderer

UNSUBSCRIBE_URL = "%%unsubscribe_url%%"
PREFERENCES_URL = "%%preferences_url%%"
"""The sender puts the recipient's own addresses in their place, before transfer encoding."""
PLACEHOLDERS = (UNSUBSCRIBE_URL, PREFERENCES_URL)

MAX_HTML_BYTES = 90_000
"""Decoded; ours: mail programs clip at about 102,000. Source: CONVENTIONS E40."""
MAX_SUBJECT_COLUMNS = 77
MAX_PREHEADER_CHARS = 100
"""Source: CONVENTIONS E44."""
FULL_CARDS = (50, 6, 3, 1, 0)
"""How many events keep their deep insight, from generous to tight."""


def message(
    digest: Digest, route: Route, *, renderer: Renderer, policy: CardPolicy, mailing_list: MailingList, now: datetime
) -> EmailMessage:
    """Return the mail of *digest* at the most generous size that fits into 90,000 bytes of HTML."""
    base = policy.base_url.rstrip("/")
    values: dict[str, object] = {
        "digest": digest,
        "route": route,
        "site": policy,
        "mailing_list": mailing_list,
        "now": now,
        "unsubscribe_url": UNSUBSCRIBE_URL,
        "browser_url": digest.cards[0].recap_url if digest.cards else f"{base}/",
        "preheader": _preheader(digest.cards),
    }
    subject = _subject(digest, renderer, route)
    for cards, full in _sizes(digest.cards):
        values |= {"cards": cards, "full": full, "left": len(digest.cards) - len(cards)}
        html = renderer.mjml("email/recap/mail.mjml.j2", language=route.language, subject=subject, **values)
        if len(html.encode()) <= MAX_HTML_BYTES:
            break
    text = renderer.render("email/recap/mail.txt.j2", language=route.language, subject=subject, **values)
    return EmailMessage(subject=subject, html=html, text=plaintext.written(text), language=route.language)


def _sizes(cards: Sequence[Card]) -> Iterator[tuple[list[Card], int]]:
    """Yield cards and how many of them are full, ever smaller: insights go first, then words, then events."""
    for size in fit.SIZES[:4]:
        shown = [fit.to_size(card, size) for card in cards]
        yield from ((shown, full) for full in FULL_CARDS)
    shown = [fit.to_size(card, fit.SIZES[4]) for card in cards]
    for count in (*range(len(cards), 0, -5), 0):
        yield shown[:count], 0


def _subject(digest: Digest, renderer: Renderer, route: Route) -> str:
    """Shorten the top event's title, never the rest, until the subject fits into its columns."""

    def subject(title: str) -> str:
        text = renderer.render("email/recap/subject.txt.j2", language=route.language, digest=digest, title=title)
        return " ".join(text.split())

    if not digest.cards:
        return shorten_to_columns(subject(""), MAX_SUBJECT_COLUMNS)
    room = MAX_SUBJECT_COLUMNS - columns(subject(""))
    return shorten_to_columns(subject(shorten_to_columns(digest.cards[0].title, max(room, 20))), MAX_SUBJECT_COLUMNS)


def _preheader(cards: Sequence[Card]) -> str:
    lines = [line.text for card in cards[:1] if (line := card.hook or card.what_changed)]
    return shorten(" · ".join([*lines, *(card.title for card in cards[1:3])]), MAX_PREHEADER_CHARS)
