from datetime import timedelta

import pytest

from bot.analyze import endings
from bot.model.policy import EventKind, Playbook
from tests.builders import MONDAY, an_article

PLAYBOOK = Playbook(
    kinds=(
        EventKind(
            "outage", "Outage", resolved_by={"en": ("back online",), "zh": ("恢复服务",), "de": ("wieder online",)}
        ),
        EventKind("lawsuit", "Lawsuit", resolved_by={"en": ("settles", "dismissed")}),
        EventKind("release", "Release"),
    )
)


def told(title: str, text: str = "", *, kind: str = "outage", days: float = 2, language: str = "en") -> str | None:
    article = an_article(title, text=text, language=language, published_at=MONDAY + timedelta(days=days))
    return endings.told([article], [kind], playbook=PLAYBOOK, began_at=MONDAY)


def test_word_in_the_title_ends_the_affair_and_is_told() -> None:
    assert told("Velloway is back online") == "“back online” in “Velloway is back online” (Halden)"


@pytest.mark.parametrize(("title", "language"), [("Velloway 恢复服务", "zh"), ("Velloway ist wieder online", "de")])
def test_other_languages_have_words_of_their_own(title: str, language: str) -> None:
    assert told(title, language=language) is not None


def test_word_in_the_first_sentence_counts_and_further_down_does_not() -> None:
    first = "Velloway said on Monday that all three regions are back online. It apologised to its customers."
    later = "Velloway published a report of 34 pages on Monday. All three regions have long been back online."

    assert told("Velloway report", first) is not None
    assert told("Velloway report", later) is None


@pytest.mark.parametrize(
    "title",
    [
        "Velloway not yet back online",
        "Velloway will be back online by Friday",
        "Velloway denies that it is back online",
    ],
)
def test_what_is_denied_or_to_come_is_no_end(title: str) -> None:
    assert told(title) is None


def test_words_of_another_kind_do_not_count() -> None:
    assert told("Velloway settles with customers", kind="outage") is None
    assert told("Velloway settles with customers", kind="lawsuit") is not None


def test_kind_without_such_words_never_ends() -> None:
    assert told("Corvid-7 is back online", kind="release") is None


def test_what_begins_and_ends_within_a_day_is_one_happening() -> None:
    assert told("Velloway is back online", days=0.9) is None
    assert told("Velloway is back online", days=1) is not None
