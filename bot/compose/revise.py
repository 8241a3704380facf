"""Change a digest's cards as an editor asks; its messages are rendered anew after that."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum

from bot.model.digest import Card, CardCorrection, CardLine, Digest
from bot.model.recap import ScorePart
from bot.model.values import EventId

_Row = tuple[int, Card]
"""A card with the number of its section."""


class CardPart(StrEnum):
    """A line of the card that an editor may write anew."""

    HOOK = "hook"
    WHAT_CHANGED = "what_changed"
    WHY_IT_MATTERS = "why_it_matters"


def in_order(digest: Digest) -> list[Card]:
    """Return the cards as readers meet them: section by section, where there are sections."""
    return [card for _, card in _rows(digest)]


def without(digest: Digest, event: EventId) -> Digest:
    """Return *digest* without an event."""
    return _arranged(digest, [row for row in _rows(digest) if row[1].event_id != event])


def with_card(digest: Digest, card: Card) -> Digest:
    """Return *digest* with *card* at its end, no longer named under "Also this week"."""
    rows = _rows(digest)
    section = max(0, len(digest.sections) - 1)
    also = [link for link in digest.also if link.url != card.url]
    return _arranged(digest.model_copy(update={"also": also}), [*rows, (section, card)])


def moved(digest: Digest, event: EventId, place: int) -> Digest:
    """Return *digest* with an event at *place* (1 for the first), in the section of what stood there."""
    rows = _rows(digest)
    row = next(row for row in rows if row[1].event_id == event)
    rows.remove(row)
    index = max(0, min(place - 1, len(rows)))
    neighbor = rows[min(index, len(rows) - 1)] if rows else row
    rows.insert(index, (neighbor[0], row[1]))
    return _arranged(digest, rows)


def rewritten(digest: Digest, event: EventId, part: CardPart, *, text: str) -> Digest:
    """
    Return *digest* with one line of an event in the editor's words; an empty *text* takes the line away.

    The editor's line stands on no source: it has no numbers, and quotes that only the old line had are left out.
    """
    words = " ".join(text.split())
    line = CardLine(text=words, language=digest.language, label="editor") if words else None
    cards = [_with_line(card, part, line) if card.event_id == event else card for card in digest.cards]
    return digest.model_copy(update={"cards": cards}, deep=True)


def corrected(digest: Digest, event: EventId, note: str, *, at: datetime) -> Digest:
    """Return *digest* saying at an event that it was corrected, and how: its next revision."""
    told = CardCorrection(text=" ".join(note.split()), revision=revision_of(digest) + 1, at=at)
    cards = [
        card.model_copy(update={"corrections": [*card.corrections, told]}) if card.event_id == event else card
        for card in digest.cards
    ]
    return digest.model_copy(update={"cards": cards}, deep=True)


def revision_of(digest: Digest) -> int:
    """Return how often *digest* was corrected."""
    return max((told.revision for card in digest.cards for told in card.corrections), default=0)


def rescored(
    digest: Digest,
    event: EventId,
    *,
    parts: Callable[[Sequence[ScorePart]], list[ScorePart]],
    total: Callable[[Sequence[ScorePart]], float],
) -> Digest:
    """Return *digest* with an event's score made of what *parts* makes of its own ones, and their *total*."""
    cards = [
        _rescored(card, parts(card.score_parts), total) if card.event_id == event else card for card in digest.cards
    ]
    return digest.model_copy(update={"cards": cards}, deep=True)


def _rescored(card: Card, parts: list[ScorePart], total: Callable[[Sequence[ScorePart]], float]) -> Card:
    return card.model_copy(update={"score_parts": parts, "score": total(parts)}) if parts != card.score_parts else card


def line_of(card: Card, part: CardPart) -> CardLine | None:
    """Return the line that stands at *part*."""
    lines = {
        CardPart.HOOK: card.hook,
        CardPart.WHAT_CHANGED: card.what_changed,
        CardPart.WHY_IT_MATTERS: card.why_it_matters,
    }
    return lines[part]


def _with_line(card: Card, part: CardPart, line: CardLine | None) -> Card:
    before = line_of(card, part)
    changed = card.model_copy(update={part.value: line}, deep=True)
    cited = {number for each in _lines(changed) for number in each.sources}
    orphaned = {*(before.sources if before else ())} - cited
    return changed.model_copy(
        update={
            "sources": [source for source in changed.sources if source.number not in orphaned],
            "claims_sourced": max(0, card.claims_sourced - bool(before and before.sources)),
        }
    )


def _lines(card: Card) -> list[CardLine]:
    single = (card.hook, card.what_changed, card.why_it_matters, card.what_to_do_next, card.whats_new)
    return [*filter(None, single), *card.takeaways, *card.implications, *card.timeline]


def _rows(digest: Digest) -> list[_Row]:
    if not digest.sections:
        return [(0, card) for card in digest.cards]
    cards = {card.event_id: card for card in digest.cards}
    return [
        (number, cards[event])
        for number, section in enumerate(digest.sections)
        for event in section.event_ids
        if event in cards
    ]


def _arranged(digest: Digest, rows: Sequence[_Row]) -> Digest:
    sections = [
        section.model_copy(update={"event_ids": [card.event_id for at, card in rows if at == number]})
        for number, section in enumerate(digest.sections)
    ]
    kept = [section for section in sections if section.event_ids]
    return digest.model_copy(update={"cards": [card for _, card in rows], "sections": kept}, deep=True)
