"""What holds for every week and every route."""

from collections import Counter
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.audience import AudienceMatch
from bot.model.event import Dossier
from bot.model.recap import ScoredEvent
from bot.model.route import Route
from bot.rank import select
from bot.rank.candidates import Candidates
from bot.rank.select import Selection
from tests.builders import an_article
from tests.unit.rank.weeks import POLICY, a_route, a_week, an_event, ids

WORDS = ("crow", "flour", "harbour", "lantern", "meadow", "quartz", "ribbon", "saddle", "thimble", "walnut")
AUDIENCES = ("cooks", "founders", "sailors")

Drawn = tuple[Dossier, float]


@st.composite
def events(draw: st.DrawFn) -> Drawn:
    title = " ".join(draw(st.permutations(WORDS))[:3])
    first, *others = draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=2, unique=True))
    event = an_event(title, source=first)
    event = replace(event, articles=(*event.articles, *(an_article(title, source=other) for other in others)))
    event.event.audiences = [
        AudienceMatch(id=audience, confidence=draw(st.sampled_from([0.3, 0.6, 0.9])), reason="")
        for audience in draw(st.lists(st.sampled_from(AUDIENCES), unique=True))
    ]
    return event, draw(st.floats(0, 1))


weeks = st.lists(events(), max_size=12, unique_by=lambda drawn: drawn[0].event.id)
routes = st.fixed_dictionaries(
    {
        "audiences": st.lists(st.sampled_from([*AUDIENCES, "*"]), min_size=1, unique=True),
        "max_events": st.integers(0, 6),
        "min_score": st.sampled_from([0.0, 0.4]),
        "max_per_publisher": st.sampled_from([None, 1, 3]),
        "mute": st.fixed_dictionaries({"words": st.lists(st.sampled_from(WORDS), max_size=2)}),
        "boost": st.fixed_dictionaries({"words": st.lists(st.sampled_from(WORDS), max_size=2)}),
    }
).map(lambda values: a_route(**values))
always = settings(max_examples=60, deadline=None)


def week_of(drawn: list[Drawn]) -> Candidates:
    return a_week([dossier for dossier, _ in drawn], [value for _, value in drawn])


def of(drawn: list[Drawn], route: Route) -> Selection:
    return select.for_route(week_of(drawn), route, policy=POLICY, near=8)


def shown(drawn: list[Drawn], event: ScoredEvent) -> Dossier:
    return next(dossier for dossier, _ in drawn if dossier.event.id == event.event_id)


@always
@given(weeks, routes)
def test_limits_hold_and_nothing_comes_twice(drawn: list[Drawn], route: Route) -> None:
    selection = of(drawn, route)

    all_ids = ids([*selection.chosen, *selection.also])
    told = [shown(drawn, event).publishers for event in selection.chosen]
    alone = Counter(publishers[0] for publishers in told if len(publishers) == 1)
    assert len(selection.chosen) <= route.max_events
    assert max(alone.values(), default=0) <= (route.max_per_publisher or 2)
    assert all(event.score >= route.min_score for event in (*selection.chosen, *selection.also))
    assert len(set(all_ids)) == len(all_ids)
    assert [event.score for event in selection.chosen] == sorted((e.score for e in selection.chosen), reverse=True)


@always
@given(weeks, routes)
def test_mute_beats_boost(drawn: list[Drawn], route: Route) -> None:
    muted = route.mute.words
    told = route.model_copy(update={"boost": route.mute})

    selection = of(drawn, told)

    titles = [shown(drawn, event).event.title.split() for event in (*selection.chosen, *selection.also)]
    assert not any(word in title for title in titles for word in muted)


@always
@given(weeks, routes, st.integers(0, 10_000))
def test_the_order_of_input_does_not_matter(drawn: list[Drawn], route: Route, seed: int) -> None:
    mixed = Random(seed).sample(drawn, k=len(drawn))

    assert of(drawn, route) == of(mixed, route)


@always
@given(weeks, routes)
def test_no_two_events_are_near_equal(drawn: list[Drawn], route: Route) -> None:
    week = week_of(drawn)

    selection = of(drawn, route)

    places = [week.places[event] for event in ids([*selection.chosen, *selection.also])]
    likest = max((week.likeness.between(one, other) for one in places for other in places if one < other), default=0)
    assert likest <= 0.6


@always
@given(weeks, routes)
def test_every_event_is_shown_or_has_a_reason(drawn: list[Drawn], route: Route) -> None:
    selection = of(drawn, route)

    unexplained = [dossier.event.id for dossier, _ in drawn if not selection.why_not(dossier.event.id)]
    assert sorted(unexplained) == sorted(ids(selection.chosen))


@always
@given(weeks, st.lists(st.sampled_from(AUDIENCES), min_size=1), st.lists(st.sampled_from(WORDS), max_size=2))
def test_a_person_gets_each_event_of_their_audiences_once(
    drawn: list[Drawn], audiences: list[str], mutes: list[str]
) -> None:
    route = a_route(audiences=["cooks"], max_events=12, max_per_publisher=12)

    person = of(drawn, select.for_audiences(route, audiences, mutes))

    of_one = [of(drawn, select.for_audiences(route, [each], mutes)) for each in audiences]
    reachable = {event for selection in of_one for event in ids(selection.chosen)}
    got = ids(person.chosen)
    assert len(set(got)) == len(got)
    assert set(got) <= {
        dossier.event.id for dossier, _ in drawn if {m.id for m in dossier.event.audiences} & {*audiences}
    }
    assert (not reachable) == (not got)
