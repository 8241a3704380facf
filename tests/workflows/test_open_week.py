"""Pages of events whose week has no recap yet."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot import settings, wiring
from bot.model.digest import Card
from bot.wiring import Bot
from bot.workflows import explain_place, look_up, show_pages
from tests.builders import a_dossier, an_article
from tests.contract.builders import store_dossiers
from tests.fakes.invented_week import WEEK, an_office

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    folder = tmp_path_factory.mktemp("open")
    operator = an_office(folder)
    given = {"RECAP_DATABASE_URL": "sqlite://", "RECAP_OUTBOX": str(folder / "outbox"), "RECAP_SECRET_KEY": "test"}
    loaded = settings.load(operator.config, environment=given, defaults=settings.shipped_directory())
    with wiring.bot(loaded) as opened:
        opened.store.upgrade()
        opened.collect(now=NOW)
        yield opened


def cards_of(bot: Bot) -> dict[str, Card]:
    week = look_up.events(bot.desk.week(WEEK), desk=bot.desk, now=NOW)
    return {each.id: show_pages.event(each.id, desk=bot.desk, now=NOW, language="en") for each in week}


def test_a_page_has_the_score_that_its_week_gives_the_event(bot: Bot) -> None:
    week = look_up.events(bot.desk.week(WEEK), desk=bot.desk, now=NOW)

    assert {event: card.score for event, card in cards_of(bot).items()} == {each.id: each.score for each in week}


def test_a_place_before_the_recap_is_a_score_without_rank(bot: Bot) -> None:
    [best, *_] = look_up.events(bot.desk.week(WEEK), desk=bot.desk, now=NOW)

    found = explain_place.explain(best.id, desk=bot.desk)

    assert (found.scored.score, found.rank, found.week.id) == (best.score, None, WEEK)


def test_a_page_links_the_events_that_hold_its_names(bot: Bot) -> None:
    told = a_dossier(an_article("Corvane hires for its translation model", published_at=NOW), entities=["Corvane"])
    store_dossiers(bot.store, told)

    card = show_pages.event(told.event.id, desk=bot.desk, now=NOW, language="en")

    assert [link.title for link in card.related] == ["Corvane ships its compact translation model"]
