from collections import Counter
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.audience import AudienceMatch
from bot.model.digest import Route
from bot.model.event import Dossier
from bot.model.policy import RankPolicy
from bot.model.recap import ScoredEvent, ScorePart
from bot.rank import select
from bot.rank.candidates import Candidates
from tests.builders import a_dossier, an_article

WORDS = ("crow", "flour", "harbour", "lantern", "meadow", "quartz", "ribbon", "saddle", "thimble", "walnut")
POLICY = RankPolicy(max_per_publisher=2)


def an_event(title: str, *audiences: str, source: str = "halden", **values: object) -> Dossier:
    matches = [AudienceMatch(id=audience, confidence=0.8, reason="mentions it") for audience in audiences]
    return a_dossier(an_article(title, source=source, **values), audiences=matches)


def listed(
    dossiers: Sequence[Dossier],
    scores: Sequence[float] = (),
    *,
    limit: int = 10,
    told: Sequence[Dossier] = (),
    **route: object,
) -> list[ScoredEvent]:
    values = scores or [0.5] * len(dossiers)
    scored = [
        ScoredEvent(event_id=dossier.event.id, score=value, parts=[ScorePart(name="coverage", value=value, weight=1)])
        for dossier, value in zip(dossiers, values, strict=True)
    ]
    week = Candidates(scored, {dossier.event.id: dossier for dossier in dossiers}, vectors={})
    asked = Route.model_validate({"id": "r", "name": "R", "max_events": limit} | route)
    recapped = frozenset(dossier.event.id for dossier in told)
    return list(select.for_route(week, asked, policy=POLICY, recapped=recapped).chosen)


def ids(scored: Sequence[ScoredEvent]) -> list[str]:
    return [event.event_id for event in scored]


CROW, FLOUR = an_event("A crow on the fence", "founders"), an_event("Bakers count flour", "cooks", source="lark")


def test_route_for_everybody_takes_events_of_nobody() -> None:
    nobody = an_event("Harbour lights")

    assert ids(listed([nobody], audiences=["*"])) == [nobody.event.id]


def test_route_with_audiences_takes_their_events_alone() -> None:
    assert ids(listed([CROW, FLOUR], audiences=["cooks"])) == [FLOUR.event.id]


def test_audience_fit_is_a_part_of_the_score() -> None:
    chosen = listed([CROW], [0.4], audiences=["founders"])[0]

    assert [part.name for part in chosen.parts] == ["coverage", "audience"]
    assert round(chosen.score, 4) == round((0.4 + 0.8 * 0.3) / 1.3, 4)


def test_better_fit_comes_first_at_equal_base_score() -> None:
    weak = an_event("Harbour lights", source="lark")
    weak.event.audiences = [AudienceMatch(id="founders", confidence=0.3, reason="")]

    assert ids(listed([weak, CROW], audiences=["founders"])) == [CROW.event.id, weak.event.id]


def test_topic_of_an_article_decides() -> None:
    topical = an_event("Harbour lights", topics=["ships"])

    assert ids(listed([topical, CROW], topics=["ships"])) == [topical.event.id]


def test_language_of_an_article_decides() -> None:
    chinese = an_event("乌鸦来了", language="zh")

    assert ids(listed([chinese, CROW], languages=["zh"])) == [chinese.event.id]


def test_event_under_the_minimum_score_is_left_out() -> None:
    assert ids(listed([CROW, FLOUR], [0.2, 0.6], min_score=0.5)) == [FLOUR.event.id]


def test_recapped_event_is_left_out() -> None:
    assert ids(listed([CROW, FLOUR], told=[CROW])) == [FLOUR.event.id]


def test_near_equal_title_is_left_out() -> None:
    again = an_event("A crow on the fence again", source="lark")

    assert ids(listed([CROW, again], [0.9, 0.8])) == [CROW.event.id]


events = st.lists(
    st.tuples(st.permutations(WORDS).map(lambda words: " ".join(words[:3])), st.sampled_from("abc"), st.floats(0, 1)),
    max_size=12,
    unique_by=lambda drawn: (drawn[0], drawn[1]),
)


@settings(max_examples=40, deadline=None)
@given(events, st.integers(0, 5), st.randoms(use_true_random=False))
def test_caps_hold_and_order_is_stable(drawn: list[tuple[str, str, float]], limit: int, shuffler: object) -> None:
    dossiers = [an_event(title, source=source) for title, source, _ in drawn]
    scores = [value for _, _, value in drawn]
    mixed = list(zip(dossiers, scores, strict=True))
    shuffler.shuffle(mixed)  # type: ignore[attr-defined]

    chosen = listed(dossiers, scores, limit=limit)

    publishers = Counter(next(d for d in dossiers if d.event.id == event).publishers[0] for event in ids(chosen))
    assert len(chosen) <= limit
    assert all(count <= 2 for count in publishers.values())
    assert [event.score for event in chosen] == sorted((event.score for event in chosen), reverse=True)
    assert chosen == listed([dossier for dossier, _ in mixed], [value for _, value in mixed], limit=limit)
