"""Facts of events: titles per language, entities, and reasons that people can read."""

from datetime import timedelta

from bot.model.event import event_id
from tests.builders import MONDAY, an_article
from tests.unit.understand.newsroom import Newsroom

HOUR = timedelta(hours=1)

FIRST = an_article(
    "Orrery Labs opens the weather model Tidewell for everyone",
    text="Orrery Labs opened its weather model Tidewell on Monday. Ida Marlow leads the team.",
)
SECOND = an_article(
    "Orrery Labs opens its weather model Tidewell",
    source="quay",
    text="The weather model Tidewell of Orrery Labs is open, says Ida Marlow.",
    published_at=MONDAY + HOUR,
)
CHINESE = an_article(
    "Orrery Labs 开源天气模型 Tidewell",
    source="dune",
    text="周一，Orrery Labs 开源了天气模型 Tidewell，负责人为 Ida Marlow。",
    language="zh",
    published_at=MONDAY + 2 * HOUR,
)


def test_event_has_a_title_of_each_language_it_is_told_in() -> None:
    newsroom = Newsroom().arrive_in([[FIRST, SECOND, CHINESE]])

    event = newsroom.dossier(FIRST).event

    assert event.language == "en"
    assert event.titles == {"en": event.title, "zh": "Orrery Labs 开源天气模型 Tidewell"}
    assert newsroom.dossier(CHINESE).event.id == event.id


def test_entities_are_shared_names_as_they_are_written() -> None:
    newsroom = Newsroom().arrive_in([[FIRST, SECOND, CHINESE]])

    assert set(newsroom.dossier(FIRST).event.entities) == {"Orrery Labs", "Tidewell", "Ida Marlow"}


def test_entities_of_a_lone_article_stand_in_title_and_text() -> None:
    alone = an_article("Brassfield recalls kettles", text="The kettles of Brassfield leak. Wendell Oak found it.")

    assert Newsroom().arrive_in([[alone]]).dossier(alone).event.entities == ["Brassfield"]


def test_reason_names_source_and_shared_words() -> None:
    newsroom = Newsroom().arrive_in([[FIRST], [SECOND]])

    assert newsroom.memberships[FIRST.id].reason == "first report"
    reason = newsroom.memberships[SECOND.id].reason
    assert reason.startswith("same words as halden: ")
    assert "tidewell" in reason


def test_reason_shows_whole_phrases_in_chinese() -> None:
    one = an_article("青禾电池宣布量产固态电芯", source="dune", language="zh")
    other = an_article("固态电芯量产：青禾电池抢先", source="quay", language="zh", published_at=MONDAY + HOUR)
    newsroom = Newsroom().arrive_in([[one], [other]])

    assert newsroom.memberships[other.id].event_id == event_id(one.id)
    shown = newsroom.memberships[other.id].reason.removeprefix("same words as dune: ").split(" (")[0]
    assert set(shown.split(", ")) == {"固态电芯", "青禾电池", "量产"}
