"""Correct what readers were told: say it at the event, change what was posted, and say so below it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.compose import revise, sections
from bot.compose.revise import CardPart
from bot.deliver import plan
from bot.model import hints
from bot.model.delivery import DeliveryState
from bot.model.digest import Card, Digest, DigestState
from bot.model.errors import NotAllowed, NotFound
from bot.model.values import EventId, Language, RecapId, RouteId
from bot.workflows import review_recap
from bot.workflows.pool import Desk
from bot.workflows.review_recap import MAX_LINE_CHARS, Act, Editor


@dataclass(frozen=True, slots=True)
class Corrected:
    """What became of one digest's correction."""

    digest: Digest
    revision: int
    is_new: bool
    """False where it said so already."""
    places: int
    """Where it was posted, so where it is changed."""
    unsent: int
    """Parts that go out corrected."""
    unknown: int
    """Parts of which nobody can tell whether they arrived: they are left as they are."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong with an event, and how lines of it read now."""

    note: str = ""
    """Empty: the new lines tell."""
    lines: Mapping[CardPart, str] = field(default_factory=dict)
    """An empty line is taken away."""
    language: Language = ""
    """Of the lines; empty: the first of recap.yaml's. Digests in other languages get just the note."""

    def of(self, digest: Digest, *, desk: Desk) -> "Correction":
        """Return what of it is for *digest*: its lines only in their language; the note, or else the new lines."""
        language = self.language or desk.recap.languages[0]
        lines = self.lines if digest.language == language else {}
        return Correction(self.note or " · ".join(f"“{line}”" for line in lines.values() if line), lines, language)


def correct(
    event: EventId,
    correction: Correction,
    editor: Editor,
    *,
    desk: Desk,
    route: RouteId = "",
    recap: RecapId = "",
) -> list[Corrected]:
    """
    Correct *event* in the digests that show it, say so there, and plan the changes of what was posted.

    They are those of *recap*, or of the newest that shows it; of one *route* or of all. The same correction again
    changes nothing, and plans what a crash kept from being planned. Raises: NotAllowed, NotFound.
    """
    said = _checked(correction)
    shown = [(digest, said.of(digest, desk=desk)) for digest in _showing(event, desk, route, recap=recap)]
    found = [_corrected(digest, event, own, editor, desk=desk) for digest, own in shown if own.note]
    if not found:
        languages = ", ".join(sorted({digest.language for digest, _ in shown}))
        raise NotAllowed(f"No digest that shows it is in that language: give `--language` (of {languages}).")
    return found


def _checked(correction: Correction) -> Correction:
    note = " ".join(correction.note.split())
    lines = {part: " ".join(text.split()) for part, text in correction.lines.items()}
    if not note and not any(lines.values()):
        raise NotAllowed("A correction says what was wrong: write `--note`, or how a line reads now (`--hook`, …).")
    for name, text in [("note", note), *lines.items()]:
        if len(text) > MAX_LINE_CHARS:
            raise NotAllowed(f"The {name} has {len(text)} characters; {MAX_LINE_CHARS} is the most.")
    return Correction(note, lines, correction.language)


def _showing(event: EventId, desk: Desk, route: RouteId, *, recap: RecapId) -> list[Digest]:
    """Return the digests to correct. Raises: NotAllowed, NotFound."""
    for known in [recap] if recap else [head.id for head in desk.store.load_recap_heads()]:
        shown = [digest for digest in desk.store.load_digests(known) if _card(digest, event)]
        ready = [digest for digest in shown if digest.state is DigestState.READY]
        if not ready and any(digest.state is DigestState.DRAFT for digest in shown):
            raise NotAllowed(f"Event '{event}' stands in a draft only: `recap review rewrite` changes it there.")
        if ready:
            routes = [digest.route_id for digest in ready]
            if route and route not in routes:
                raise NotFound(f"Route '{route}' shows no event '{event}' in {known}{hints.nearest(route, routes)}")
            return [digest for digest in ready if route in ("", digest.route_id)]
    raise NotFound(f"No digest{f' of {recap}' if recap else ''} shows event '{event}'; `recap events` lists ids.")


def _corrected(digest: Digest, event: EventId, said: Correction, editor: Editor, *, desk: Desk) -> Corrected:
    card = _card(digest, event)
    told = [each.revision for each in card.corrections if each.text == said.note] if card else []
    is_said = bool(told) and card is not None and _reads(card, said.lines)
    if not is_said:
        digest = _said(digest, event, said, editor, desk=desk)
    revision = told[-1] if is_said else revise.revision_of(digest)
    ordered = [each.event_id for each in sections.in_order(digest.cards, digest.sections)]
    part = f"reply-{ordered.index(event) + 1:02d}"
    own = [each for each in desk.store.load_deliveries(subject=digest.key) if each.revision == 0]
    planned = plan.corrections(own, part=part, revision=revision, now=editor.at)
    desk.store.save_deliveries(planned)
    states = [each.state for each in own]
    return Corrected(
        digest,
        revision,
        is_new=not is_said,
        places=len({each.destination for each in planned}),
        unsent=sum(state in (DeliveryState.PLANNED, DeliveryState.CLAIMED) for state in states),
        unknown=sum(state in (DeliveryState.UNKNOWN, DeliveryState.SENDING) for state in states),
    )


def _said(digest: Digest, event: EventId, said: Correction, editor: Editor, *, desk: Desk) -> Digest:
    """Keep *digest* with its lines corrected and the correction told, its messages rendered anew."""
    changed = digest
    for part, text in said.lines.items():
        changed = revise.rewritten(changed, event, part, text=text)
    changed = revise.corrected(changed, event, said.note, at=editor.at)
    act = Act("correct", event, {"note": said.note, **{str(part): text for part, text in said.lines.items()}})
    return review_recap.rendered(digest, changed, act, editor, desk=desk)


def _reads(card: Card, lines: Mapping[CardPart, str]) -> bool:
    now = {part: line.text if (line := revise.line_of(card, part)) else "" for part in lines}
    return now == dict(lines)


def _card(digest: Digest, event: EventId) -> Card | None:
    return next((card for card in digest.cards if card.event_id == event), None)
