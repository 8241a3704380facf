"""Correct what readers were told: say it at the event, change what was posted, and say so below it."""

from dataclasses import dataclass

from bot.compose import revise, sections
from bot.deliver import plan
from bot.model import hints
from bot.model.delivery import DeliveryState
from bot.model.digest import Card, Digest, DigestState
from bot.model.errors import NotAllowed, NotFound
from bot.model.values import EventId, RecapId, RouteId
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


def correct(
    event: EventId, note: str, editor: Editor, *, desk: Desk, route: RouteId = "", recap: RecapId = ""
) -> list[Corrected]:
    """
    Say *note* at *event* in the digests that show it, and plan the changes of what was posted.

    They are those of *recap*, or of the newest that shows it; of one *route* or of all. The same note again changes
    nothing, and plans what a crash kept from being planned. Raises: NotAllowed, NotFound.
    """
    said = " ".join(note.split())
    if not said:
        raise NotAllowed("A correction says what was wrong: write `--note`.")
    if len(said) > MAX_LINE_CHARS:
        raise NotAllowed(f"The note has {len(said)} characters; {MAX_LINE_CHARS} is the most.")
    return [_corrected(digest, event, said, editor, desk=desk) for digest in _showing(event, desk, route, recap=recap)]


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


def _corrected(digest: Digest, event: EventId, note: str, editor: Editor, *, desk: Desk) -> Corrected:
    card = _card(digest, event)
    told = [each.revision for each in card.corrections if each.text == note] if card else []
    if not told:
        act = Act("correct", event, {"note": note})
        changed = revise.corrected(digest, event, note, at=editor.at)
        digest = review_recap.rendered(digest, changed, act, editor, desk=desk)
    revision = told[0] if told else revise.revision_of(digest)
    ordered = [each.event_id for each in sections.in_order(digest.cards, digest.sections)]
    part = f"reply-{ordered.index(event) + 1:02d}"
    own = [each for each in desk.store.load_deliveries(subject=digest.key) if each.revision == 0]
    planned = plan.corrections(own, part=part, revision=revision, now=editor.at)
    desk.store.save_deliveries(planned)
    states = [each.state for each in own]
    return Corrected(
        digest,
        revision,
        is_new=not told,
        places=len({each.destination for each in planned}),
        unsent=sum(state in (DeliveryState.PLANNED, DeliveryState.CLAIMED) for state in states),
        unknown=sum(state in (DeliveryState.UNKNOWN, DeliveryState.SENDING) for state in states),
    )


def _card(digest: Digest, event: EventId) -> Card | None:
    return next((card for card in digest.cards if card.event_id == event), None)
