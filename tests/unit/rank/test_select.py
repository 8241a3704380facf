import pytest

from bot.model.audience import AudienceMatch
from bot.rank import select
from tests.builders import a_dossier, an_article
from tests.unit.rank.weeks import a_route, an_event, ids, selected

CROW, FLOUR = an_event("A crow on the fence", "founders"), an_event("Bakers count flour", "cooks", source="lark")
SIX = [
    an_event(title, source=f"s{title[0]}")
    for title in ("Alder news", "Birch bark", "Cedar cones", "Dogwood", "Elm disease", "Fir needles")
]


def test_route_for_everybody_takes_events_of_nobody() -> None:
    nobody = an_event("Harbour lights")

    assert ids(selected([nobody], audiences=["*"]).chosen) == [nobody.event.id]


def test_route_with_audiences_takes_their_events_alone() -> None:
    selection = selected([CROW, FLOUR], audiences=["cooks"])

    assert ids(selection.chosen) == [FLOUR.event.id]
    assert selection.why_not(CROW.event.id) == "for none of its audiences: cooks"


def test_audience_fit_is_a_part_of_the_score() -> None:
    chosen = selected([CROW], [0.4], audiences=["founders"]).chosen[0]

    assert [part.name for part in chosen.parts] == ["coverage", "audience"]
    assert round(chosen.score, 4) == round((0.4 + 0.8 * 0.3) / 1.3, 4)


def test_better_fit_comes_first_at_equal_base_score() -> None:
    weak = an_event("Harbour lights", source="lark")
    weak.event.audiences = [AudienceMatch(id="founders", confidence=0.3, reason="")]

    assert ids(selected([weak, CROW], audiences=["founders"]).chosen) == [CROW.event.id, weak.event.id]


def test_topic_of_an_article_decides() -> None:
    topical = an_event("Harbour lights", topics=["ships"])

    selection = selected([topical, CROW], topics=["ships"])

    assert ids(selection.chosen) == [topical.event.id]
    assert selection.why_not(CROW.event.id) == "on none of its topics: ships"


def test_language_of_an_article_decides() -> None:
    chinese = an_event("乌鸦来了", language="zh")

    selection = selected([chinese, CROW], languages=["zh"])

    assert ids(selection.chosen) == [chinese.event.id]
    assert selection.why_not(CROW.event.id) == "not told in zh"


def test_event_under_the_minimum_score_is_left_out() -> None:
    selection = selected([CROW, FLOUR], [0.2, 0.6], min_score=0.5)

    assert ids(selection.chosen) == [FLOUR.event.id]
    assert selection.also == ()
    assert selection.why_not(CROW.event.id) == "below min_score: 0.20, the route asks for 0.5"


def test_recapped_event_is_left_out() -> None:
    selection = selected([CROW, FLOUR], told=[CROW])

    assert ids(selection.chosen) == [FLOUR.event.id]
    assert selection.why_not(CROW.event.id) == "in an earlier recap"


def test_near_equal_title_is_left_out_of_everything() -> None:
    again = an_event("A crow on the fence again", source="lark")

    selection = selected([CROW, again], [0.9, 0.8])

    assert (ids(selection.chosen), selection.also) == ([CROW.event.id], ())
    assert selection.why_not(again.event.id).startswith(f"too like {CROW.event.id} (0.")


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"words": ["Flour"]}, "muted by word 'Flour'"),
        ({"words": ["count  flour"]}, "muted by word 'count  flour'"),
        ({"sources": ["lark"]}, "muted by source 'lark'"),
        ({"publishers": ["LARK"]}, "muted by publisher 'Lark'"),
    ],
)
def test_muted_news_stays_out_even_if_it_is_boosted_too(rule: dict[str, list[str]], reason: str) -> None:
    selection = selected([CROW, FLOUR], mute=rule, boost=rule)

    assert ids(selection.chosen) == [CROW.event.id]
    assert selection.why_not(FLOUR.event.id) == reason


def test_a_muted_publisher_keeps_out_only_what_nobody_else_tells() -> None:
    both = a_dossier(an_article("Bakers count flour", source="lark"), an_article("Flour is counted", source="wren"))

    assert ids(selected([both], mute={"publishers": ["Lark"]}).chosen) == [both.event.id]


def test_a_boost_is_a_part_of_the_score_with_its_reason() -> None:
    chosen = selected([CROW, FLOUR], [0.6, 0.4], boost={"words": ["flour"]}).chosen

    assert ids(chosen) == [FLOUR.event.id, CROW.event.id]
    assert [(part.name, part.value, part.reason) for part in chosen[0].parts[1:]] == [
        ("boost", 1.0, "this route boosts word 'flour'")
    ]
    assert chosen[0].score == pytest.approx((0.4 + 1) / 2)


def test_the_routes_own_cap_counts_and_what_it_keeps_out_is_told_in_a_line() -> None:
    more = [an_event("Harbour lights"), an_event("Lantern oil")]

    selection = selected([CROW, *more], [0.9, 0.8, 0.7], max_per_publisher=1)

    assert ids(selection.chosen) == [CROW.event.id]
    assert ids(selection.also) == [more[0].event.id]
    assert selection.why_not(more[1].event.id) == "publisher cap: already 1 that Halden alone tells"


def test_what_several_publishers_tell_no_cap_keeps_out() -> None:
    told = a_dossier(an_article("Harbour lights"), an_article("Lights of the harbour", source="lark"))

    selection = selected([CROW, told, an_event("Lantern oil")], [0.9, 0.8, 0.7], max_per_publisher=1)

    assert ids(selection.chosen) == [CROW.event.id, told.event.id]


def test_the_best_of_what_did_not_fit_comes_in_a_line() -> None:
    selection = selected(SIX, [0.9, 0.8, 0.7, 0.6, 0.5, 0.4], max_events=2, near=4)

    assert ids(selection.chosen) == [dossier.event.id for dossier in SIX[:2]]
    assert ids(selection.also) == [dossier.event.id for dossier in SIX[2:]]
    assert selection.near == tuple(dossier.event.id for dossier in SIX[:4])
    assert selection.why_not(SIX[5].event.id) == "fell off at place 6 of 2"
    assert selection.why_not(SIX[0].event.id) == ""


def test_what_is_much_like_a_better_event_gives_way_to_what_differs() -> None:
    first, other = an_event("Crow nests on the mill roof"), an_event("Quartz mine opens", source="wren")
    near = an_event("Crow nests under a church roof", source="lark")

    selection = selected([first, near, other], [0.9, 0.52, 0.5], max_events=2)

    assert ids(selection.chosen) == [first.event.id, other.event.id]
    assert selection.why_not(near.event.id).startswith("at place 2 of 2 by score, but much like others")


def test_a_person_of_several_audiences_gets_their_news_without_what_they_mute() -> None:
    route = a_route(audiences=["cooks"], mute={"words": ["coupon"]})

    theirs = select.for_audiences(route, ["founders", "cooks", "founders"], ["crow"], language="zh")

    assert (theirs.audiences, theirs.mute.words, theirs.language) == (["cooks", "founders"], ["coupon", "crow"], "zh")
    assert select.for_audiences(route, ["*"]) == route
