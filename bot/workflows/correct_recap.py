"""Correct what readers were told: say it at the event, change what was posted, and say so below it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from bot.compose import revise, sections
from bot.compose.revise import CardPart
from bot.deliver import plan
from bot.model import hints
from bot.model.delivery import Delivery, DeliveryState
from bot.model.digest import Card, Digest, DigestState
from bot.model.errors import NotAllowed, NotFound
from bot.model.feedback import CORRECT
from bot.model.route import Medium, Route
from bot.model.values import EventId, Language, RecapId, RouteId
from bot.workflows import review_recap, wanted_segments
from bot.workflows.pool import Desk
from bot.workflows.review_recap import MAX_LINE_CHARS, Act, Editor

_UNSENT = (DeliveryState.PLANNED, DeliveryState.CLAIMED)
_UNKNOWN = (DeliveryState.UNKNOWN, DeliveryState.SENDING)
_GONE = (DeliveryState.SENT, *_UNKNOWN)


@dataclass(frozen=True, slots=True)
class Corrected:
    """What became of the correction of a route's digest and of those of its segments."""

    digest: Digest
    """The route's own, or, where that does not show the event, one of a segment."""
    revision: int
    is_new: bool
    """False where all said so already."""
    places: int
    """Where it was posted, so where it is changed."""
    unsent: int
    """Parts that go out corrected."""
    unknown: int
    """Parts of which nobody can tell whether they arrived: they are left as they are."""
    mails: int
    """That have gone: the next digest says so."""
    segments: int


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
    languages: set[Language] = set()

    def done() -> Iterator[Corrected]:
        for digest in _showing(event, desk, route, recap=recap):
            languages.add(digest.language)
            own = said.of(digest, desk=desk)
            if own.note:
                yield _corrected(digest, event, own, editor, desk=desk)

    found = _by_route(done())
    if not found:
        spoken = ", ".join(sorted(languages))
        raise NotAllowed(f"No digest that shows it is in that language: give `--language` (of {spoken}).")
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


def _showing(event: EventId, desk: Desk, route: RouteId, *, recap: RecapId) -> Iterator[Digest]:
    """Yield the digests to correct, those of routes before those of segments. Raises: NotAllowed, NotFound."""
    known, own = _newest(event, desk, recap)
    if own and not any(digest.state is DigestState.READY for digest in own):
        raise NotAllowed(f"Event '{event}' stands in a draft only: `recap review rewrite` changes it there.")
    routes: dict[RouteId, None] = {}
    for digest in chain(own, _of_segments(event, known, desk=desk)):
        if digest.state is DigestState.READY:
            routes[digest.route_id] = None
            if route in ("", digest.route_id):
                yield digest
    if route and route not in routes:
        raise NotFound(f"Route '{route}' shows no event '{event}' in {known}{hints.nearest(route, list(routes))}")


def _newest(event: EventId, desk: Desk, recap: RecapId) -> tuple[RecapId, list[Digest]]:
    """Return the recap to correct with its routes' own digests that show the event. Raises: NotFound."""
    for known in [recap] if recap else [head.id for head in desk.store.load_recap_heads()]:
        shown = [digest for digest in desk.store.load_digests(known) if _card(digest, event)]
        own = [digest for digest in shown if digest.state in (DigestState.READY, DigestState.DRAFT)]
        if own or any(digest.state is DigestState.READY for digest in _of_segments(event, known, desk=desk)):
            return known, own
    raise NotFound(f"No digest{f' of {recap}' if recap else ''} shows event '{event}'; `recap events` lists ids.")


def _of_segments(event: EventId, recap: RecapId, *, desk: Desk) -> Iterator[Digest]:
    """Yield the digests of segments that show an event, one at a time: there may be hundreds."""
    for key in desk.store.load_shown_in(event, recap=recap):
        digest = desk.store.load_digest(key)
        if digest is not None and digest.segment and _card(digest, event):
            yield digest


def _corrected(digest: Digest, event: EventId, said: Correction, editor: Editor, *, desk: Desk) -> Corrected:
    card = _card(digest, event)
    told = [each.revision for each in card.corrections if each.text == said.note] if card else []
    is_said = bool(told) and card is not None and _reads(card, said.lines)
    own = [each for each in desk.store.load_deliveries(subject=digest.key) if each.revision == 0]
    mails = sum(each.medium is Medium.EMAIL and each.state in _GONE for each in own)
    if not is_said:
        digest = _said(digest, event, said, editor, own=own, mails=mails, desk=desk)
    revision = told[-1] if is_said else revise.revision_of(digest)
    ordered = [each.event_id for each in sections.in_order(digest.cards, digest.sections)]
    part = f"reply-{ordered.index(event) + 1:02d}"
    planned = plan.corrections(own, part=part, revision=revision, now=editor.at)
    desk.store.save_deliveries(planned)
    return Corrected(
        digest,
        revision,
        is_new=not is_said,
        places=len({each.destination for each in planned}),
        unsent=sum(each.state in _UNSENT for each in own),
        unknown=sum(each.state in _UNKNOWN for each in own),
        mails=mails,
        segments=int(bool(digest.segment)),
    )


def _route(digest: Digest, own: Sequence[Delivery], *, desk: Desk) -> Route | None:
    """Return the route of a segment's digest as it was offered to it; null for a route's own."""
    if not digest.segment:
        return None
    lists = [each.destination for each in own if each.medium is Medium.EMAIL]
    return wanted_segments.offered_to(digest, lists=lists[:1], desk=desk)


def _by_route(done: Iterable[Corrected]) -> list[Corrected]:
    """Return one sum for each route: there may be hundreds of segments."""
    sums: dict[RouteId, Corrected] = {}
    for each in done:
        known = sums.get(each.digest.route_id)
        sums[each.digest.route_id] = _sum(known, each) if known else each
    return list(sums.values())


def _sum(one: Corrected, other: Corrected) -> Corrected:
    return Corrected(
        one.digest,
        one.revision,
        is_new=one.is_new or other.is_new,
        places=one.places + other.places,
        unsent=one.unsent + other.unsent,
        unknown=one.unknown + other.unknown,
        mails=one.mails + other.mails,
        segments=one.segments + other.segments,
    )


def _said(
    digest: Digest,
    event: EventId,
    said: Correction,
    editor: Editor,
    *,
    own: Sequence[Delivery],
    mails: int,
    desk: Desk,
) -> Digest:
    """Keep *digest* with its lines corrected and the correction told, its messages rendered anew."""
    changed = digest
    for part, text in said.lines.items():
        changed = revise.rewritten(changed, event, part, text=text)
    changed = revise.corrected(changed, event, said.note, at=editor.at)
    lines = {str(part): text for part, text in said.lines.items()}
    act = Act(CORRECT, event, {"note": said.note, "mails": str(mails), **lines})
    return review_recap.rendered(digest, changed, act, editor, desk=desk, route=_route(digest, own, desk=desk))


def _reads(card: Card, lines: Mapping[CardPart, str]) -> bool:
    now = {part: line.text if (line := revise.line_of(card, part)) else "" for part in lines}
    return now == dict(lines)


def _card(digest: Digest, event: EventId) -> Card | None:
    return next((card for card in digest.cards if card.event_id == event), None)
