"""Drafts are kept, mended once, or dropped with a reason."""

import pytest

from bot.analyze import ground
from bot.analyze.ground import Grounded
from bot.model.insight import ClaimPart, DraftClaim, Quote
from tests.builders import a_dossier, an_article

PLANS = "Ostra Systems plans to resume deliveries of its K2 card in March 2027."
SUED = "Tarn Capital sued Ostra Systems in Oslo over $5.5 billion in losses."
ARTICLE = an_article(
    "Ostra Systems faces a lawsuit", text=f"{PLANS} {SUED} The firm did not raise its prices this year."
)
DOSSIER = a_dossier(ARTICLE)


def ground_one(text: str, quote: str, *, article_id: str = ARTICLE.id, **values: object) -> Grounded:
    given: dict[str, object] = {"part": ClaimPart.TAKEAWAY, "language": "en"}
    quotes = [Quote(article_id=article_id, text=quote)]
    draft = DraftClaim.model_validate({**given, "text": text, "quotes": quotes, **values})
    return ground.claims([draft], DOSSIER)


def reason(found: Grounded) -> str:
    return found.dropped[0].reason


def test_true_paraphrase_is_kept_with_its_place() -> None:
    found = ground_one("Tarn Capital sued Ostra Systems over losses of $5.5bn.", SUED)

    citation = found.kept[0].citations[0]
    assert ARTICLE.text[citation.start : citation.end] == SUED


def test_plan_told_as_done_becomes_the_words_of_the_article() -> None:
    found = ground_one("Ostra Systems has resumed deliveries of its K2 card.", PLANS)

    assert [each.claim.text for each in found.repaired] == [PLANS]
    assert found.repaired[0].reason == "what the quotes call a plan or doubtful is told as a fact"


def test_exchanged_roles_are_not_shown() -> None:
    found = ground_one("It was Ostra Systems that sued Tarn Capital over losses of $5.5 billion.", SUED)

    assert [claim.text for claim in found.shown if claim.text != SUED] == []


def test_missing_negation_is_not_shown() -> None:
    found = ground_one("The firm did raise its prices this year.", "The firm did not raise its prices this year.")

    assert [claim.text for claim in found.shown] == ["The firm did not raise its prices this year."]


def test_negation_before_a_cut_quote_still_counts() -> None:
    found = ground_one("The firm raised its prices this year.", "raise its prices this year")

    assert found.kept == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tarn Capital sued Ostra Systems over $6.5 billion.", "number $6.5 billion is not in the quotes"),
        (
            "Tarn Capital sued Ostra Systems over €5.5 billion.",
            "number €5.5 billion has another currency in the quotes",
        ),
        ("Nordvik Capital sued Ostra Systems over $5.5 billion.", "name Nordvik is not in the quotes"),
        ("Tarn Capital sued Ostra Systems in May 2024 in Oslo.", "date May 2024 is not in the quotes"),
    ],
)
def test_invented_fact_is_dropped_and_never_mended(text: str, expected: str) -> None:
    assert reason(ground_one(text, SUED)) == expected


def test_quote_of_another_article_is_dropped() -> None:
    assert reason(ground_one(SUED, "Solvane opened a plant in Kiruna in May.")).startswith("quote not found in article")


def test_unknown_article_is_dropped() -> None:
    assert reason(ground_one(SUED, SUED, article_id="a1")) == "article a1 is not known"


def test_quote_about_something_else_is_dropped() -> None:
    assert reason(ground_one("Tarn Capital sued Ostra Systems.", PLANS)) == "name Tarn is not in the quotes"


def test_nearly_verbatim_quote_is_mended() -> None:
    found = ground_one(SUED, "Tarn Capital sued Ostra Systems in Oslo over $5.5 billion of losses.")

    assert found.shown[0].citations[0].quote in SUED


def test_quote_with_another_number_is_not_mended() -> None:
    assert ground_one(SUED, "Tarn Capital sued Ostra Systems in Oslo over $5.6 billion in losses.").shown == ()


def test_quote_around_an_ellipsis_becomes_its_sentence_where_the_claim_needs_it() -> None:
    found = ground_one(SUED, "Tarn Capital sued Ostra … over $5.5 billion in losses.")

    assert [citation.quote for citation in found.shown[0].citations] == [SUED]


def test_quote_too_short_is_widened_to_its_sentence() -> None:
    found = ground_one(SUED, "sued Ostra")

    assert found.repaired[0].claim.citations[0].quote == SUED


def test_invented_speaker_is_taken_away() -> None:
    found = ground_one(PLANS, PLANS, part=ClaimPart.IMPLICATION, rationale="says Zebulon Quark")

    assert found.repaired[0].claim.rationale is None


def test_every_draft_is_accounted_for_in_order() -> None:
    drafts = [
        DraftClaim(part=ClaimPart.HOOK, text=text, language="en", quotes=[Quote(article_id=ARTICLE.id, text=SUED)])
        for text in (SUED, "Tarn Capital sued Solvane.", "")
    ]

    found = ground.claims(drafts, DOSSIER)

    assert [claim.text for claim in found.shown] == [SUED]
    assert [each.reason for each in found.dropped] == ["name Solvane is not in the quotes", "no text"]
