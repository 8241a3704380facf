"""Mails: the digest as HTML and as text, before the recipient's own links are put in."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from bot.compose import fit, plaintext, sections
from bot.compose.words import columns, shorten, shorten_to_columns
from bot.model import slots
from bot.model.digest import Card, CardLink, Digest, EmailMessage
from bot.model.policy import CardPolicy, MailingList
from bot.model.route import Route
from bot.model.subscriber import DENSITIES
from bot.ports import Renderer

MAX_HTML_BYTES = 90_000
"""Decoded; ours: mail programs clip at about 102,000. Source: CONVENTIONS E40."""
MAX_SUBJECT_COLUMNS = 77
FULL_EVENTS = 5
"""The top events, which the density `full` shows with all their parts; the others are compact."""
ALSO_SIZE = fit.SIZES[0]
"""One line each: they cost a mail little, and stay when its cards are cut."""
MAX_PREHEADER_CHARS = 100
"""Source: CONVENTIONS E44."""

_FULL, _COMPACT, _ONE_LINE = DENSITIES


@dataclass(frozen=True, slots=True)
class _Cut:
    """The cards of a mail: the first *full* whole, the next up to *compact* in brief, the others in one line each."""

    cards: list[Card]
    full: int
    compact: int


def message(
    digest: Digest, route: Route, *, renderer: Renderer, policy: CardPolicy, mailing_list: MailingList, now: datetime
) -> EmailMessage:
    """Return the mail of *digest* in its density, at the most generous size that fits into 90,000 bytes of HTML."""
    digest = _without_slots(digest)
    ordered = sections.in_order(digest.cards, digest.sections)
    values: dict[str, object] = {
        "digest": digest,
        "route": route,
        "site": policy,
        "mailing_list": mailing_list,
        "now": now,
        "slots": _SLOTS,
        "browser_url": f"{policy.base_url.rstrip('/')}/d/{digest.key}?lang={route.language}",
        "preheader": _preheader(ordered) or _titles(digest.beyond),
        "also": fit.also(digest.also, ALSO_SIZE),
        "beyond": fit.also(digest.beyond, ALSO_SIZE),
        "chosen": _chosen(digest, policy, route),
    }
    subject = _subject(digest, renderer, route)

    def html_of(cut: _Cut) -> str:
        return renderer.mjml(
            "email/recap/mail.mjml.j2", language=route.language, subject=subject, **values | _shown(cut, digest)
        )

    cut, html = _most_generous(_cuts(ordered, digest.density), html_of)
    values |= _shown(cut, digest)
    text = renderer.render("email/recap/mail.txt.j2", language=route.language, subject=subject, **values)
    return EmailMessage(subject=subject, html=html, text=plaintext.written(text), language=route.language)


_SLOTS = {
    "unsubscribe_url": slots.UNSUBSCRIBE_URL,
    "preferences_url": slots.PREFERENCES_URL,
    "feedback_url": slots.FEEDBACK_URL,
    "since": slots.SINCE,
    "subscriber": slots.SUBSCRIBER,
    "member": slots.MEMBER,
    "end": slots.END,
}


def _without_slots(digest: Digest) -> Digest:
    """Return *digest* without what looks like a slot: in a feed's link it would hand a reader's token to a stranger."""
    if slots.MARK not in (stored := digest.model_dump_json(exclude={"slack", "email"})):
        return digest
    return Digest.model_validate_json(slots.harmless(stored))


def _chosen(digest: Digest, policy: CardPolicy, route: Route) -> list[str]:
    """Return the names of the audiences that a digest is for; none where it is for everybody."""
    if "*" in digest.audiences:
        return []
    names = policy.audience_names | policy.audience_names_in.get(route.language, {})
    return [names.get(audience, audience) for audience in digest.audiences]


def _shown(cut: _Cut, digest: Digest) -> dict[str, object]:
    shapes = [_FULL] * cut.full + [_COMPACT] * (cut.compact - cut.full)
    return {
        "cards": cut.cards,
        "shapes": [*shapes, *[_ONE_LINE] * (len(cut.cards) - len(shapes))],
        "left": len(digest.cards) - len(cut.cards),
        "headings": sections.headings(digest.sections, cut.cards),
    }


def _cuts(cards: Sequence[Card], density: str) -> list[_Cut]:
    """
    Return cuts, ever smaller: words go first, then insights, then what the last cards say beside their titles.

    The first is as the reader's *density* asks. Titles are cut only where one line an event is too much, too; after
    that the last events go.
    """
    every = len(cards)
    full = min(FULL_EVENTS, every) if density == _FULL else 0
    compact = 0 if density == _ONE_LINE else every
    sizes = list(accumulate(fit.SIZES, _all_to_size, initial=list(cards)))[1:]
    whole = [_Cut(shown, full, compact) for shown in sizes[:3]]
    partly = [_Cut(sizes[2], fewer, compact) for fewer in (3, 2, 1) if fewer < full]
    brief = [_Cut(shown, 0, compact) for shown in sizes[2:4]]
    lines = [_Cut(sizes[3], 0, fewer) for fewer in (40, 30, 20, 15, 10, 5, 0) if fewer < compact]
    tight = [_Cut(shown, 0, 0) for shown in sizes[4:]]
    last = [_Cut(sizes[-1][:count], 0, 0) for count in range(every - 1, -1, -1)]
    return [*whole, *partly, *brief, *lines, *tight, *last]


def _all_to_size(cards: list[Card], size: fit.Size) -> list[Card]:
    return [fit.to_size(card, size) for card in cards]


def _most_generous(cuts: Sequence[_Cut], html_of: Callable[[_Cut], str]) -> tuple[_Cut, str]:
    """Return the first of *cuts* whose HTML fits, by halving: they get ever smaller, and rendering is dear."""
    if _fits(html := html_of(cuts[0])):
        return cuts[0], html
    first = bisect_left(cuts, x=True, lo=1, hi=len(cuts) - 1, key=lambda cut: _fits(html_of(cut)))
    return cuts[first], html_of(cuts[first])


def _fits(html: str) -> bool:
    return len(html.encode()) + slots.extra_bytes(html) <= MAX_HTML_BYTES


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


def _titles(links: Sequence[CardLink]) -> str:
    return shorten(" · ".join(link.title for link in links), MAX_PREHEADER_CHARS)
