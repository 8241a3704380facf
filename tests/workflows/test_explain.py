"""Why an event stands where it stands, and what became of it by route."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import settings, wiring
from bot.model.event import EventState
from bot.model.policy import Playbook
from bot.model.recap import Standing
from bot.rank import memory
from bot.wiring import Bot
from bot.workflows import look_up, recall
from bot.workflows.look_up import Placing
from bot.workflows.pool import Pool
from tests.builders import a_dossier
from tests.fakes.invented_week import WEEK, an_office

BUILT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
ROUTES = """
routes:
  - {id: all, name: All, destinations: [{slack: "#all"}]}
  - {id: few, name: Few, destinations: [{slack: "#few"}], max_events: 2, min_events: 1, mute: {words: [foundry]}}
  - {id: much, name: Much, destinations: [{slack: "#much"}], min_events: 9, thin_week: hold}
"""


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[Bot]:
    operator = an_office(tmp_path, routed=ROUTES)
    given = {"RECAP_DATABASE_URL": "sqlite://", "RECAP_OUTBOX": str(tmp_path / "outbox"), "RECAP_SECRET_KEY": "test"}
    loaded = settings.load(operator.config, environment=given, defaults=settings.shipped_directory())
    with wiring.bot(loaded) as opened:
        opened.store.upgrade()
        opened.collect(now=BUILT - timedelta(hours=12))
        yield opened


def event_of(bot: Bot, word: str) -> str:
    found = look_up.events(bot.desk.week(WEEK), desk=bot.desk, now=BUILT)
    return next(each.id for each in found if word in each.title)


def by_route(bot: Bot, event: str) -> dict[str, Placing]:
    return {each.route: each for each in look_up.explain(event, desk=bot.desk).routes}


def test_each_route_says_where_it_shows_an_event_or_why_not(bot: Bot) -> None:
    found = by_route(bot, event_of(bot, "Lumenar"))

    assert found["all"].place is not None
    assert found["few"] == Placing("few", None, "muted by word 'foundry'")


def test_once_built_a_route_says_what_became_of_its_digest(bot: Bot) -> None:
    bot.build(bot.desk.week(WEEK), now=BUILT)

    found = by_route(bot, event_of(bot, "Lumenar"))["much"]

    assert found.place is None
    assert found.why_not.startswith("its digest is held: ")


def test_repeats_are_told_apart_from_what_other_routes_held_over() -> None:
    repeat = Standing(EventState.NEW, "in the recap of 2026-W46, nothing new since", "2026-W46", is_repeat=True)
    standings = {"repeat": repeat, "held": Standing(EventState.NEW, "no earlier recap told of it")}
    held = {("much", ""): frozenset({"held"})}
    known = recall.of(memory.past([]), [], playbook=Playbook())
    dossiers = dict.fromkeys(standings, a_dossier())
    pool = Pool(
        dossiers, [], standings, known, [], {}, held=held, older=frozenset({"held"}), repeats=frozenset({"repeat"})
    )

    assert pool.why_left_out("repeat", "all") == "told before: in the recap of 2026-W46, nothing new since"
    assert pool.why_left_out("held", "all").endswith("other routes held it over (much)")
    assert pool.why_left_out("held", "much") == ""
