"""Advice comes from the playbook: the closest entry, the reader's language, slots filled."""

from bot.analyze import playbook
from bot.model.insight import Advice
from bot.model.policy import Playbook, PlaybookEntry
from tests.builders import a_dossier, an_article

BOOK = Playbook(
    entries=(
        PlaybookEntry("*", "*", {"en": "Read it."}),
        PlaybookEntry("funding", "*", {"en": "Watch the market."}),
        PlaybookEntry("funding", "founders", {"en": "Ask {publisher} about {title}.", "zh": "询问{publisher}。"}),
        PlaybookEntry("*", "investors", {"en": "Check your portfolio."}),
    )
)


def advise(
    *audiences: str, kind: str = "funding", language: str = "en", title: str = "Ostra raises $40m"
) -> list[Advice]:
    dossier = a_dossier(an_article(title, source="tarn"), kind=kind)
    return playbook.advice(dossier, audiences=audiences, playbook=BOOK, language=language)


def test_closest_entry_counts_and_its_slots_are_filled() -> None:
    assert advise("founders") == [Advice(audience="founders", text="Ask Tarn about Ostra raises $40m.")]


def test_language_of_the_reader_comes_first() -> None:
    assert advise("founders", language="zh")[0].text == "询问Tarn。"


def test_english_stands_in_for_a_missing_language() -> None:
    assert advise("founders", language="de")[0].text == "Ask Tarn about Ostra raises $40m."


def test_kind_is_closer_than_audience() -> None:
    assert advise("investors")[0].text == "Watch the market."


def test_audience_counts_where_the_kind_has_no_entry() -> None:
    assert advise("investors", kind="release")[0].text == "Check your portfolio."


def test_advice_for_everybody_comes_once() -> None:
    assert advise("designers", "researchers") == [Advice(audience="*", text="Watch the market.")]


def test_braces_in_a_title_stay_as_they_are() -> None:
    assert advise("founders", title="A {publisher} {0} test")[0].text == "Ask Tarn about A {publisher} {0} test."


def test_empty_playbook_advises_nothing() -> None:
    assert playbook.advice(a_dossier(), audiences=["founders"], playbook=Playbook(), language="en") == []
