"""Mails: the digest as HTML and as text, before the recipient's tokens are put in."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import accumulate

from bot.compose import fit, plaintext, sections
from bot.compose.words import columns, shorten, shorten_to_columns
from bot.model.digest import Card, Digest, EmailMessage, Route
from bot.model.policy import CardPolicy, MailingList
from bot.ports import Renderer

UNSUBSCRIBE_URL = "%%unsubscribe_url%%"
"""The sender puts the recipient's own address in its place, before transfer encoding."""

MAX_HTML_BYTES = 90_000
"""Decoded; ours: mail programs clip at about 102,000. Source: CONVENTIONS E40."""
MAX_SUBJECT_COLUMNS = 77
ALSO_SIZE = fit.SIZES[0]
"""One line each: they cost a mail little, and stay when its cards are cut."""
MAX_PREHEADER_CHARS = 100
"""Source: CONVENTIONS E44."""

_Cut = tuple[list[Card], int]
"""Cards, and how many of them keep their deep insight."""


def message(
    digest: Digest, route: Route, *, renderer: Renderer, policy: CardPolicy, mailing_list: MailingList, now: datetime
) -> EmailMessage:
    """Return the mail of *digest* at the most generous size that fits into 90,000 bytes of HTML."""
    base = policy.base_url.rstrip("/")
    ordered = sections.in_order(digest.cards, digest.sections)
    values: dict[str, object] = {
        "digest": digest,
        "route": route,
        "site": policy,
        "mailing_list": mailing_list,
        "now": now,
        "unsubscribe_url": UNSUBSCRIBE_URL,
        "browser_url": digest.cards[0].recap_url if digest.cards else f"{base}/",
        "preheader": _preheader(ordered),
        "also": fit.also(digest.also, ALSO_SIZE),
    }
    subject = _subject(digest, renderer, route)

    def html_of(cut: _Cut) -> str:
        return renderer.mjml(
            "email/recap/mail.mjml.j2", language=route.language, subject=subject, **values | _shown(cut, digest)
        )

    cut, html = _most_generous(_cuts(ordered), html_of)
    values |= _shown(cut, digest)
    text = renderer.render("email/recap/mail.txt.j2", language=route.language, subject=subject, **values)
    return EmailMessage(subject=subject, html=html, text=plaintext.written(text), language=route.language)


def _shown(cut: _Cut, digest: Digest) -> dict[str, object]:
    cards, full = cut
    left = len(digest.cards) - len(cards)
    return {"cards": cards, "full": full, "left": left, "headings": sections.headings(digest.sections, cards)}


def _cuts(cards: Sequence[Card]) -> list[_Cut]:
    """Return cuts, ever smaller: words go first, then the insights of the last events, then the last events."""
    sizes = list(accumulate(fit.SIZES, _all_to_size, initial=list(cards)))[1:]
    whole: list[_Cut] = [(shown, len(cards)) for shown in sizes[:3]]
    partly: list[_Cut] = [(sizes[2], full) for full in (20, 10, 6, 3, 1) if full < len(cards)]
    brief: list[_Cut] = [(shown, 0) for shown in sizes[2:]]
    fewer: list[_Cut] = [(sizes[-1][:count], 0) for count in range(len(cards) - 1, -1, -1)]
    return [*whole, *partly, *brief, *fewer]


def _all_to_size(cards: list[Card], size: fit.Size) -> list[Card]:
    return [fit.to_size(card, size) for card in cards]


def _most_generous(cuts: Sequence[_Cut], html_of: Callable[[_Cut], str]) -> tuple[_Cut, str]:
    """Return the first of *cuts* whose HTML fits, by halving: they get ever smaller, and rendering is dear."""
    if _fits(html := html_of(cuts[0])):
        return cuts[0], html
    first = bisect_left(cuts, x=True, lo=1, hi=len(cuts) - 1, key=lambda cut: _fits(html_of(cut)))
    return cuts[first], html_of(cuts[first])


def _fits(html: str) -> bool:
    return len(html.encode()) <= MAX_HTML_BYTES


def _subject(digest: Digest, renderer: Renderer, route: Route) -> str:
    """Shorten the top event's title, never the rest, until the subject fits into its columns."""

    def subject(title: str) -> str:
        text = renderer.render("email/recap/subject.txt.j2", language=route.language, digest=digest, title=title)
        return " ".join(text.split())

    if not digest.cards:
        return shorten_to_columns(subject(""), MAX_SUBJECT_COLUMNS)
    room = MAX_SUBJECT_COLUMNS - columns(subject("|")) + 1
    return shorten_to_columns(subject(shorten_to_columns(digest.cards[0].title, max(room, 20))), MAX_SUBJECT_COLUMNS)


def _preheader(cards: Sequence[Card]) -> str:
    lines = [line.text for card in cards[:1] if (line := card.hook or card.what_changed)]
    return shorten(" · ".join([*lines, *(card.title for card in cards[1:3])]), MAX_PREHEADER_CHARS)
