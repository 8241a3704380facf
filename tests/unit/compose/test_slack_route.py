"""The form of a channel's own route keeps Slack's limits, and whatever comes back of it is a choice or a fault."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.compose import slack_route
from bot.compose.blocks import MAX_TEXT_CHARS
from bot.compose.slack_route import Part, RouteForm
from bot.compose.voice import Voice
from bot.entrypoints.slack_app import route_fields
from bot.model.audience import Audience
from bot.model.delivery import ShutDestination
from bot.model.policy import SlackPolicy
from bot.model.route import Destination, Medium, Route
from bot.model.values import Language
from bot.workflows.keep_routes import RouteChoice
from tests.builders import NOW
from tests.builders_cards import HOSTILE, SITE, a_renderer
from tests.fakes import slack_blocks

ROUTE = Route(
    id="slack-c1", name="#ml", origin="slack", time="09:30", destinations=[Destination(medium=Medium.SLACK, id="C1")]
)
AUDIENCES = [Audience(id="founders", name="Founders", description="They found.")]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = ["audiences", "day", "time", "zone", "events", "score", "language", "review"]
SLOTS = ["value", "selected_option", "selected_options"]


def a_voice(language: Language = "en") -> Voice:
    return Voice(a_renderer(), language, "Europe/Berlin", policy=SITE, now=NOW)


def a_form(route: Route = ROUTE, **values: Any) -> RouteForm:
    given: dict[str, Any] = {"is_own": True, "audiences": AUDIENCES, "languages": ["en", "zh"], "mark": None}
    return RouteForm(**({"route": route, "is_member": None, "metadata": "{}"} | given | values))


def read(values: Any) -> RouteChoice | dict[str, str]:
    body = {"view": {"state": {"values": values}}}
    return route_fields.read(body, ROUTE, audiences=["founders"], languages=["en", "zh"], voice=a_voice())


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("count", [0, 1, 150])
def test_form_is_one_that_slack_takes_whatever_it_offers(count: int, language: Language) -> None:
    many = [Audience(id=f"a{number}", name=HOSTILE * 5, description="") for number in range(count)]
    mark = ShutDestination(workspace="T1", destination="C1", reason=HOSTILE * 5, since=NOW)

    view = slack_route.form(a_form(audiences=many, mark=mark, is_member=False), voice=a_voice(language))

    assert slack_blocks.view_faults(view, kind="modal") == []


def test_form_offers_what_the_route_has_though_it_is_none_of_the_usual() -> None:
    route = ROUTE.model_copy(update={"max_events": 12, "timezone": "Asia/Tokyo", "language": "fr"})

    view = slack_route.form(a_form(route), voice=a_voice())

    assert slack_blocks.view_faults(view, kind="modal") == []
    assert "09:30" in slack_blocks.texts(view["blocks"])
    assert "Asia/Tokyo" in slack_blocks.texts(view["blocks"])


def test_nothing_filled_in_is_the_route_as_it_is_without_a_least_score() -> None:
    choice = read({})

    assert isinstance(choice, RouteChoice)
    assert (choice.audiences, choice.day, choice.time, choice.min_score) == ([], 0, "09:30", 0.0)


@pytest.mark.parametrize("score", ["-1", "101", "0.5", "1e1", "٤", "four", "9999999999", "NaN"])
def test_score_that_is_no_percentage_is_a_fault_of_its_field(score: str) -> None:
    assert read({"route_score": {"value": {"value": score}}}) == {"route_score": "fault_score"}


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([f"route_{name}" for name in NAMES]),
        st.fixed_dictionaries({"value": st.dictionaries(st.sampled_from(SLOTS), JSON)}) | JSON,
    )
    | JSON
)
def test_no_input_breaks_the_form(values: Any) -> None:
    found = read(values)

    if isinstance(found, dict):
        assert all(a_voice().label(fault) for fault in found.values())
    else:
        assert 0 <= found.min_score <= 1
        assert found.day in range(7)
        assert set(found.audiences) <= {"founders"}


@pytest.mark.parametrize("value", [[], {}, None, 3, "25:00"])
def test_time_that_was_not_offered_is_a_fault_of_its_field(value: object) -> None:
    values = {"route_time": {"value": {"selected_option": {"value": value}}}}

    assert read(values) == {"route_time": "fault_choice"}


@pytest.mark.parametrize("part", ["told", "refused"])
def test_what_is_told_of_a_route_fits_however_many_it_names(part: Part) -> None:
    audiences = [f"{'&' * 60}{number}" for number in range(100)]
    policy = SlackPolicy(admins=frozenset(f"U0ADMIN{number:03d}" for number in range(300)))

    told = slack_route.told(
        part, ROUTE.model_copy(update={"audiences": audiences}), voice=a_voice(), line=0, policy=policy
    )

    assert len(told) <= MAX_TEXT_CHARS
    assert "more\n" in told
    assert told.endswith("…")


def test_names_are_escaped_where_a_route_is_told() -> None:
    route = ROUTE.model_copy(update={"name": "<!channel>"})
    policy = SlackPolicy(admins=frozenset({"U0ADA"}))

    told = slack_route.told("refused", route, voice=a_voice(), line=0, policy=policy)

    assert "<!channel>" not in told
    assert told.endswith("changes it for: administrators of this workspace <@U0ADA>")
