"""Digests: the recap as one route gets it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.compose import email, sections, slack
from bot.model.digest import Card, CardLink, Digest, DigestState, digest_key
from bot.model.policy import CardPolicy, MailingList
from bot.model.recap import Recap
from bot.model.route import Destination, Medium, ReviewChoice, Route, ThinWeek
from bot.model.values import EventId
from bot.ports import Renderer


def for_route(
    recap: Recap,
    route: Route,
    cards: Sequence[Card],
    *,
    also: Sequence[CardLink] = (),
    beyond: Sequence[CardLink] = (),
    corrections: Sequence[CardLink] = (),
    says_nothing: bool = False,
    topics: Mapping[EventId, Sequence[str]] | None = None,
    segment: str = "",
    density: str = "full",
    mutes: Sequence[str] = (),
    note: str = "",
    renderer: Renderer,
    policy: CardPolicy,
    list_policy: MailingList | None,
    now: datetime,
) -> Digest:
    """
    Return the digest of *cards* (best first) for *route*, with the messages of its destinations.

    *topics* of the cards' events are what a route with sections by topic puts them under; *also* are
    the lines of "Also this week", *beyond* those of what there was outside the segment's choices,
    *corrections* what an earlier digest told its readers wrongly. *density* and *mutes* are those of the *segment* of
    people that it is for; none means the route's own.

    Too few events make it held or skipped, without messages, or short, as the route says; one without any is
    skipped, unless it *says_nothing*: that there is none. A route with review makes it a draft.
    """
    state, reason = _state(route, len(cards), says_nothing=says_nothing)
    digest = Digest(
        key=digest_key(
            recap.id, route.id, audiences=route.audiences, language=route.language, density=density, mutes=list(mutes)
        ),
        recap_id=recap.id,
        route_id=route.id,
        audiences=list(route.audiences),
        language=route.language,
        density=density,
        mutes=list(mutes),
        segment=segment,
        note=note,
        title=recap.title,
        numbers=recap.numbers,
        previous=recap.previous,
        cards=list(cards),
        sections=sections.of_cards(cards, route, topics=topics or {}, policy=policy, renderer=renderer),
        also=list(also),
        beyond=list(beyond),
        corrections=list(corrections),
        state=state,
        state_reason=reason,
        built_at=now,
    )
    if state in {DigestState.SKIPPED, DigestState.HELD}:
        return digest
    return rerender(digest, route, renderer=renderer, policy=policy, list_policy=list_policy, now=now)


def rerender(
    digest: Digest,
    route: Route,
    *,
    renderer: Renderer,
    policy: CardPolicy,
    list_policy: MailingList | None,
    now: datetime,
) -> Digest:
    """Return *digest* with its messages rendered anew, after its cards or its note changed."""
    digest = digest.model_copy(update={"sections": sections.kept(digest.sections, digest.cards)})
    has_slack = _goes_to(route.destinations, Medium.SLACK)
    changed: dict[str, object] = {
        "slack": slack.messages(digest, route, renderer=renderer, policy=policy, now=now) if has_slack else [],
        "email": None,
    }
    if list_policy is not None and _goes_to(route.destinations, Medium.EMAIL):
        changed["email"] = email.message(
            digest, route, renderer=renderer, policy=policy, mailing_list=list_policy, now=now
        )
    return digest.model_copy(update=changed)


def _state(route: Route, events: int, *, says_nothing: bool) -> tuple[DigestState, str]:
    if events == 0 and says_nothing:
        return DigestState.READY, "no event for these readers: says so, once in a while"
    if events < route.min_events and (events == 0 or route.thin_week != ThinWeek.SHORT):
        thin = f"{_counted(events)}, fewer than this route's minimum of {route.min_events}"
        if events and route.thin_week == ThinWeek.HOLD:
            return DigestState.HELD, f"{thin}: held over, {'it comes' if events == 1 else 'they come'} with next week's"
        return DigestState.SKIPPED, thin
    short = f"{_counted(events)}, fewer than this route's minimum of {route.min_events}: sent short"
    thin = short if events < route.min_events else ""
    if route.review == ReviewChoice.REQUIRED:
        return DigestState.DRAFT, "; ".join(filter(None, ("waits for an editor's approval", thin)))
    return DigestState.READY, thin


def _counted(events: int) -> str:
    return "1 event" if events == 1 else f"{events} events"


def _goes_to(destinations: Sequence[Destination], medium: Medium) -> bool:
    return any(destination.medium == medium for destination in destinations)
