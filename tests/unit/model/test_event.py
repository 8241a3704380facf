from datetime import timedelta

from tests.builders import MONDAY, a_dossier, an_article

DUTCH = an_article("Halcyon opent zijn weermodel", language="nl")
ENGLISH = an_article("Halcyon opens its weather model", source="kern", published_at=MONDAY + timedelta(hours=1))


def test_title_is_that_of_an_article_in_the_readers_language() -> None:
    assert a_dossier(DUTCH, ENGLISH).title_in("en") == ("Halcyon opens its weather model", "en")


def test_title_of_an_event_in_the_readers_language_is_its_own() -> None:
    central = "Weather model of Halcyon Labs is open"

    assert a_dossier(DUTCH, ENGLISH, title=central, language="en").title_in("en") == (central, "en")


def test_title_stays_as_it_is_where_nobody_told_it_in_the_readers_language() -> None:
    assert a_dossier(DUTCH, ENGLISH).title_in("zh") == ("Halcyon opent zijn weermodel", "nl")


def test_title_in_the_readers_language_is_the_most_central_one() -> None:
    other = an_article("Weather model opened by Halcyon", source="quay", published_at=MONDAY + timedelta(hours=2))

    told = a_dossier(DUTCH, ENGLISH, other, titles={"nl": DUTCH.title, "en": other.title})

    assert told.title_in("en") == (other.title, "en")


def test_central_title_of_an_article_that_came_too_late_is_not_shown() -> None:
    told = a_dossier(DUTCH, ENGLISH, titles={"nl": DUTCH.title, "en": "Told after the recap was built"})

    assert told.title_in("en") == (ENGLISH.title, "en")
