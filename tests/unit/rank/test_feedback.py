from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.audience import AudienceMatch
from bot.model.event import Dossier
from bot.model.feedback import Feedback, Vote
from bot.rank import feedback
from bot.rank.feedback import BOUND, Opinion
from tests.builders import NOW, a_dossier, an_article


def a_match(audience: str, confidence: float) -> AudienceMatch:
    return AudienceMatch(id=audience, confidence=confidence, reason="")


EVENT = a_dossier(
    an_article("Corvid ships", source="halden"),
    an_article("Corvid is out", source="lark"),
    audiences=[a_match("developers", 0.9), a_match("design", 0.3)],
)


def a_vote(vote: Vote = Vote.USEFUL, *, person: str = "U1", weeks: float = 0, event: str = EVENT.event.id) -> Feedback:
    given_at = NOW - timedelta(weeks=weeks)
    return Feedback(id=f"{event}{person}", event_id=event, workspace="T1", person=person, vote=vote, given_at=given_at)


def heard(votes: Sequence[Feedback], *dossiers: Dossier) -> Opinion:
    return feedback.opinion(votes, {each.event.id: each for each in (EVENT, *dossiers)}, at=NOW)


def test_useful_vote_lifts_sources_and_audiences() -> None:
    found = heard([a_vote()])

    assert {trait: moved.lift for trait, moved in found.moved.items()} == {
        ("audience", "design"): 0.05,
        ("audience", "developers"): 0.05,
        ("source", "halden"): 0.05,
        ("source", "lark"): 0.05,
    }


def test_not_for_me_lowers_audiences_alone_and_wrong_sources_alone() -> None:
    assert {kind for kind, _ in heard([a_vote(Vote.NOT_FOR_ME)]).moved} == {"audience"}
    assert {kind for kind, _ in heard([a_vote(Vote.WRONG)]).moved} == {"source"}
    assert heard([a_vote(Vote.WRONG)]).moved["source", "lark"].lift == -0.05


def test_vote_one_half_life_old_counts_half() -> None:
    # half a vote of one voter, against 3 and a half
    assert heard([a_vote(weeks=4)]).moved["source", "lark"].lift == pytest.approx(0.028571, abs=1e-6)


def test_vote_from_the_future_of_a_week_or_older_than_memory_says_nothing() -> None:
    assert heard([a_vote(weeks=-1), a_vote(weeks=26, person="U2")]).moved == {}


def test_person_with_many_votes_counts_once() -> None:
    others = [a_dossier(an_article(f"Lark sings {number}", source="lark")) for number in range(30)]
    votes = [a_vote(event=each.event.id) for each in others]

    found = heard(votes, *others).moved["source", "lark"]

    assert found.lift == pytest.approx(0.05)
    assert (found.votes, found.voters) == (30, 1)


def test_event_is_moved_by_the_mean_of_its_sources_and_of_its_audiences_by_confidence() -> None:
    alone = a_dossier(an_article("Lark sings", source="lark"), audiences=[a_match("design", 1.0)])

    found = heard([a_vote(event=alone.event.id)], alone)

    assert found.of_sources(EVENT) == (0.025, [("source", "lark")])
    assert found.of_audiences(EVENT)[0] == pytest.approx(0.05 * 0.3 / 1.2)


VOTES = st.lists(
    st.builds(
        a_vote,
        st.sampled_from(Vote),
        person=st.sampled_from(["U1", "U2", "U3", "U4"]),
        weeks=st.floats(0, 30),
        event=st.just(EVENT.event.id),
    ),
    max_size=40,
)


@settings(max_examples=60, derandomize=True)
@given(VOTES)
def test_no_votes_move_anything_beyond_the_bound(votes: list[Feedback]) -> None:
    found = heard(votes)

    assert all(abs(moved.lift) < BOUND for moved in found.moved.values())
    assert abs(found.of_sources(EVENT)[0]) < BOUND
    assert abs(found.of_audiences(EVENT)[0]) < BOUND


@settings(max_examples=60, derandomize=True)
@given(st.floats(0, 25), st.floats(0, 25))
def test_older_vote_never_moves_more(one: float, other: float) -> None:
    young, old = (abs(heard([a_vote(weeks=weeks)]).moved["source", "lark"].lift) for weeks in sorted((one, other)))

    assert young >= old > 0


@settings(max_examples=60, derandomize=True)
@given(VOTES)
def test_order_of_votes_does_not_matter(votes: list[Feedback]) -> None:
    there, back = heard(votes), heard(votes[::-1])

    assert there.moved.keys() == back.moved.keys()
    assert all(there.moved[trait].lift == pytest.approx(back.moved[trait].lift) for trait in there.moved)
