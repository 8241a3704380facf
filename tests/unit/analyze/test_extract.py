"""An insight takes its lines from the sources, and says nothing twice."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.analyze import extract, ground
from bot.model.article import Article
from bot.model.audience import Audience, AudienceMatch
from bot.model.event import Dossier
from bot.model.insight import Claim, ClaimPart, Insight
from bot.model.policy import Playbook, PlaybookEntry
from tests.builders import MONDAY, NOW, a_dossier, an_article
from tests.unit.analyze.samples import CHINESE, GERMAN, TEXT, TITLE, told


def an_insight(dossier: Dossier, language: str = "en", *, earlier: tuple[Dossier, ...] = ()) -> Insight:
    return extract.insight(dossier, audiences=(), playbook=Playbook(), language=language, earlier=earlier, now=NOW)


def texts(insight: Insight, part: ClaimPart) -> list[str]:
    return [claim.text for claim in insight.of_part(part)]


def quote_of(claim: Claim, article: Article) -> list[str]:
    return [
        (article.title if citation.in_title else article.text)[citation.start : citation.end]
        for citation in claim.citations
    ]


def test_what_changed_is_the_lead_without_its_dateline() -> None:
    [changed] = texts(an_insight(a_dossier(told())), ClaimPart.WHAT_CHANGED)

    assert changed.startswith("Ostra Systems on Monday opened a second battery plant")


def test_mood_and_background_are_not_what_changed() -> None:
    text = (
        "Ivar Holm was riding high. Ostra made its first cell in Luleå in March 2021. "
        "The firm opened a battery plant in Kiruna on Monday for 640 workers."
    )
    insight = an_insight(a_dossier(an_article("Inside Ostra's hall", text=text)))

    assert texts(insight, ClaimPart.WHAT_CHANGED) == [
        "The firm opened a battery plant in Kiruna on Monday for 640 workers."
    ]


def test_news_for_your_product_is_what_changed_and_an_order_to_you_is_not() -> None:
    order = "Make your mark by leading one of 12 sessions in Kiruna on the harbour."
    news = "Draftwell 3 generates complete user flows from components that exist in your design system."

    assert texts(an_insight(a_dossier(an_article("Apply now", text=order))), ClaimPart.WHAT_CHANGED) == []
    assert texts(an_insight(a_dossier(an_article("Draftwell is out", text=news))), ClaimPart.WHAT_CHANGED) == [news]


def test_why_it_matters_is_a_consequence_that_a_source_states() -> None:
    assert texts(an_insight(a_dossier(told())), ClaimPart.WHY_IT_MATTERS) == [
        "That makes it the first in the country to recycle its own waste water."
    ]


def test_implication_says_whose_it_is() -> None:
    [ahead] = an_insight(a_dossier(told())).of_part(ClaimPart.IMPLICATION)

    assert ahead.text == "Marsh said the company plans to hire 200 more engineers by the end of 2027."
    assert ahead.rationale == "says Solvig Marsh"


def test_words_of_an_unnamed_speaker_are_the_publishers() -> None:
    text = (
        "Ostra opened a battery plant near the harbour. Its 640 workers make 40,000 cells an hour for trucks. "
        "A manager of the supplier Nordvik said the line will run day and night from 2027."
    )
    [ahead] = an_insight(a_dossier(an_article(TITLE, source="tarn", text=text))).of_part(ClaimPart.IMPLICATION)

    assert ahead.rationale == "as stated by Tarn"


def test_timeline_holds_dated_steps_and_first_coverage() -> None:
    steps = an_insight(a_dossier(told())).of_part(ClaimPart.TIMELINE)

    assert [step.date for step in steps] == ["2019", "2024-05", "2026-11-16"]


def test_boilerplate_quotes_and_pronouns_make_no_line() -> None:
    lines = " ".join(claim.text for claim in an_insight(a_dossier(told())).claims)

    assert "newsletter" not in lines
    assert "KIRUNA (Tarn Wire)" not in lines
    assert "She declined" not in lines


def test_no_line_comes_twice() -> None:
    copy = an_article(TITLE + " today", source="other", text=TEXT, published_at=MONDAY + timedelta(hours=1))
    lines = [claim.text for claim in an_insight(a_dossier(told(), copy)).claims]

    assert len(lines) == len(set(lines))


def test_takeaway_that_leans_on_the_sentence_before_it_is_left_out() -> None:
    text = (
        "Ostra claims steady progress in Kiruna this year. It’s evidence: Growing lithium mice with battery-like fur."
    )
    insight = an_insight(a_dossier(an_article(TITLE, text=text)))

    assert not any("mice" in line for line in texts(insight, ClaimPart.TAKEAWAY))


def test_takeaways_are_five_at_most() -> None:
    facts = (
        "The new plant in Kiruna covers forty football fields", "Cells from the plant go to truck makers in Gothenburg",
        "Union members at the plant negotiated a shorter week", "Rail wagons carry lithium from Finland to the plant",
        "Robots at the plant stack anodes without any light", "Heat from the plant warms a public swimming pool",
        "Tax officers praised the bookkeeping of the plant", "Fire fighters trained for a month beside the plant",
        "Local schools send apprentices to the plant every autumn",
    )  # fmt: skip
    text = "\n\n".join(f"{fact}." for fact in facts)
    insight = an_insight(a_dossier(an_article(TITLE, text=text)))

    assert len(texts(insight, ClaimPart.TAKEAWAY)) == 5


def test_opinion_in_the_first_person_and_speech_are_no_takeaways() -> None:
    text = (
        "Ostra opened a battery plant near the harbour for 640 workers. "
        "As a driver myself, I mostly look at the price. "
        "“After years of driving trucks, the team of the plant knows how much range matters,” the site says. "
        "You can watch robots stack anodes in the plant from a bridge. "
        "Rail wagons carry lithium from Finland to the plant twice a day."
    )
    insight = an_insight(a_dossier(an_article("Ostra starts up in Kiruna", text=text)))

    assert texts(insight, ClaimPart.TAKEAWAY) == ["Rail wagons carry lithium from Finland to the plant twice a day."]


def test_what_changed_is_told_of_the_affair_that_the_title_names() -> None:
    bid = an_article(
        "Alma Reyes joins the bid for Tarnholm Ferries",
        text="Ostra founder Alma Reyes has joined the $90 million bid of the investor Joel Marsh for Tarnholm Ferries.",
    )
    digs = an_article(
        "Kiruna museum buys old Ostra hall",
        text="The museum of Kiruna paid two firms for a brick hall that Ostra left empty in spring.",
    )

    [changed] = texts(an_insight(a_dossier(digs, bid)), ClaimPart.WHAT_CHANGED)

    assert changed == "The museum of Kiruna paid two firms for a brick hall that Ostra left empty in spring."


def test_what_nobody_would_say_is_no_implication() -> None:
    text = (
        "Ostra opened a battery plant near the harbour for 640 workers. "
        "Like other projects in the harbour, the plant is too young for many details. "
        "The company hasn’t publicly commented on what its next line of cells will look like."
    )

    assert texts(an_insight(a_dossier(an_article(TITLE, text=text))), ClaimPart.IMPLICATION) == []


def test_plain_title_of_another_publisher_is_the_hook_of_a_teasing_one() -> None:
    teasing = an_article("Why is everybody talking about Ostra in Kiruna?")
    plain = an_article("Ostra closes its old battery plant in Kiruna", source="other")

    assert extract.hook(a_dossier(teasing, plain)) == "Ostra closes its old battery plant in Kiruna"


def test_computed_fact_stands_in_where_no_source_states_why() -> None:
    one = an_article(TITLE, source="tarn", text="Ostra Systems started up a new hall in Kiruna on Monday morning.")
    two = an_article("Ostra fährt Werk an", source="bruecke", language="de", published_at=MONDAY + timedelta(hours=9))

    [why] = an_insight(a_dossier(one, two)).of_part(ClaimPart.WHY_IT_MATTERS)

    assert (why.text, why.is_computed) == ("Reported by 2 publishers in 2 languages within 9 hours", True)


def test_one_publisher_is_no_reason_why_it_matters() -> None:
    article = an_article(TITLE, text="Ostra Systems started up a new hall in Kiruna on Monday morning.")

    assert texts(an_insight(a_dossier(article)), ClaimPart.WHY_IT_MATTERS) == []


def test_reader_gets_sentences_in_his_language_where_there_are_some() -> None:
    dossier = a_dossier(told(), GERMAN, CHINESE)

    assert {claim.language for claim in an_insight(dossier, "zh").claims} == {"zh"}
    assert {claim.language for claim in an_insight(dossier, "de").claims} == {"de"}


def test_original_language_stands_where_the_readers_has_no_article() -> None:
    [changed] = an_insight(a_dossier(GERMAN), "zh").of_part(ClaimPart.WHAT_CHANGED)

    assert changed.language == "de"


def test_german_lines_are_read_as_german() -> None:
    insight = an_insight(a_dossier(GERMAN), "de")

    assert texts(insight, ClaimPart.WHY_IT_MATTERS) == ["Damit ist es das größte Batteriewerk in Nordschweden."]
    [ahead] = insight.of_part(ClaimPart.IMPLICATION)
    assert ahead.text == "Bis Ende 2027 will Ostra 200 weitere Ingenieure einstellen."


def test_chinese_lines_are_read_as_chinese() -> None:
    insight = an_insight(a_dossier(CHINESE), "zh")

    assert texts(insight, ClaimPart.WHY_IT_MATTERS) == ["这是当地首家能够回收自身废水的工厂。"]
    assert texts(insight, ClaimPart.IMPLICATION) == ["公司负责人索尔维格·马什预计，到2027年底将再招聘 200 名工程师。"]
    assert "责任编辑" not in "".join(claim.text for claim in insight.claims)


def test_teaser_gives_few_lines_and_no_padding() -> None:
    teaser = "Ostra Systems has opened a second battery plant, its largest so far. It will employ 640 people, the […]"

    assert len(an_insight(a_dossier(an_article("Batteries", text=teaser))).claims) == 1


def test_title_alone_gives_no_line() -> None:
    assert an_insight(a_dossier(an_article(TITLE))).claims == []


def test_earlier_week_comes_as_background_with_its_date() -> None:
    then = datetime(2026, 9, 7, 8, 0, tzinfo=UTC)
    before = a_dossier(
        an_article(
            "Kiruna grants Ostra a building permit", source="tarn", published_at=then, collected_at=then,
            text="The council of Kiruna granted Ostra a permit for a hall of 40,000 square metres.",
        )
    )  # fmt: skip

    insight = an_insight(a_dossier(told()), earlier=(before,))

    background = [claim for claim in insight.claims if claim.background_on]
    assert [(claim.part, claim.background_on) for claim in background] == [
        (ClaimPart.TAKEAWAY, "2026-09-07"),
        (ClaimPart.TIMELINE, "2026-09-07"),
    ]


def test_hook_is_another_publishers_title_with_a_number() -> None:
    other = an_article(
        "Ostra cuts battery prices 12% as new Kiruna hall starts",
        source="other",
        published_at=MONDAY + timedelta(hours=1),
    )

    assert extract.hook(a_dossier(told(), other)) == "Ostra cuts battery prices 12% as new Kiruna hall starts"


def test_hook_is_the_first_sentence_of_an_article_with_another_title() -> None:
    other = an_article("Ostra is here", source="other", text="Ostra Systems opened the Kiruna plant with 640 workers.")

    own = an_article("Ostra opens Kiruna battery plant", text="The Kiruna plant of Ostra is open to trucks now.")

    assert extract.hook(a_dossier(own, other)) == "Ostra Systems opened the Kiruna plant with 640 workers."


def test_title_that_only_labels_a_page_is_no_hook() -> None:
    label = an_article("Ostra 13- and 15-inch Kiruna battery: Price, Specs, Availability", source="other")

    assert extract.hook(a_dossier(an_article("Ostra opens Kiruna battery plant"), label)) is None


def test_hook_is_a_short_sentence_with_a_number() -> None:
    assert extract.hook(a_dossier(told())) == "The plant in Kiruna employs 640 people."


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (TITLE, ""),
        (TITLE, "Ostra Systems opens its second battery plant in Kiruna."),
        ("Ostra cuts prices by 12 percent", "Ostra has cut its prices by 12 percent."),
        (TITLE, "The sky over Tarn is blue. It rained 12 millimetres."),
    ],
)
def test_nothing_better_than_the_title_gives_no_hook(title: str, text: str) -> None:
    assert extract.hook(a_dossier(an_article(title, text=text))) is None


def test_advice_is_for_the_events_audiences_of_the_closed_list() -> None:
    playbook = Playbook(entries=(PlaybookEntry("*", "founders", {"en": "Ask {publisher}."}),))
    matches = [
        AudienceMatch(id="founders", confidence=0.9, reason=""),
        AudienceMatch(id="gone", confidence=0.8, reason=""),
    ]
    insight = extract.insight(
        a_dossier(told(), audiences=matches),
        audiences=[Audience(id="founders", name="Founders")],
        playbook=playbook,
        language="en",
        earlier=(),
        now=NOW,
    )

    assert [(advice.audience, advice.text) for advice in insight.advice] == [("founders", "Ask Tarn.")]


def test_same_dossier_gives_the_same_insight() -> None:
    dossier = a_dossier(told(), GERMAN, CHINESE)

    assert an_insight(dossier) == an_insight(dossier)


PIECES = [
    *TEXT.split("\n\n"),
    GERMAN.text,
    CHINESE.text,
    'He said "no',
    "12 %",
    "\u200b",
    "<b>x</b>",
    "It will rise by 2030.",
    "。",
    "…",
    "In May 2024 it closed (again).",
    "  ",
    "Ostra\u00a0Systems paid\t3 million euros to Tarn.",
    "\U0001f50b Cells for 4,000 cars!",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(st.sampled_from(PIECES), max_size=8), min_size=1, max_size=3),
    st.sampled_from(["\n\n", " ", "\n"]),
    st.sampled_from(["en", "zh", "de"]),
)
def test_every_quote_is_verbatim_and_every_claim_grounded(bodies: list[list[str]], glue: str, language: str) -> None:
    articles = [
        an_article(f"Ostra {n} opens plant", source=f"s{n}", text=glue.join(body), language=language)
        for n, body in enumerate(bodies)
    ]
    by_id = {article.id: article for article in articles}

    insight = an_insight(a_dossier(*articles), language)

    assert insight.dropped_claims == 0
    for claim in insight.claims:
        assert claim.citations or claim.is_computed
        assert ground.check(claim, by_id) is None
        for citation in claim.citations:
            assert quote_of(claim, by_id[citation.article_id]) == [citation.quote]
