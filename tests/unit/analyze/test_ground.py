"""A claim stands on its quotes, or it falls."""

from bot.analyze import ground
from bot.model.article import Article
from bot.model.insight import Citation, Claim, ClaimPart
from tests.builders import an_article

TEXT = (
    "Ostra Systems raised $40 million from Tarn Capital in May 2024. Its K2 card costs 12 percent less. "
    "Solvig Marsh said the firm plans to hire 200 people by 2027."
)
ARTICLE = an_article("Ostra raises $40 million", text=TEXT, source="tarn")
CHINESE = an_article(
    "澜图智能融资", text="11月12日，澜图智能宣布完成 1.7 亿元融资，由青屿资本领投。", language="zh", source="qing"
)
KNOWN = {ARTICLE.id: ARTICLE, CHINESE.id: CHINESE}


def a_citation(quote: str, article: Article = ARTICLE, **values: object) -> Citation:
    start = article.text.find(quote)
    given: dict[str, object] = {
        "article_id": article.id,
        "content_hash": article.content_hash,
        "quote": quote,
        "start": start,
        "end": start + len(quote),
    }
    return Citation.model_validate(given | values)


FUNDING = "Ostra Systems raised $40 million from Tarn Capital in May 2024."


def check(text: str, *citations: Citation, part: ClaimPart = ClaimPart.TAKEAWAY, **values: object) -> str | None:
    quotes = list(citations) or [a_citation(FUNDING)]
    given: dict[str, object] = {"part": part, "text": text, "language": "en", "citations": quotes}
    return ground.check(Claim.model_validate(given | values), KNOWN)


def test_verbatim_claim_is_grounded() -> None:
    assert check(FUNDING) is None


def test_paraphrase_with_the_same_facts_is_grounded() -> None:
    assert check("In May 2024, investors led by Tarn Capital gave Ostra 40 million dollars.") is None


def test_exchanged_number_is_caught() -> None:
    assert check("Ostra Systems raised $45 million from Tarn Capital.") == "number $45 million is not in the quotes"


def test_exchanged_scale_is_caught() -> None:
    assert check("Ostra Systems raised $40 billion from Tarn Capital.") == "number $40 billion is not in the quotes"


def test_number_written_out_in_full_is_the_same_number() -> None:
    assert check("Ostra Systems raised $40,000,000 from Tarn Capital.") is None


def test_exchanged_company_is_caught() -> None:
    assert check("Ostra Systems raised $40 million from Nordvik Capital.") == "name Nordvik is not in the quotes"


def test_exchanged_company_at_the_start_is_caught() -> None:
    assert check("Nordvik Systems raised $40 million.") == "name Nordvik is not in the quotes"


def test_company_of_another_quote_of_the_article_is_caught() -> None:
    reason = check("Solvig raised $40 million from Tarn Capital.")

    assert reason == "name Solvig is not in the quotes"


def test_exchanged_month_is_caught() -> None:
    assert check("Ostra raised $40 million in June 2024.") == "date June 2024 is not in the quotes"


def test_exchanged_year_is_caught() -> None:
    assert check("Ostra raised $40 million in May 2023.") == "date May 2023 is not in the quotes"


def test_exchanged_timeline_date_is_caught() -> None:
    right = check(FUNDING, part=ClaimPart.TIMELINE, date="2024-05")
    wrong = check(FUNDING, part=ClaimPart.TIMELINE, date="2023-05")

    assert (right, wrong) == (None, "date 2023-05 is not in the quotes")


def test_day_that_the_source_does_not_give_is_caught() -> None:
    assert check(FUNDING, part=ClaimPart.TIMELINE, date="2024-05-17") == "date 2024-05-17 is not in the quotes"


def test_exchanged_article_is_caught() -> None:
    assert check(FUNDING, a_citation(FUNDING, article_id=CHINESE.id)) == f"article {CHINESE.id} has another text now"


def test_unknown_article_is_caught() -> None:
    assert check(FUNDING, a_citation(FUNDING, article_id="none")) == "article none is not known"


def test_quote_that_is_not_there_is_caught() -> None:
    citation = a_citation("Ostra Systems lost $40 million.", start=0, end=31)

    assert check("Ostra lost $40 million.", citation) == "quote not found in the article"


def test_span_beside_its_quote_is_caught() -> None:
    assert check(FUNDING, a_citation(FUNDING, start=3, end=40)) == "quote stands elsewhere in the article"


def test_quotation_marks_and_white_space_are_folded() -> None:
    article = an_article("A", text="Marsh  said “yes” to\nOstra.")
    quote = 'Marsh said "yes" to Ostra.'
    claim = Claim(
        part=ClaimPart.TAKEAWAY, text=quote, language="en",
        citations=[a_citation(quote, article, start=0, end=len(article.text))],
    )  # fmt: skip

    assert ground.check(claim, {article.id: article}) is None


def test_claim_without_a_quote_falls_unless_computed() -> None:
    bare = Claim(part=ClaimPart.WHY_IT_MATTERS, text="Reported by 3 publishers", language="en")

    assert ground.check(bare, KNOWN) == "no quote"
    assert ground.check(bare.model_copy(update={"is_computed": True}), KNOWN) is None


def test_exchanged_chinese_company_is_caught() -> None:
    citation = a_citation("澜图智能宣布完成 1.7 亿元融资，由青屿资本领投。", CHINESE)

    assert check("澜图智能完成 1.7 亿元融资，由青屿资本领投。", citation, language="zh") is None
    assert (
        check("栗木智能宣布完成 1.7 亿元融资，由青屿资本领投。", citation, language="zh")
        == "'栗木' is not in the quotes"
    )


def test_number_is_held_to_its_quote_across_languages() -> None:
    citation = a_citation("澜图智能宣布完成 1.7 亿元融资，由青屿资本领投。", CHINESE)

    assert check("The company raised 170 million yuan.", citation) is None
    assert check("The company raised 190 million yuan.", citation) == "number 190 million is not in the quotes"


def test_name_in_other_letters_stands_only_where_an_article_has_the_same_string() -> None:
    citation = a_citation("澜图智能宣布完成 1.7 亿元融资，由青屿资本领投。", CHINESE)

    assert check("Lantu raised 170 million yuan.", citation) == "name Lantu is not in the quotes"


def test_german_nouns_are_no_names() -> None:
    quote = "Die Ostra AG sammelt 40 Millionen Euro ein."
    article = an_article("Ostra sammelt ein", text=quote, language="de")
    known = {article.id: article}
    claim = Claim(
        part=ClaimPart.TAKEAWAY, text="Investoren geben der Ostra AG 40 Millionen Euro.", language="de",
        citations=[a_citation(quote, article)],
    )  # fmt: skip

    assert ground.check(claim, known) is None


def test_speaker_who_is_not_in_the_article_is_caught() -> None:
    quote = "Solvig Marsh said the firm plans to hire 200 people by 2027."
    claim = {"part": ClaimPart.IMPLICATION}

    assert check(quote, a_citation(quote), rationale="says Solvig Marsh", **claim) is None
    assert check(quote, a_citation(quote), rationale="says Ivar Holm", **claim) == (
        "in the rationale, name Ivar is not in the article"
    )


def test_background_is_of_the_cited_article() -> None:
    assert check(FUNDING, background_on="2026-11-16") is None
    assert check(FUNDING, background_on="2026-11-15") == "no cited article is of 2026-11-15"


def test_located_quote_is_verbatim_whatever_its_marks() -> None:
    article = an_article("A", text="First. Marsh  said “yes” to\nOstra. Last.")

    found = ground.locate('marsh said "YES" to Ostra.', article)

    assert found is not None
    assert found.quote == article.text[found.start : found.end] == "Marsh  said “yes” to\nOstra."
    assert ground.locate("Marsh said no", article) is None
