"""Search by words finds the same in both databases."""

from datetime import timedelta

import psycopg
import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.article import Decision
from tests.builders import MONDAY, a_dossier, an_article
from tests.contract.builders import a_state, store_articles, store_dossiers

CHINESE = a_dossier(an_article("哈尔西恩发布天气模型", source="orrery", text="新模型预报大火灾。"))
ENGLISH = a_dossier(an_article("Halcyon Labs opens its weather model", text="It beats the café's GPT-5 by 40%."))


def found(store: SqlStore, words: str) -> list[str]:
    return [hit.event_id for hit in store.search_events(words, limit=10)]


@pytest.mark.parametrize("words", ["模型", "天气", "火", "灾", "发布天气模型", "模型 火灾", "ORRERY", "模型 orrery"])
def test_chinese_event_is_found(store: SqlStore, words: str) -> None:
    store_dossiers(store, CHINESE, ENGLISH)

    assert found(store, words) == [CHINESE.event.id]


@pytest.mark.parametrize("words", ["weather", "WEATHER model", "cafe", "Café", "gpt-5", "ｇｐｔ 5", "halden beats 40"])
def test_english_event_is_found(store: SqlStore, words: str) -> None:
    store_dossiers(store, CHINESE, ENGLISH)

    assert found(store, words) == [ENGLISH.event.id]


@pytest.mark.parametrize("words", ["", "   ", "🔥", "weath", "weather 模型", "型模", "天模", "nowhere"])
def test_words_that_do_not_all_stand_there_find_nothing(store: SqlStore, words: str) -> None:
    store_dossiers(store, CHINESE, ENGLISH)

    assert found(store, words) == []


@pytest.mark.parametrize(
    "words",
    [
        "'",
        '"',
        "weather'",
        'weather"',
        "weather*",
        "(weather)",
        "weather & !model",
        "words:weather",
        "^weather",
        "%weather_",
        "\0weather",
    ],
)
def test_marks_of_query_languages_mean_nothing(store: SqlStore, words: str) -> None:
    store_dossiers(store, CHINESE, ENGLISH)

    assert found(store, words) in ([], [ENGLISH.event.id])


@pytest.mark.parametrize(
    "words", ["weather OR nowhere", "weather NOT model2", "NEAR(weather labs)", "weather <-> model2"]
)
def test_operators_are_words(store: SqlStore, words: str) -> None:
    store_dossiers(store, ENGLISH)

    assert found(store, words) == []


def test_edit_changes_what_is_found(store: SqlStore) -> None:
    store_dossiers(store, ENGLISH)
    edited = ENGLISH.articles[0].model_copy(
        update={"title": "Halcyon Labs closes its climate model", "content_hash": "new"}
    )

    store.save_collected(a_state(), [Decision(edited, "update", "text changed")])

    assert found(store, "climate") == [ENGLISH.event.id]
    assert found(store, "weather") == []


def test_full_text_is_found(store: SqlStore) -> None:
    store_dossiers(store, ENGLISH)
    full = ENGLISH.articles[0].model_copy(
        update={"text": "A barometer.", "content_hash": "full", "has_full_text": True}
    )

    store.save_full_texts([full])

    assert found(store, "barometer") == [ENGLISH.event.id]


def test_words_in_the_title_come_before_words_in_the_text(store: SqlStore) -> None:
    in_text = a_dossier(an_article("Something else", text="A weather model."))
    in_title = a_dossier(an_article("A weather model", published_at=MONDAY - timedelta(days=9)))
    store_dossiers(store, in_title, in_text)

    hits = store.search_events("weather model", limit=10)

    assert [hit.event_id for hit in hits] == [in_title.event.id, in_text.event.id]
    assert hits[0].rank > hits[1].rank


def test_more_articles_come_first_and_one_event_is_found_once(store: SqlStore) -> None:
    many = a_dossier(an_article("Weather model opens"), an_article("Weather model is open", source="orrery"))
    one = a_dossier(an_article("Weather model closes"))
    store_dossiers(store, many, one)

    assert found(store, "weather model") == [many.event.id, one.event.id]


def test_at_most_as_many_events_as_asked_for_are_found(store: SqlStore) -> None:
    store_dossiers(store, *(a_dossier(an_article(f"Weather {number}")) for number in range(4)))

    assert len(store.search_events("weather", limit=3)) == 3


def test_big_events_leave_room_for_small_ones(store: SqlStore) -> None:
    big = a_dossier(*(an_article(f"Weather model {number}", source=f"source-{number}") for number in range(9)))
    small = a_dossier(an_article("Model", published_at=MONDAY - timedelta(days=9), text="A weather model."))
    store_dossiers(store, small, big)

    hits = store.search_events("weather model", limit=2)

    assert [hit.event_id for hit in hits] == [big.event.id, small.event.id]


def test_article_without_event_is_not_found(store: SqlStore) -> None:
    store_articles(store, an_article("Weather"))

    assert found(store, "weather") == []


def test_only_the_newest_thousand_hits_are_ranked(store: SqlStore) -> None:
    old = a_dossier(an_article("Weather weather", source="old"))
    store_dossiers(store, old)
    store_articles(store, *(an_article(f"Weather {number}") for number in range(1_000)))

    assert found(store, "weather") == []


def test_very_long_text_is_stored_and_found(store: SqlStore) -> None:
    long = a_dossier(an_article("Long", text=" ".join(f"word{number}" for number in range(300_000))))

    store_dossiers(store, long)

    assert found(store, "word17") == [long.event.id]


def test_old_event_is_found_where_many_but_not_enough_new_ones_are(postgresql_url: str) -> None:
    store = SqlStore(postgresql_url)
    store.upgrade()
    old = a_dossier(an_article("Weather model", source="old"))
    store_dossiers(store, old)
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("SELECT setval(pg_get_serial_sequence('search_numbers', 'number'), 100000)")
    store_articles(store, *(an_article(f"Weather {number}", text="A model.") for number in range(600)))

    assert found(store, "weather model") == [old.event.id]
