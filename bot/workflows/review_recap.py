"""Let an editor look at drafts, change them, approve or reject them; who did what is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.compose import digest as digests
from bot.model import hints
from bot.model.digest import Card, Digest, DigestState, Route
from bot.model.errors import NotAllowed, NotFound
from bot.model.feedback import ReviewAct
from bot.model.values import EventId, RecapId, RouteId, digest_of
from bot.workflows import build_recap
from bot.workflows.pool import Desk


@dataclass(frozen=True, slots=True)
class Editor:
    """Who acts, and when."""

    name: str
    at: datetime


def drafts(*, desk: Desk) -> list[Digest]:
    """Return the digests that wait for an editor, newest recap first."""
    waiting = []
    for recap in desk.store.load_recaps():
        waiting += [digest for digest in desk.store.load_digests(recap.id) if digest.state == DigestState.DRAFT]
    return waiting


def digest_of_route(recap: RecapId, route: RouteId, *, desk: Desk) -> Digest:
    """Return the digest of *route* in *recap*. Raises: NotFound."""
    for digest in desk.store.load_digests(recap):
        if digest.route_id == route:
            return digest
    known = [digest.route_id for digest in desk.store.load_digests(recap)]
    if not known:
        raise NotFound(f"No recap was built for {recap}; `recap build --week {recap[:8]}` builds one.")
    raise NotFound(f"Recap {recap} has no digest for route '{route}'{hints.nearest(route, known)}")


def approve(digest: Digest, editor: Editor, *, desk: Desk) -> Digest:
    """Free a draft for sending. Raises: NotAllowed."""
    _must_be_draft(digest)
    approved = digest.model_copy(
        update={"state": DigestState.READY, "state_reason": f"approved by {editor.name}"}, deep=True
    )
    return _save(approved, "approve", "", editor, desk=desk)


def reject(digest: Digest, reason: str, editor: Editor, *, desk: Desk) -> Digest:
    """Keep a draft from ever being sent. Raises: NotAllowed."""
    _must_be_draft(digest)
    rejected = digest.model_copy(
        update={"state": DigestState.REJECTED, "state_reason": reason or f"rejected by {editor.name}"}, deep=True
    )
    return _save(rejected, "reject", reason, editor, desk=desk)


def note(digest: Digest, text: str, editor: Editor, *, desk: Desk) -> Digest:
    """Put the editor's note at the head of a draft; an empty one takes it away. Raises: NotAllowed."""
    _must_be_draft(digest)
    return _rendered(digest, cards=digest.cards, note=text, act=("note", text), editor=editor, desk=desk)


def drop(digest: Digest, event: EventId, editor: Editor, *, desk: Desk) -> Digest:
    """Take an event out of a draft. Raises: NotAllowed, NotFound."""
    _must_be_draft(digest)
    _place(digest, event)
    kept = [card for card in digest.cards if card.event_id != event]
    return _rendered(digest, cards=kept, note=digest.note, act=("drop", event), editor=editor, desk=desk)


def move(digest: Digest, event: EventId, place: int, editor: Editor, *, desk: Desk) -> Digest:
    """Move an event of a draft to *place*, 1 for the first. Raises: NotAllowed, NotFound."""
    _must_be_draft(digest)
    cards = list(digest.cards)
    card = cards.pop(_place(digest, event))
    cards.insert(max(0, min(place - 1, len(cards))), card)
    act = ("move", f"{event} to {place}")
    return _rendered(digest, cards=cards, note=digest.note, act=act, editor=editor, desk=desk)


def _rendered(
    digest: Digest, *, cards: Sequence[Card], note: str, act: tuple[str, str], editor: Editor, desk: Desk
) -> Digest:
    route = _route(digest, desk=desk)
    changed = digest.model_copy(update={"cards": list(cards), "note": note}, deep=True)
    again = digests.rerender(
        changed,
        route,
        renderer=desk.renderer,
        policy=desk.card,
        list_policy=build_recap.list_of(route, desk.recap.lists),
        now=editor.at,
    )
    return _save(again, act[0], act[1], editor, desk=desk)


def _save(digest: Digest, act: str, argument: str, editor: Editor, *, desk: Desk) -> Digest:
    record = ReviewAct(
        id=digest_of("review", digest.key, act, argument, editor.at.isoformat()),
        digest_key=digest.key,
        act=act,
        argument=argument,
        editor=editor.name,
        acted_at=editor.at,
    )
    desk.store.save_digest(digest, record)
    return digest


def _must_be_draft(digest: Digest) -> None:
    if digest.state != DigestState.DRAFT:
        raise NotAllowed(f"The digest of route '{digest.route_id}' is {digest.state}; only a draft can be reviewed.")


def _place(digest: Digest, event: EventId) -> int:
    for place, card in enumerate(digest.cards):
        if card.event_id == event:
            return place
    raise NotFound(f"The digest of route '{digest.route_id}' does not show event '{event}'.")


def _route(digest: Digest, *, desk: Desk) -> Route:
    for route in desk.routes:
        if route.id == digest.route_id:
            return route
    raise NotFound(f"Route '{digest.route_id}' is not in routes.yaml any more.")
