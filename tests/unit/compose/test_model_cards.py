"""Cards that a model wrote: what is translated and what is extracted says so."""

import pytest

from bot.adapters.templates import JinjaRenderer
from bot.model.digest import CardLine
from tests.builders import NOW
from tests.builders_cards import a_card
from tests.fakes.analysts import TEMPLATES


def rendered(template: str, *, language: str, **values: object) -> str:
    return JinjaRenderer(TEMPLATES, languages=["en", "zh"]).render(template, language=language, now=NOW, **values)


@pytest.mark.parametrize(("language", "said"), [("en", " · translated from Chinese"), ("zh", " · 译自中文")])
def test_translated_title_says_from_what(language: str, said: str) -> None:
    card = a_card(title="Ostra opens a plant", language=language, translated_from="zh")

    assert rendered("shared/_language.j2", language=language, card=card) == said


def test_extracted_line_of_a_models_card_says_that_it_is_from_a_source() -> None:
    line = CardLine(text="It opened.", label="extracted", sources=[1])

    assert "(From a source)" in rendered("slack/event/_line.mrkdwn.j2", language="en", line=line)
    assert "From a source" in rendered("web/_line.html.j2", language="en", line=line)
