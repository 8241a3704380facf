from datetime import UTC, datetime, timedelta

from bot.compose import recap as recaps
from bot.model.event import EventState
from bot.model.policy import RecapPolicy
from bot.model.recap import Recap, RecapNumbers, ScoredEvent
from bot.model.source import SourceState
from bot.model.week import Week
from tests.builders import MONDAY, NOW, a_dossier, an_article

WEEK = Week(2026, 47, zone="Europe/Berlin")


def a_state(slug: str, **values: object) -> SourceState:
    given: dict[str, object] = {"slug": slug, "configured_url": "u", "url": "u", "last_polled_at": MONDAY}
    return SourceState.model_validate(given | values)


def of_week(*states: SourceState, now: datetime = NOW, partial: bool = False) -> Recap:
    told = a_dossier(an_article("One"), an_article("Eins", source="kern", language="de"))
    other = a_dossier(an_article("Two"))
    scored = [ScoredEvent(event_id=other.event.id, score=0.2), ScoredEvent(event_id=told.event.id, score=0.9)]
    return recaps.of_week(
        WEEK,
        scored,
        {told.event.id: told, other.event.id: other},
        policy=RecapPolicy(title="Weekly AI Recap"),
        states={state.slug: state for state in states},
        now=now,
        partial=partial,
    )


def test_the_numbers_count_what_the_events_hold() -> None:
    numbers = of_week().numbers

    assert (numbers.events, numbers.articles, numbers.publishers, numbers.languages) == (2, 3, 2, 2)
    assert (numbers.first_day, numbers.last_day) == ("2026-11-16", "2026-11-22")


def test_events_stand_best_first() -> None:
    assert [event.score for event in of_week().events] == [0.9, 0.2]


def test_a_source_failed_if_its_last_poll_of_the_week_did() -> None:
    before = WEEK.starts_at - timedelta(days=9)
    recap = of_week(
        a_state("good"),
        a_state("bad", failures=2),
        a_state("asleep", failures=1, last_polled_at=before),
        a_state("retired", failures=1, retired_at=before),
    )

    assert recap.numbers.sources == 3
    assert recap.numbers.failed_sources == ["bad"]


def test_a_whole_week_is_named_by_its_week() -> None:
    recap = of_week()

    assert (recap.id, recap.ends_at) == ("2026-W47", datetime(2026, 11, 22, 23, tzinfo=UTC))


def test_a_partial_recap_ends_now_and_is_named_by_the_local_day() -> None:
    now = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)

    recap = of_week(now=now, partial=True)

    assert (recap.id, recap.ends_at) == ("2026-W47-partial-2026-11-19", now)
    assert recap.numbers.last_day == "2026-11-19"


def test_numbers_count_the_states_of_events_without_those_carried_over() -> None:
    states = (EventState.NEW, EventState.DEVELOPING, EventState.DEVELOPING, EventState.RESOLVED, EventState.NEW)
    told = [a_dossier(an_article(f"Event {number}")) for number in range(5)]
    scored = [
        ScoredEvent(event_id=each.event.id, score=0.5, state=state) for each, state in zip(told, states, strict=True)
    ]

    recap = recaps.of_week(
        WEEK,
        scored,
        {each.event.id: each for each in told},
        policy=RecapPolicy(),
        states={},
        now=NOW,
        partial=False,
        carried=frozenset({told[-1].event.id}),
        previous=RecapNumbers(events=3),
    )

    numbers = recap.numbers
    assert (numbers.events, numbers.new, numbers.developing, numbers.resolved) == (4, 1, 2, 1)
    assert len(recap.events) == 5
    assert recap.previous == RecapNumbers(events=3)
