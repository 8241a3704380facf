from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.compose import card as cards
from bot.compose import quotes
from bot.model.article import Article
from bot.model.audience import AudienceMatch
from bot.model.digest import Card
from bot.model.event import Dossier
from bot.model.insight import Advice, Citation, Claim, ClaimPart, Insight
from bot.model.policy import CardPolicy
from bot.model.recap import ScoredEvent
from tests.builders import MONDAY, a_dossier, an_article
from tests.builders_cards import a_full_card, a_recap

POLICY = CardPolicy(base_url="https://recap.example/", audience_names={"founders": "Founders & Product Leaders"})
ARTICLE = an_article("Halcyon Labs opens its weather model", text="It is free. It is small.")


def a_citation(quote: str, article: Article = ARTICLE) -> Citation:
    return Citation(article_id=article.id, content_hash=article.content_hash, quote=quote, start=0, end=len(quote))


def a_claim(part: ClaimPart, text: str, *citations: Citation, **values: object) -> Claim:
    given: dict[str, object] = {"part": part, "text": text, "language": "en", "citations": list(citations)}
    return Claim.model_validate(given | values)


def an_insight(*claims: Claim, advice: Sequence[Advice] = (), **values: object) -> Insight:
    given: dict[str, object] = {
        "key": "k",
        "event_id": "e",
        "content_hash": "h",
        "language": "en",
        "analyst": "extractive",
        "claims": list(claims),
        "advice": list(advice),
        "made_at": MONDAY,
    }
    return Insight.model_validate(given | values)


def card_of(
    dossier: Dossier, insight: Insight | None = None, *, related: Sequence[Dossier] = (), thread: Sequence[Dossier] = ()
) -> Card:
    return cards.of_event(
        dossier,
        insight,
        ScoredEvent(event_id=dossier.event.id, score=0.5),
        recap=a_recap(),
        is_hot=False,
        related=related,
        thread=thread,
        policy=POLICY,
        language="en",
        state=dossier.event.state,
    )


def test_each_distinct_quote_has_one_number_in_order_of_appearance() -> None:
    insight = an_insight(
        a_claim(ClaimPart.TAKEAWAY, "Small.", a_citation("It is small."), a_citation("It is free.")),
        a_claim(ClaimPart.WHAT_CHANGED, "Free.", a_citation("It is free.")),
    )

    card = card_of(a_dossier(ARTICLE), insight)

    assert [(source.number, source.quote) for source in card.sources] == [(1, "It is free."), (2, "It is small.")]
    assert card.what_changed is not None
    assert card.what_changed.sources == [1]
    assert card.takeaways[0].sources == [1, 2]


def test_a_claim_whose_quote_is_from_an_unknown_article_is_counted_and_not_shown() -> None:
    stranger = an_article("Somebody else's news")
    insight = an_insight(a_claim(ClaimPart.TAKEAWAY, "Odd.", a_citation("Odd.", stranger)), dropped_claims=2)

    card = card_of(a_dossier(ARTICLE), insight)

    assert (card.takeaways, card.claims_sourced, card.claims_dropped) == ([], 0, 3)


def test_a_computed_claim_needs_no_quote() -> None:
    insight = an_insight(a_claim(ClaimPart.TAKEAWAY, "Reported by 2 publishers.", is_computed=True))

    card = card_of(a_dossier(ARTICLE), insight)

    assert [(line.text, line.label) for line in card.takeaways] == [("Reported by 2 publishers.", "computed")]


def test_evidence_of_an_earlier_event_is_background_with_its_date() -> None:
    earlier = an_article("Halcyon Labs raises money", published_at="2026-05-12T00:00:00Z")
    claim = a_claim(ClaimPart.TAKEAWAY, "It raised money.", a_citation("q", earlier), background_on="2026-05-12")

    card = card_of(a_dossier(ARTICLE), an_insight(claim), thread=[a_dossier(earlier)])

    assert (card.takeaways[0].label, card.takeaways[0].date) == ("background", "2026-05-12")


def test_titles_are_in_the_language_of_the_reader_where_somebody_told_them_so() -> None:
    dutch = an_article("Halcyon opent zijn weermodel", language="nl", published_at="2026-11-16T07:00:00Z")
    told_twice = a_dossier(dutch, ARTICLE)

    card = card_of(told_twice)
    other = card_of(a_dossier(an_article("A pump works opens")), related=[told_twice])

    assert (card.title, card.language, card.publisher) == (ARTICLE.title, "en", dutch.publisher)
    assert [(link.title, link.language) for link in other.related] == [(ARTICLE.title, "en")]


def test_the_hook_is_left_out_where_it_repeats_the_title() -> None:
    dossier = a_dossier(ARTICLE, hook="Halcyon Labs opens its weather model!")

    assert card_of(dossier).hook is None


def test_the_events_own_hook_stands_where_nobody_analysed_it() -> None:
    card = card_of(a_dossier(ARTICLE, hook="Free weights for 12 billion parameters"))

    assert card.hook is not None
    assert card.hook.text == "Free weights for 12 billion parameters"


def test_an_analyzed_event_has_the_hook_of_its_insight_or_none() -> None:
    dossier = a_dossier(ARTICLE, hook="Free weights for 12 billion parameters")

    assert card_of(dossier, an_insight()).hook is None


def test_advice_is_for_the_strongest_audience_that_has_some() -> None:
    matches = [
        AudienceMatch(id="researchers", confidence=0.9, reason="weights"),
        AudienceMatch(id="founders", confidence=0.4, reason="license"),
    ]
    advice = [
        Advice(audience="*", text="Read it."),
        Advice(audience="founders", text="Price it."),
    ]

    card = card_of(a_dossier(ARTICLE, audiences=matches), an_insight(advice=advice))

    assert card.what_to_do_next is not None
    assert (card.what_to_do_next.text, card.what_to_do_next.label) == ("Price it.", "playbook")
    assert [audience.name for audience in card.audiences] == ["researchers", "Founders & Product Leaders"]


def test_a_models_advice_is_not_called_playbook() -> None:
    advice = [Advice(audience="*", text="Read it.", is_playbook=False)]

    card = card_of(a_dossier(ARTICLE), an_insight(advice=advice, analyst="openai:gpt-5"))

    assert card.what_to_do_next is not None
    assert card.what_to_do_next.label == ""


def test_the_timeline_runs_from_oldest_to_newest() -> None:
    insight = an_insight(
        *(
            a_claim(ClaimPart.TIMELINE, date, a_citation("It is free."), date=date)
            for date in ("2026-11-16", "2023", "2023-05")
        )
    )

    assert [line.date for line in card_of(a_dossier(ARTICLE), insight).timeline] == ["2023", "2023-05", "2026-11-16"]


def test_the_first_publisher_is_the_original_source() -> None:
    late = an_article("Later", source="kern", published_at="2026-11-18T08:00:00Z", collected_at="2026-11-18T09:00:00Z")

    card = card_of(a_dossier(late, ARTICLE))

    assert (card.publisher, card.originals[0].publisher) == ("Halden", "Halden")
    assert card.coverage.publishers == ["Halden", "Kern"]


def test_collected_in_is_the_time_from_publication_to_collection() -> None:
    assert card_of(a_dossier(ARTICLE)).collected_in_s == 1560.0


@pytest.mark.parametrize("values", [{"date_kind": "guessed"}, {"is_backlog": True}, {"is_date_clamped": True}])
def test_collected_in_is_unknown_without_a_trusty_date(values: dict[str, object]) -> None:
    assert card_of(a_dossier(an_article("One", **values))).collected_in_s is None


def test_earlier_events_of_the_thread_come_with_week_and_state_before_nearby_ones() -> None:
    earlier = a_dossier(an_article("Halcyon Labs hires", published_at="2026-10-28T08:00:00Z"))
    nearby = a_dossier(an_article("Brightfjord cuts prices"))
    dossier = a_dossier(ARTICLE)

    card = card_of(dossier, related=[nearby, earlier], thread=[earlier, dossier])

    assert [(link.title, link.note) for link in card.related] == [
        ("Halcyon Labs hires", "2026-W44 new"),
        ("Brightfjord cuts prices", ""),
    ]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Halcyon Labs opens its weather model", "halcyon-labs-opens-its-weather-model"),
        ("L'été: Brückenblatt's 3.5% rise", "lete-bruckenblatts-3-5-rise"),
        ("百川云发布 GPT 芯片", ""),
        ("word " * 30, "word-word-word-word-word-word-word-word-word-word-word-word"),
        ("!!!", ""),
    ],
)
def test_slug_is_the_titles_ascii_words(title: str, slug: str) -> None:
    assert cards.slug(title) == slug


def test_the_address_of_an_event_without_a_slug_is_its_id() -> None:
    dossier = a_dossier(an_article("百川云发布芯片", language="zh"))

    assert cards.event_url(dossier.event, policy=POLICY) == f"https://recap.example/e/{dossier.event.id}"


@pytest.mark.parametrize(("events", "hot"), [(4, 0), (5, 1), (19, 1), (20, 2)])
def test_the_top_tenth_is_hot_from_five_events_on(events: int, hot: int) -> None:
    scored = [ScoredEvent(event_id=f"e{number}", score=number / 100) for number in range(events)]

    found = cards.hot_events(scored)

    assert found == {f"e{events - 1 - number}" for number in range(hot)}


def test_links_carry_no_trackers() -> None:
    article = an_article("One", url="https://halden.example/a?utm_source=rss", canonical_url="https://halden.example/a")

    assert card_of(a_dossier(article)).originals[0].url == "https://halden.example/a"


def test_a_line_that_is_its_own_quote_is_not_quoted_again() -> None:
    card = a_full_card()
    card.sources[1].quote = card.what_changed.text if card.what_changed else ""
    card.sources[2].article_id = card.sources[0].article_id

    cited = quotes.by_article(card)

    assert [(article.numbers, [source.number for source in article.quotes]) for article in cited] == [
        ([1, 3], [1, 3]),
        ([2], []),
    ]


def test_original_title_stands_beside_the_one_in_the_readers_language() -> None:
    dutch = an_article("Halcyon opent zijn weermodel", source="dune", language="nl")
    english = an_article("Halcyon opens its weather model", published_at=MONDAY + timedelta(hours=1))

    card = card_of(a_dossier(dutch, english))

    assert (card.title, card.language) == ("Halcyon opens its weather model", "en")
    assert card.original_title is not None
    assert (card.original_title.title, card.original_title.url) == (dutch.title, dutch.canonical_url)
    assert card_of(a_dossier(english)).original_title is None
