"""
Bring drafts to the editors' channel in Slack: a message each, changed in place, with a thread of who did what.

All of it goes through the ledger, and is made when it is sent: a message that comes late shows what is by then. The
message's revision is the number of acts that had changed the draft, so each state is asked for once.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from bot.compose import slack_review
from bot.compose.card import event_url
from bot.compose.slack_review import Draft, LeftOut
from bot.compose.voice import Voice
from bot.deliver.plan import SenderFacts
from bot.model.delivery import NUDGE, REVIEW, Delivery, DeliveryState, delivery_id
from bot.model.digest import Digest, DigestState, SlackMessage
from bot.model.feedback import ReviewAct
from bot.model.recap import RecapNumbers
from bot.model.route import Medium, OnTimeout
from bot.model.values import RecapId, RouteId
from bot.ports import Sender
from bot.workflows import plan_recap, review_deadlines, review_recap
from bot.workflows.pool import Desk

PARENT = "parent"
OVERDUE = "overdue"
"""The part of a draft's thread that says that it waits on although its time has come."""
_ACT = "act-"
"""Begins the part that tells of an act: `act-001` for the first."""
_RECENT = 4
"""Recaps whose drafts are looked after: older ones are still reviewed by command."""
_OPEN = (DeliveryState.PLANNED, DeliveryState.CLAIMED)
_EDITOR_ID = re.compile(r"\(([UW][A-Z0-9]+)\)$")


@dataclass(frozen=True, slots=True)
class _Watched:
    """A draft, or what was one, that the editors' channel hears of."""

    key: str
    recap: RecapId
    route: RouteId
    is_draft: bool = field(kw_only=True)


def plan_due(*, desk: Desk, senders: Mapping[Medium, Sender], now: datetime) -> int:
    """Enter into the ledger what the editors' channel must be told by now; return how much is new."""
    sender = _sender(desk, senders)
    if sender is None:
        return 0
    wanted = [row for each in _watched(desk) for row in _wanted(each, sender, desk=desk, now=now)]
    return desk.store.save_deliveries(wanted) if wanted else 0


def plan(key: str, *, desk: Desk, senders: Mapping[Medium, Sender], now: datetime) -> list[Delivery]:
    """As `plan_due`, for one draft; return all that waits to be sent about it."""
    sender, digest = _sender(desk, senders), desk.store.load_digest(key)
    if sender is None or digest is None:
        return []
    watched = _Watched(key, digest.recap_id, digest.route_id, is_draft=digest.state is DigestState.DRAFT)
    desk.store.save_deliveries(_wanted(watched, sender, desk=desk, now=now))
    return [each for each in _told(key, desk=desk) if each.state in _OPEN]


def subject_of(key: str) -> str:
    """Return what the deliveries about the digest of *key* are about; not the digest itself, which has its own."""
    return f"{REVIEW}/{key}"


def is_posted(key: str, channel: str, *, desk: Desk) -> bool:
    """Return whether *channel* (an id) was told of the digest of *key*: only there it is reviewed."""
    return any(each.channel == channel for each in _told(key, desk=desk) if channel)


def load(key: str, *, desk: Desk) -> Draft | None:
    """Return the digest of *key* as its editors see it now; null where there is none."""
    digest = desk.store.load_digest(key)
    return of_digest(digest, desk.store.load_review_acts(key), desk=desk) if digest else None


def of_digest(digest: Digest, acts: Sequence[ReviewAct], *, desk: Desk) -> Draft:
    """Return *digest* as its editors see it after *acts*, oldest first, but for what it leaves out."""
    route = next((each for each in desk.load_routes() if each.id == digest.route_id), None)
    return Draft(
        digest,
        route.name if route else digest.route_id,
        [place.id for place in route.destinations] if route else [],
        acts,
        pins=review_recap.pinned(digest, acts),
        until=review_deadlines.until(digest.recap_id, digest.route_id, desk=desk),
        on_timeout=route.on_timeout if route else OnTimeout.HOLD,
    )


def message(draft: Draft, *, desk: Desk, now: datetime) -> SlackMessage:
    """Return the message about *draft* as the editors' channel sees it."""
    return slack_review.message(with_left_out(draft, desk=desk), voice=_voice(desk, now))


def with_left_out(draft: Draft, *, desk: Desk) -> Draft:
    """Return *draft* with what it leaves out of the week, while it is open: all the week's events are read for that."""
    return replace(draft, left_out=_left_out(draft.digest, draft.acts, desk=desk)) if draft.is_open else draft


def title_of(act: ReviewAct, digest: Digest, *, desk: Desk) -> str:
    """Return the title of the event that *act* was done to; empty where it was done to the whole draft."""
    event = act.argument.partition(" ")[0]
    shown = next((card.title for card in digest.cards if card.event_id == event), "")
    if shown or act.act not in ("add", "drop", "move", "pin", "rewrite", "correct"):
        return shown
    found = desk.store.load_dossiers_by_id([event])
    return found[0].title_in(digest.language)[0] if found else event


def made(delivery: Delivery, *, desk: Desk, now: datetime) -> Digest | None:
    """Return what *delivery* brings, as it is *now*; null where nobody needs it any more."""
    draft = load(_key_of(delivery.subject), desk=desk)
    if draft is None or (shown := _part(delivery, draft, desk=desk, now=now)) is None:
        return None
    return Digest(
        key=delivery.subject,
        recap_id=draft.digest.recap_id,
        route_id=delivery.route_id,
        audiences=[],
        language=draft.digest.language,
        title=draft.digest.title,
        numbers=RecapNumbers(),
        slack=[shown],
        built_at=delivery.planned_at,
    )


def _part(delivery: Delivery, draft: Draft, *, desk: Desk, now: datetime) -> SlackMessage | None:
    voice = _voice(desk, now)
    if delivery.part == PARENT:
        return message(draft, desk=desk, now=now) if draft.is_open or delivery.revision else None
    if not delivery.part.startswith(_ACT):
        named = desk.recap.reviewers or _acted(draft.acts)
        # A reminder may come so late that the route, or its recap's turn, is gone: it has no deadline then.
        is_wanted = draft.is_open and draft.until is not None
        return slack_review.reminder(draft, named, part=delivery.part, voice=voice) if is_wanted else None
    number = int(delivery.part.removeprefix(_ACT))
    if number > len(draft.acts):
        return None
    act = draft.acts[number - 1]
    return slack_review.told(act, title=title_of(act, draft.digest, desk=desk), part=delivery.part, voice=voice)


def _acted(acts: Iterable[ReviewAct]) -> list[str]:
    """Return the Slack ids of those who did something, the first of them first."""
    return list(dict.fromkeys(found[1] for act in acts if (found := _EDITOR_ID.search(act.editor))))


def _voice(desk: Desk, now: datetime) -> Voice:
    return Voice(desk.renderer, desk.recap.languages[0], desk.recap.zone, policy=desk.card, now=now)


def _left_out(digest: Digest, acts: Sequence[ReviewAct], *, desk: Desk) -> list[LeftOut]:
    """Return the week's events that *digest* does not show: what came next, then the best, what was dropped last."""
    recap = desk.store.load_recap(digest.recap_id)
    shown = {card.event_id for card in digest.cards}
    scores = {each.event_id: each.score for each in recap.events if each.event_id not in shown} if recap else {}
    next_up = {link.event_id for link in digest.also}
    dropped = {act.argument for act in acts if act.act == "drop"}
    order = sorted(scores, key=lambda event: (event not in next_up, event in dropped, -scores[event], event))
    dossiers = desk.store.load_dossiers_by_id(order[: slack_review.MOST_LEFT_OUT])
    return [
        LeftOut(
            each.event.id,
            each.title_in(digest.language)[0],
            event_url(each.event, policy=desk.card),
            scores[each.event.id],
        )
        for each in dossiers
        if each.event.id in scores
    ]


def _sender(desk: Desk, senders: Mapping[Medium, Sender]) -> SenderFacts | None:
    return plan_recap.usable(senders).get(Medium.SLACK) if desk.recap.review_channel else None


def _watched(desk: Desk) -> Iterator[_Watched]:
    """Yield the drafts, and what was one when the channel was told; no digest is read of which much is known."""
    for recap in desk.store.load_recap_heads()[:_RECENT]:
        states = desk.store.load_digest_states(recap.id)
        told = desk.store.load_deliveries(recap=recap.id, purpose=REVIEW)
        routes = {_key_of(each.subject): each.route_id.removeprefix(f"{REVIEW}/") for each in told}
        for key in (key for key, state in states.items() if state is DigestState.DRAFT and key not in routes):
            if digest := desk.store.load_digest(key):
                routes[key] = digest.route_id
        for key, route in routes.items():
            yield _Watched(key, recap.id, route, is_draft=states.get(key) is DigestState.DRAFT)


def _wanted(watched: _Watched, sender: SenderFacts, *, desk: Desk, now: datetime) -> list[Delivery]:
    """Return the deliveries that the state of a draft asks for and the ledger does not have."""
    known = [each for each in _told(watched.key, desk=desk) if each.sender == sender.name]
    acts = len(desk.store.load_review_acts(watched.key))
    row = partial(_delivery, watched, sender, now=now)
    planned = [row(desk.recap.review_channel, PARENT)] if watched.is_draft else []
    for posted in (each for each in known if each.part == PARENT and not each.revision):
        if posted.state is DeliveryState.SENT:
            planned += _after(posted, acts, row=row)
            planned += [row(posted.destination, part) for part in _reminders(watched, desk=desk, now=now)]
    ids = {each.id for each in known}
    return [each for each in planned if each.id not in ids]


def _told(key: str, *, desk: Desk) -> list[Delivery]:
    return desk.store.load_deliveries(subject=subject_of(key))


def _key_of(subject: str) -> str:
    return subject.removeprefix(f"{REVIEW}/")


def _after(posted: Delivery, acts: int, *, row: Callable[..., Delivery]) -> list[Delivery]:
    """Return the change of the message that was *posted*, and a line in its thread for each act."""
    lines = [row(posted.destination, f"{_ACT}{number:03d}") for number in range(1, acts + 1)]
    if not acts:
        return lines
    change = row(posted.destination, PARENT, revision=acts)
    return [change.model_copy(update={"receipt": posted.receipt, "channel": posted.channel}), *lines]


def _reminders(watched: _Watched, *, desk: Desk, now: datetime) -> list[str]:
    until = review_deadlines.until(watched.recap, watched.route, desk=desk) if watched.is_draft else None
    if until is None or now < until - timedelta(hours=desk.recap.nudge_hours):
        return []
    if now < until:
        return [NUDGE]
    waits_on = any(each.id == watched.route and each.on_timeout is OnTimeout.HOLD for each in desk.load_routes())
    return [OVERDUE] if waits_on else []


def _delivery(
    watched: _Watched, sender: SenderFacts, channel: str, part: str, *, now: datetime, revision: int = 0
) -> Delivery:
    subject = subject_of(watched.key)
    identity = delivery_id(
        subject,
        purpose=REVIEW,
        workspace=sender.workspace,
        destination=channel,
        recipient=channel,
        part=part,
        revision=revision,
    )
    return Delivery(
        id=identity,
        purpose=REVIEW,
        subject=subject,
        workspace=sender.workspace,
        medium=Medium.SLACK,
        destination=channel,
        recipient=channel,
        part=part,
        revision=revision,
        sender=sender.name,
        recap_id=watched.recap,
        route_id=f"{REVIEW}/{watched.route}",
        planned_at=now,
        not_before=now,
    )
