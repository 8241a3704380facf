"""What is new since a recap told of an event, on one invented happening."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analyze import development, ground
from bot.model.article import Article
from bot.model.insight import Claim, ClaimPart
from tests.builders import MONDAY, an_article
from tests.unit.analyze import samples

KNOWN = (samples.told(), samples.GERMAN, samples.CHINESE)
NEXT_WEEK = MONDAY + timedelta(days=8)
FINE = "A court in Luleå fined Ostra Systems $3.2 million on Tuesday for dumping waste water in 2025."
RETOLD = (
    "Ostra Systems has opened another battery plant in the north of Sweden. "
    "The Kiruna factory can make cells for 90,000 cars a year and employs 640 people."
)


def an_update(text: str, title: str = "Ostra once more", **values: object) -> Article:
    return an_article(title, source=str(values.pop("source", "register")), text=text, published_at=NEXT_WEEK, **values)


def found(*new: Article, language: str = "en") -> Claim | None:
    return development.find(new, KNOWN, language=language, otherwise="en")


def test_sentence_with_a_number_and_names_that_nobody_told_is_what_is_new() -> None:
    update = an_update(f"{RETOLD}\n\n{FINE}\n\nOstra was founded in Kiruna in 2019 by two mining engineers.")

    claim = found(update)

    assert claim is not None
    assert (claim.part, claim.text) == (ClaimPart.WHATS_NEW, FINE)
    assert ground.check(claim, {update.id: update}) is None


def test_copy_says_nothing_new() -> None:
    told = samples.told()
    copy = an_update(told.text, title=told.title, source="copyist")

    assert found(copy) is None


def test_retelling_says_nothing_new() -> None:
    assert found(an_update(RETOLD)) is None


def test_invitation_says_nothing_new() -> None:
    assert (
        found(an_update("Sign up for our newsletter by Friday and save up to 35% off the Berlin Battery Summit."))
        is None
    )


def test_nothing_is_new_without_new_articles() -> None:
    assert found() is None


def test_numbers_count_across_languages() -> None:
    retold = "Der Konzern Ostra hat in Kiruna sein zweites Werk für 640 Beschäftigte in Betrieb genommen."
    told = development.find([an_update(retold, language="de")], [samples.told()], language="de", otherwise="de")

    assert told is None


def test_sentence_comes_in_the_readers_language_where_one_says_something_new() -> None:
    english = an_update(FINE)
    german = an_update(
        "Ein Gericht in Luleå hat Ostra Systems wegen Abwässern zu 3,2 Millionen Dollar Strafe verurteilt.",
        source="bruecke",
        language="de",
    )

    told = [found(english, german, language=language) for language in ("de", "en", "zh")]

    assert [claim.language for claim in told if claim] == ["de", "en", "en"]


def test_title_counts_where_an_article_is_nothing_else() -> None:
    update = an_update("", title="Court in Luleå fines Ostra Systems $3.2 million over waste water")

    claim = found(update)

    assert claim is not None
    assert (claim.text, claim.citations[0].in_title) == (update.title, True)


@pytest.mark.parametrize("known", [KNOWN, KNOWN[:1]])
def test_what_is_new_does_not_hang_on_the_order_of_articles(known: tuple[Article, ...]) -> None:
    updates = [an_update(FINE), an_update("Ostra will appeal, said Solvig Marsh, who runs 14 plants.", source="other")]

    one = development.find(updates, known, language="en", otherwise="en")
    other = development.find(updates[::-1], known[::-1], language="en", otherwise="en")

    assert one is not None
    assert other is not None
    assert one.text == other.text


SENTENCES = [line for line in samples.TEXT.replace("\n\n", " ").split(". ") if line]


@given(
    kept=st.lists(st.sampled_from(range(len(SENTENCES))), min_size=1, unique=True),
    source=st.sampled_from(["copyist", "mirror"]),
    extra=st.sampled_from(["", "Read more on our site.", "Photo: Getty Images"]),
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_whoever_copies_whichever_part_in_whatever_order_says_nothing_new(
    kept: list[int], source: str, extra: str
) -> None:
    text = ". ".join(SENTENCES[index].rstrip(".") for index in kept) + f". {extra}"

    assert found(an_update(text, title=samples.TITLE, source=source)) is None
