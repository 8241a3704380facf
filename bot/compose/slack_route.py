"""The form in which a channel's own route is made and changed, and what is told of routes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.compose import actions, locales, slack_choices, slack_forms
from bot.compose.blocks import asking, block, button, plain, row
from bot.compose.voice import Voice
from bot.model.audience import Audience
from bot.model.delivery import ShutDestination
from bot.model.route import ReviewChoice, Route
from bot.model.values import Json, Language

Part = Literal["told", "kept", "removed", "refused", "direct", "busy", "changed", "unsure"]
"""What is said of a route; see templates/slack/command/route.mrkdwn.j2."""
EVENTS = (3, 5, 7, 10, 15, 20)
MAX_HINT_CHARS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteForm:
    """What the form offers, and what is chosen in it."""

    route: Route
    is_own: bool
    """The channel has it already: it can be removed."""
    audiences: Sequence[Audience]
    languages: Sequence[Language]
    mark: ShutDestination | None
    """Why nothing is posted to the channel, where nothing is."""
    is_member: bool | None
    """Whether we are in the channel; null where that cannot be known."""
    metadata: str
    """Comes back with the form."""
    scores: Sequence[float] = ()
    """Of the newest recap's events, best first."""


def form(shown: RouteForm, *, voice: Voice) -> Json:
    """Return the form, filled with the route; what is offered to choose from is what `choices` says."""
    route = shown.route
    fields = [
        *block("section", _words("intro", shown, voice=voice)),
        *block("section", _words("notice", shown, voice=voice)),
        *_audiences(shown, voice=voice),
        *(_choice(name, shown, voice=voice) for name in ("route_day", "route_time")),
        *([_choice("route_zone", shown, voice=voice)] if len(zones(route, voice)) > 1 else []),
        _choice("route_events", shown, voice=voice),
        _score(route, shown.scores, voice=voice),
        *([_choice("route_language", shown, voice=voice)] if len(shown.languages) > 1 else []),
        _choice("route_review", shown, voice=voice),
        *(row([_remove(route, voice=voice)]) if shown.is_own else []),
    ]
    return slack_forms.view(
        fields,
        title="route_title",
        voice=voice,
        metadata=shown.metadata,
        callback=actions.ROUTE_FORM,
        submit="subscribe_save",
    )


def said(text: str, *, voice: Voice) -> Json:
    """Return the modal that only says something."""
    return slack_forms.view(block("section", text), title="route_title", voice=voice)


def told(
    part: Part,
    route: Route | None,
    *,
    voice: Voice,
    **values: object,
) -> str:
    """Return what is said of *route* in one case; what each needs stands in templates/slack/command/route.mrkdwn.j2."""
    names = voice.policy.audience_names | voice.policy.audience_names_in.get(voice.language, {})
    audiences = [names.get(each, each) for each in route.audiences if each != "*"] if route else []
    day = slack_choices.day_names(voice.language)[route.day] if route else ""
    return voice.words("command/route.mrkdwn.j2", part=part, route=route, audiences=audiences, day=day, **values)


def choices(name: str, route: Route, *, languages: Sequence[Language], voice: Voice) -> list[tuple[str, str]]:
    """Return what one field offers, value and words; what *route* has is always among it."""
    if name == "route_day":
        return [(str(day), words) for day, words in enumerate(slack_choices.day_names(voice.language))]
    if name == "route_time":
        hours = {f"{hour:02d}:00" for hour in range(slack_choices.HOURS)}
        return [(each, each) for each in sorted(hours | {route.time})]
    if name == "route_zone":
        return [(each, each) for each in zones(route, voice)]
    if name == "route_events":
        return [(str(each), str(each)) for each in sorted({*EVENTS, route.max_events})]
    if name == "route_language":
        return [(each, locales.own_name(each)) for each in dict.fromkeys([*languages, route.language])]
    return [(each.value, voice.label(f"route_review_{each.value}")) for each in ReviewChoice]


def zones(route: Route, voice: Voice) -> list[str]:
    """Return the time zones to choose from: the route's, and the person's own."""
    return list(dict.fromkeys([route.timezone, voice.zone]))


def _choice(name: str, shown: RouteForm, *, voice: Voice) -> Json:
    route = shown.route
    chosen = {
        "route_day": str(route.day),
        "route_time": route.time,
        "route_zone": route.timezone,
        "route_events": str(route.max_events),
        "route_language": route.language,
        "route_review": route.review.value,
    }[name]
    offered = choices(name, route, languages=shown.languages, voice=voice)
    return slack_choices.one(name, offered, chosen=chosen, voice=voice)


def _audiences(shown: RouteForm, *, voice: Voice) -> list[Json]:
    names = voice.policy.audience_names | voice.policy.audience_names_in.get(voice.language, {})
    offered = [(each.id, names.get(each.id, each.name)) for each in shown.audiences][: slack_forms.MAX_OPTIONS]
    if not offered:
        return []
    return [slack_choices.several("route_audiences", offered, chosen=shown.route.audiences, voice=voice)]


def _score(route: Route, scores: Sequence[float], *, voice: Voice) -> Json:
    element: Json = {
        "type": "number_input",
        "action_id": "value",
        "is_decimal_allowed": False,
        "min_value": "0",
        "max_value": "100",
        "initial_value": str(round(route.min_score * 100)),
    }
    return {
        "type": "input",
        "block_id": "route_score",
        "label": plain(voice.label("route_score")),
        "hint": plain(_hint(scores, voice=voice), max_chars=MAX_HINT_CHARS),
        "element": element,
        "optional": True,
    }


def _hint(scores: Sequence[float], *, voice: Voice) -> str:
    """Say what scores there are: half of the events have the middle one or more."""
    middle = scores[(len(scores) - 1) // 2] if scores else 0.0
    return voice.words("command/route_hint.txt.j2", middle=middle)


def _remove(route: Route, *, voice: Voice) -> Json:
    shown = button(voice.label("route_remove"), action=actions.ROUTE_REMOVE, value=route.id, style="danger")
    return asking(
        shown,
        title=voice.label("route_remove"),
        text=voice.label("route_remove_sure"),
        confirm=voice.label("route_remove_yes"),
        deny=voice.label("cancel"),
    )


def _words(part: str, shown: RouteForm, *, voice: Voice) -> str:
    return voice.words(
        "command/route.mrkdwn.j2",
        part=part,
        route=shown.route,
        is_own=shown.is_own,
        zones=zones(shown.route, voice),
        mark=shown.mark,
        is_member=shown.is_member,
    )
