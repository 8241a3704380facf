from bot.model.audience import Audience, AudienceMatch
from bot.model.event import Dossier
from bot.understand import interest
from tests.builders import a_dossier, a_source, an_article

INVESTORS = Audience(
    id="investors", name="Investors", keywords={"en": ["Series B", "funding", "fund"], "zh": ["融资", "估值"]}
)
SECURITY = Audience(id="security", name="Security", keywords={"en": ["breach", "stolen tokens"], "zh": ["漏洞"]})
COOKS = Audience(
    id="cooks", name="Cooks", description="People who bake bread and pastry.", examples=["Rye bread bakers lose flour"]
)


def matched(dossier: Dossier, *audiences: Audience) -> list[AudienceMatch]:
    return interest.match_all([dossier], audiences, sources={})[dossier.event.id]


def test_keyword_of_the_title_decides_and_is_the_reason() -> None:
    matches = matched(a_dossier(an_article("Tessarine closes Series B")), INVESTORS, SECURITY)

    assert [(match.id, match.reason) for match in matches] == [("investors", "mentions Series B")]


def test_title_counts_more_than_text() -> None:
    title = matched(a_dossier(an_article("A breach at Tidal", text="And stolen tokens.")), SECURITY)[0].confidence
    said = "Then a breach and stolen tokens."
    text = matched(a_dossier(an_article("Much is open", text=said)), SECURITY)[0].confidence

    assert title > text


def test_latin_keyword_needs_whole_words() -> None:
    assert matched(a_dossier(an_article("Fundamental fundraiser refunded")), INVESTORS) == []


def test_chinese_keyword_is_found_inside_a_run() -> None:
    article = an_article("Brindlemark完成2.6亿美元C轮融资", language="zh")

    assert matched(a_dossier(article), INVESTORS)[0].reason == "mentions 融资"


def test_latin_term_is_found_between_chinese_characters() -> None:
    article = an_article("公司宣布funding已完成", language="zh")

    assert matched(a_dossier(article), INVESTORS)[0].reason == "mentions funding"


def test_event_that_speaks_to_nobody_has_no_audience() -> None:
    assert matched(a_dossier(an_article("A crow sat on a fence")), INVESTORS, SECURITY, COOKS) == []


def test_reason_names_words_of_the_titles_script_first() -> None:
    dossier = a_dossier(an_article("Tessarine raises a fund"), an_article("Tessarine完成融资，估值翻倍", language="zh"))

    assert matched(dossier, INVESTORS)[0].reason == "mentions fund, 融资, 估值"


def test_likeness_to_an_example_is_a_reason_too() -> None:
    matches = matched(a_dossier(an_article("Bakers of rye bread lose all their flour")), COOKS)

    assert [(match.id, match.reason) for match in matches] == [("cooks", "like: Rye bread bakers lose flour")]


def test_no_more_than_three_audiences_strongest_first() -> None:
    said = {"a0": ["crow", "fence"], "a1": ["moon", "owl"], "a2": ["fox", "hen"], "a3": ["bee"]}
    audiences = [Audience(id=name, name=name, keywords={"en": words}) for name, words in said.items()]
    title = "A crow, a fence, the moon, an owl, a fox, a hen and a bee"

    assert [match.id for match in matched(a_dossier(an_article(title)), *audiences)] == ["a0", "a1", "a2"]


def test_event_with_strong_words_of_three_audiences_concerns_all_three() -> None:
    policy = Audience(id="policy", name="Policy", keywords={"en": ["court"]})
    silent = [Audience(id=f"a{number}", name=f"A{number}", keywords={"en": ["crow"]}) for number in range(9)]

    matches = matched(a_dossier(an_article("Court weighs breach at fund")), INVESTORS, SECURITY, policy, *silent)

    assert {match.id for match in matches} == {"investors", "policy", "security"}


def test_word_that_speaks_for_everybody_speaks_for_nobody() -> None:
    many = [Audience(id=f"a{number}", name=f"A{number}", keywords={"en": ["crow"]}) for number in range(4)]

    assert matched(a_dossier(an_article("A crow sat on a fence")), *many) == []


def test_word_in_passing_concerns_nobody_beside_a_headline() -> None:
    article = an_article("Breach: stolen tokens", text="The company had a funding from a fund.")

    assert [match.id for match in matched(a_dossier(article), INVESTORS, SECURITY)] == ["security"]


def test_second_article_that_says_the_same_changes_no_confidence() -> None:
    title, text = "Rye bread bakers fear a breach", "Their fund is small."
    one = a_dossier(an_article(title, text=text))
    two = a_dossier(an_article(title, text=text), an_article(title, text=text))

    assert matched(two, SECURITY, INVESTORS, COOKS) == matched(one, SECURITY, INVESTORS, COOKS)


def test_second_article_that_tells_another_side_takes_no_audience_away() -> None:
    dossier = a_dossier(an_article("A breach at Tidal"), an_article("Tidal speaks to its customers"))

    assert [match.id for match in matched(dossier, SECURITY)] == ["security"]


def test_word_in_one_article_of_many_concerns_nobody() -> None:
    silent = [an_article(f"Tidal speaks {number}") for number in range(4)]

    assert matched(a_dossier(an_article("A breach at Tidal"), *silent), SECURITY) == []


def test_keyword_inside_an_exception_does_not_count() -> None:
    marketers = Audience(id="marketers", name="Marketers", keywords={"en": ["brand"]}, exceptions={"en": ["brand new"]})

    assert matched(a_dossier(an_article("A brand new chip from Tidal")), marketers) == []
    assert matched(a_dossier(an_article("A brand with a brand new chip")), marketers)[0].reason == "mentions brand"


def test_one_hint_alone_decides_nothing() -> None:
    operations = Audience(id="operations", name="Operations", hints={"en": ["cloud"]}, keywords={"en": ["Kubernetes"]})

    assert matched(a_dossier(an_article("A cloud over Tidal")), operations) == []
    assert matched(a_dossier(an_article("Kubernetes in the cloud")), operations)[0].reason == "mentions Kubernetes"


def test_kind_of_the_event_speaks_for_those_whom_it_concerns() -> None:
    dossier = a_dossier(an_article("A crow sat on a fence"))
    security = SECURITY.model_copy(update={"kinds": ["outage"]})

    matches = interest.match_all([dossier], [security], sources={}, kinds={dossier.event.id: "outage"})

    assert [match.reason for match in matches[dossier.event.id]] == ["is of the kind outage"]


def test_match_does_not_depend_on_what_comes_with_the_event() -> None:
    alone, other = a_dossier(an_article("Bakers of rye bread lose all their flour")), a_dossier(an_article("Rye"))

    together = interest.match_all([alone, other], [COOKS], sources={})[alone.event.id]

    assert together == matched(alone, COOKS)


def test_topic_of_the_source_alone_is_not_enough() -> None:
    dossier = a_dossier(an_article("A crow sat on a fence"))
    sources = {"halden": a_source("halden", topics=["security"])}

    assert interest.match_all([dossier], [SECURITY], sources=sources) == {dossier.event.id: []}


def test_what_is_free_of_a_thing_does_not_mention_it() -> None:
    marketers = Audience(id="marketers", name="Marketers", keywords={"en": ["ad"]})

    assert matched(a_dossier(an_article("Tidal launches an ad-free plan")), marketers) == []
    assert matched(a_dossier(an_article("Tidal launches a plan with ads")), marketers)[0].reason == "mentions ad"
