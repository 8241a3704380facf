"""Let an editor look at drafts, change them, approve or reject them; who did what is recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.compose import digest as digests
from bot.compose import revise
from bot.compose.revise import CardPart
from bot.model import hints
from bot.model.digest import Digest, DigestState
from bot.model.errors import NotAllowed, NotFound
from bot.model.feedback import ReviewAct
from bot.model.route import Route
from bot.model.values import EventId, RecapId, RouteId, digest_of
from bot.rank import score
from bot.workflows import build_recap, look_up
from bot.workflows.pool import Desk

MAX_LINE_CHARS = 600
"""Of an editor's line: about what fits under one heading in Slack beside the others."""

_PAST = {"approve": "approved", "reject": "rejected", "timeout": "let go unreviewed"}


@dataclass(frozen=True, slots=True)
class Editor:
    """Who acts, and when."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Act:
    """What is done to a digest, as it is recorded."""

    name: str
    argument: str = ""
    details: Mapping[str, str] | None = None


def drafts(*, desk: Desk) -> list[Digest]:
    """Return the digests that wait for an editor, newest recap first."""
    waiting = []
    for recap in desk.store.load_recap_heads():
        waiting += [digest for digest in desk.store.load_digests(recap.id) if digest.state == DigestState.DRAFT]
    return waiting


def digest_of_route(recap: RecapId, route: RouteId, *, desk: Desk) -> Digest:
    """Return the digest of *route* in *recap*. Raises: NotFound."""
    found = desk.store.load_digests(recap)
    for digest in found:
        if digest.route_id == route:
            return digest
    known = [digest.route_id for digest in found]
    if not known:
        raise NotFound(f"No recap was built for {recap}; `recap build --week {recap[:8]}` builds one.")
    raise NotFound(f"Recap {recap} has no digest for route '{route}'{hints.nearest(route, known)}")


def approve(digest: Digest, editor: Editor, *, desk: Desk) -> Digest:
    """Free a draft for sending. Raises: NotAllowed; NotFound where its route is gone, for it would go nowhere."""
    must_be_draft(digest, desk=desk)
    desk.route(digest.route_id)
    if not digest.cards:
        raise NotAllowed(f"The draft of route '{digest.route_id}' shows no event: add one, or reject it.")
    return settled(digest, DigestState.READY, f"approved by {editor.name}", Act("approve"), editor, desk=desk)


def reject(digest: Digest, reason: str, editor: Editor, *, desk: Desk) -> Digest:
    """Keep a draft from ever being sent. Raises: NotAllowed."""
    must_be_draft(digest, desk=desk)
    why = f"rejected by {editor.name}{f': {reason}' if reason else ''}"
    return settled(digest, DigestState.REJECTED, why, Act("reject", reason), editor, desk=desk)


def note(digest: Digest, text: str, editor: Editor, *, desk: Desk) -> Digest:
    """Put the editor's note at the head of a draft; an empty one takes it away. Raises: NotAllowed."""
    return _changed(digest, digest.model_copy(update={"note": text}, deep=True), Act("note", text), editor, desk=desk)


def drop(digest: Digest, event: EventId, editor: Editor, *, desk: Desk) -> Digest:
    """Take an event out of a draft; `add` brings it back. Raises: NotAllowed, NotFound."""
    _must_show(digest, event, desk=desk)
    return _changed(digest, revise.without(digest, event), Act("drop", event), editor, desk=desk)


def add(digest: Digest, event: EventId, editor: Editor, *, desk: Desk) -> Digest:
    """Put an event of the recap that a draft leaves out at its end. Raises: NotAllowed, NotFound."""
    must_be_draft(digest, desk=desk)
    if _shows(digest, event):
        raise NotAllowed(f"The digest of route '{digest.route_id}' shows event '{event}' already.")
    known = _events_of(digest, desk=desk)
    if event not in known:
        week = digest.recap_id[:8]
        hint = hints.nearest(event, known) or f"; `recap events --week {week}` lists them."
        raise NotFound(f"Recap {digest.recap_id} has no event '{event}'{hint}")
    card = look_up.card(event, desk=desk, now=editor.at, language=digest.language)
    return _changed(digest, revise.with_card(digest, card), Act("add", event), editor, desk=desk)


def move(digest: Digest, event: EventId, place: int, editor: Editor, *, desk: Desk) -> Digest:
    """
    Move an event of a draft to *place*, 1 for the first, but below what is pinned; its own pin ends.

    Raises: NotAllowed, NotFound.
    """
    _must_show(digest, event, desk=desk)
    above = [pin for pin in pinned(digest, desk.store.load_review_acts(digest.key)) if pin != event]
    arranged = revise.moved(digest, event, max(place, len(above) + 1))
    arranged = revise.rescored(arranged, event, parts=score.unpinned, total=score.mean)
    return _changed(digest, arranged, Act("move", f"{event} to {place}"), editor, desk=desk)


def pin(digest: Digest, event: EventId, editor: Editor, *, desk: Desk) -> Digest:
    """
    Put an event of a draft on top, and keep it there until it is moved; its score there has the pin as a part.

    Raises: NotAllowed, NotFound.
    """
    _must_show(digest, event, desk=desk)
    arranged = revise.rescored(revise.moved(digest, event, 1), event, parts=score.pinned, total=score.mean)
    return _changed(digest, arranged, Act("pin", event), editor, desk=desk)


def rewrite(digest: Digest, event: EventId, part: CardPart, *, text: str, editor: Editor, desk: Desk) -> Digest:
    """
    Put the editor's words in place of a line, labelled as theirs; an empty *text* takes the line away.

    Raises: NotAllowed, NotFound.
    """
    _must_show(digest, event, desk=desk)
    if len(text) > MAX_LINE_CHARS:
        raise NotAllowed(f"The line has {len(text)} characters; {MAX_LINE_CHARS} is the most.")
    card = next(card for card in digest.cards if card.event_id == event)
    before = revise.line_of(card, part)
    act = Act("rewrite", f"{event} {part}", {"before": before.text if before else "", "after": text})
    return _changed(digest, revise.rewritten(digest, event, part, text=text), act, editor, desk=desk)


def pinned(digest: Digest, acts: Sequence[ReviewAct]) -> list[EventId]:
    """Return the events that *acts*, oldest first, keep on top of *digest*, the topmost first."""
    pins: list[EventId] = []
    for act in acts:
        event = act.argument.partition(" ")[0]
        if act.act in ("pin", "move", "drop"):
            pins = [pin for pin in pins if pin != event]
        if act.act == "pin":
            pins.insert(0, event)
    return [event for event in pins if _shows(digest, event)]


def must_be_draft(digest: Digest, *, desk: Desk) -> None:
    """Say who ended the review, and when, where it has ended. Raises: NotAllowed."""
    if digest.state == DigestState.DRAFT:
        return
    acts = desk.store.load_review_acts(digest.key)
    if last := next((act for act in reversed(acts) if act.act in _PAST), None):
        ended = f"was {_PAST[last.act]} by {last.editor} at {last.acted_at:%Y-%m-%d %H:%M} UTC"
    else:
        ended = f"is {digest.state}{f' ({digest.state_reason})' if digest.state_reason else ''}"
    raise NotAllowed(f"The digest of route '{digest.route_id}' {ended}; only a draft can be reviewed.")


def settled(digest: Digest, state: DigestState, reason: str, act: Act, editor: Editor, *, desk: Desk) -> Digest:
    """End the review of a draft. Raises: NotAllowed where somebody changed it meanwhile."""
    ended = digest.model_copy(update={"state": state, "state_reason": reason}, deep=True)
    return _saved(digest, ended, act, editor, desk=desk)


def _changed(digest: Digest, changed: Digest, act: Act, editor: Editor, *, desk: Desk) -> Digest:
    must_be_draft(digest, desk=desk)
    return rendered(digest, changed, act, editor, desk=desk)


def rendered(
    digest: Digest, changed: Digest, act: Act, editor: Editor, *, desk: Desk, route: Route | None = None
) -> Digest:
    """
    Keep *changed*, with its messages rendered anew, in place of *digest*; that of a segment as its *route* was offered.

    Raises: NotAllowed, NotFound.
    """
    route = route or desk.route(digest.route_id)
    again = digests.rerender(
        changed,
        route,
        renderer=desk.renderer,
        policy=desk.card,
        list_policy=build_recap.list_of(route, desk.recap.lists),
        now=editor.at,
    )
    return _saved(digest, again, act, editor, desk=desk)


def _saved(digest: Digest, changed: Digest, act: Act, editor: Editor, *, desk: Desk) -> Digest:
    acts = desk.store.load_review_acts(digest.key)
    identity = digest_of("review", digest.key, act.name, act.argument, editor.name, editor.at.isoformat())
    record = ReviewAct(
        id=f"{len(acts):04}-{identity}",  # sorts acts of one moment as they were done
        digest_key=digest.key,
        act=act.name,
        argument=act.argument,
        editor=editor.name,
        acted_at=editor.at,
        details=dict(act.details or {}),
    )
    if not desk.store.save_digest(changed, record, instead_of=digest):
        raise NotAllowed(_overtaken(digest, desk=desk))
    return changed


def _overtaken(digest: Digest, *, desk: Desk) -> str:
    acts = desk.store.load_review_acts(digest.key)
    who = f" by {acts[-1].editor} at {acts[-1].acted_at:%Y-%m-%d %H:%M} UTC" if acts else ""
    return f"The digest of route '{digest.route_id}' was changed meanwhile{who}; look again."


def _must_show(digest: Digest, event: EventId, *, desk: Desk) -> None:
    must_be_draft(digest, desk=desk)
    if _shows(digest, event):
        return
    if event in _events_of(digest, desk=desk):
        mend = f"; `recap review add {digest.route_id} {event}` adds it."
    else:
        mend = hints.nearest(event, [card.event_id for card in digest.cards])
    raise NotFound(f"The digest of route '{digest.route_id}' does not show event '{event}'{mend}")


def _shows(digest: Digest, event: EventId) -> bool:
    return any(card.event_id == event for card in digest.cards)


def _events_of(digest: Digest, *, desk: Desk) -> frozenset[EventId]:
    recap = desk.store.load_recap(digest.recap_id)
    return frozenset(scored.event_id for scored in recap.events) if recap else frozenset()
