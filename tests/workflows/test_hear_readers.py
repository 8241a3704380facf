"""Votes on one week's events move the next look at the ranking, until they are forgotten."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import settings, wiring
from bot.model.feedback import Vote
from bot.model.recap import ScorePart
from bot.wiring import Bot
from bot.workflows import give_feedback, hear_readers, look_up
from tests.fakes.invented_week import WEEK, an_office

SUNDAY = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
ROUTES = 'routes:\n  - {id: all, name: All, destinations: [{slack: "#all"}]}\n'


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    operator = an_office(tmp_path, routed=ROUTES)
    given = {"RECAP_DATABASE_URL": "sqlite://", "RECAP_OUTBOX": str(tmp_path / "outbox"), "RECAP_SECRET_KEY": "test"}
    loaded = settings.load(operator.config, environment=given, defaults=settings.shipped_directory())
    with wiring.bot(loaded) as opened:
        opened.store.upgrade()
        opened.collect(now=SUNDAY)
        yield opened


def best_event(bot: Bot) -> str:
    return look_up.events(bot.desk.week(WEEK), desk=bot.desk, now=SUNDAY)[0].id


def feedback_of(bot: Bot, event: str) -> ScorePart:
    scored = look_up.explain(event, desk=bot.desk).scored
    assert scored is not None
    return next(part for part in scored.parts if part.name == "feedback")


def vote(bot: Bot, event: str, kind: Vote, *, person: str = "U1") -> None:
    give_feedback.vote(event, kind, desk=bot.desk, workspace="T1", person=person, now=SUNDAY)


def test_votes_move_an_event_and_explain_says_so(bot: Bot) -> None:
    event = best_event(bot)
    before = feedback_of(bot, event)

    vote(bot, event, Vote.WRONG)
    after = feedback_of(bot, event)

    assert (before.weight, before.reason) == (0, "no votes yet")
    assert after.value < 0.5
    assert after.weight == 0.1
    assert after.reason.startswith("votes moved source ")


def test_person_who_changes_their_mind_has_one_vote(bot: Bot) -> None:
    event = best_event(bot)

    vote(bot, event, Vote.WRONG)
    vote(bot, event, Vote.USEFUL)

    moved = hear_readers.opinion(store=bot.store, at=SUNDAY + timedelta(hours=1)).moved
    assert {each.votes for each in moved.values()} == {1}
    assert feedback_of(bot, event).value > 0.5


def test_forgotten_votes_leave_the_ranking_as_it_was(bot: Bot) -> None:
    event = best_event(bot)
    before = look_up.explain(event, desk=bot.desk).scored

    vote(bot, event, Vote.WRONG)
    bot.store.delete_votes()

    assert look_up.explain(event, desk=bot.desk).scored == before
