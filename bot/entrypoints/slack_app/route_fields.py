"""What the form of a channel's own route says: a choice, or what is wrong with which field."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bot.compose import slack_route
from bot.compose.voice import Voice
from bot.entrypoints.slack_app.reception import Body
from bot.model.route import ReviewChoice, Route
from bot.model.values import AudienceId, Language
from bot.workflows.keep_routes import RouteChoice


@dataclass
class _Form:
    """A form that came back. Nothing in it is relied on: it may be any JSON."""

    body: Body
    route: Route
    languages: Collection[Language]
    voice: Voice
    faults: dict[str, str] = field(default_factory=dict)
    """Field → the label that tells what is wrong with it."""

    def one(self, name: str, current: str) -> str:
        """Return what was chosen in a field that offers some; *current* where the form did not have it."""
        option = _mapping(self._field(name).get("selected_option"))
        if not option:
            return current
        offered = slack_route.choices(name, self.route, languages=list(self.languages), voice=self.voice)
        if option.get("value") not in [value for value, _ in offered]:
            self.faults[name] = "fault_choice"
            return current
        return str(option["value"])

    def audiences(self, known: Collection[AudienceId]) -> list[AudienceId]:
        options = self._field("route_audiences").get("selected_options")
        chosen = [str(_mapping(each).get("value")) for each in (options if isinstance(options, list) else [])]
        if any(each not in known for each in chosen):
            self.faults["route_audiences"] = "fault_audiences"
        return list(dict.fromkeys(chosen))

    def score(self) -> float:
        """Return the least score, 0 to 1, of a whole number of percent; 0 where nothing was written."""
        text = str(self._field("route_score").get("value") or "0").strip().removesuffix("%").strip()
        if text.isascii() and text.isdecimal() and len(text) <= 3 and int(text) <= 100:
            return int(text) / 100
        self.faults["route_score"] = "fault_score"
        return 0.0

    def _field(self, name: str) -> Mapping[object, object]:
        values = _mapping(_mapping(_mapping(self.body.get("view")).get("state")).get("values"))
        return _mapping(_mapping(values.get(name)).get("value"))


def read(
    body: Body,
    route: Route,
    *,
    audiences: Collection[AudienceId],
    languages: Collection[Language],
    voice: Voice,
) -> RouteChoice | dict[str, str]:
    """Return what the form in *body* says of *route*, or its faults: by field, the label that tells each."""
    form = _Form(body, route, languages, voice)
    choice = RouteChoice(
        audiences=form.audiences(audiences),
        day=int(form.one("route_day", str(route.day))),
        time=form.one("route_time", route.time),
        timezone=form.one("route_zone", route.timezone),
        max_events=int(form.one("route_events", str(route.max_events))),
        min_score=form.score(),
        language=form.one("route_language", route.language),
        review=ReviewChoice(form.one("route_review", route.review.value)),
    )
    return form.faults or choice


def _mapping(value: object) -> Mapping[object, object]:
    return value if isinstance(value, Mapping) else {}
