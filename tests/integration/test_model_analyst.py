"""The analyst that asks a model, over HTTP before a stand-in of every character."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.analyze import ground, scripted
from bot.model.errors import AnalystMisconfigured
from bot.model.event import Dossier
from bot.model.insight import ClaimPart, DraftClaim, Insight
from bot.model.policy import Price
from bot.model.usage import Outcome
from bot.ports import Analysis
from tests.builders import MONDAY, a_dossier, an_article
from tests.fakes import model_server as models
from tests.fakes.analysts import HASTY, Newsroom, a_newsroom
from tests.fakes.model_server import TOKENS_IN, TOKENS_OUT, Asked, Character, Reply, line, says
from tests.unit.analyze.samples import CHINESE, GERMAN, told

OPENED = (
    "Ostra Systems on Monday opened a second battery plant in the north of Sweden"
    " that can make cells for 90,000 cars a year"
)
STAFF = "The plant in Kiruna employs 640 people."
PRICED = replace(HASTY, prices={"openai:stand-in": Price(input=1.0, output=10.0)})


def ostra() -> Dossier:
    return a_dossier(told(), GERMAN, CHINESE)


def written(analysis: Analysis) -> Insight:
    assert analysis.insight is not None, analysis.error
    return analysis.insight


def reason(analysis: Analysis) -> str:
    assert analysis.insight is None
    return str(analysis.error)


def texts(insight: Insight, part: ClaimPart) -> list[str]:
    return [claim.text for claim in insight.of_part(part)]


def outcomes(room: Newsroom) -> list[Outcome]:
    return [usage.outcome for usage in room.store.load_usage(since=MONDAY)]


def test_what_stands_on_the_articles_is_shown_under_the_models_name() -> None:
    character = says(
        hook=line("Ostra's second plant can make cells for 90,000 cars a year.", "a1", OPENED),
        what_changed=line("Ostra Systems opened a second battery plant in the north of Sweden.", "a1", OPENED),
        takeaways=[line(STAFF, "a1")],
    )
    with a_newsroom(character) as room:
        insight = written(room.analyze(ostra())[0])

    assert insight.analyst == "openai:stand-in"
    assert texts(insight, ClaimPart.HOOK) == ["Ostra's second plant can make cells for 90,000 cars a year."]
    assert texts(insight, ClaimPart.TAKEAWAY) == [STAFF]
    assert insight.of_part(ClaimPart.HOOK)[0].citations[0].quote == OPENED
    assert [advice.text for advice in insight.advice] == ["Read the source."]


def test_part_that_falls_is_extracted_instead_and_marked() -> None:
    character = says(
        what_changed=line("Ostra Systems opened a second battery plant in the north of Sweden.", "a1", OPENED),
        implications=[line("Ostra will hire 9,000 engineers by 2027.", "a1", "plans to hire 200 more engineers")],
    )
    with a_newsroom(character) as room:
        insight = written(room.analyze(ostra())[0])

    marked = {claim.part: claim.is_extracted for claim in insight.claims if not claim.is_computed}
    assert marked[ClaimPart.WHAT_CHANGED] is False
    assert marked[ClaimPart.IMPLICATION] is True
    assert texts(insight, ClaimPart.IMPLICATION) == [
        "Marsh said the company plans to hire 200 more engineers by the end of 2027."
    ]
    assert [dropped.text for dropped in insight.dropped] == ["Ostra will hire 9,000 engineers by 2027."]


@pytest.mark.parametrize("character", [models.inventing, models.malformed, models.wrong_json, models.other_language])
def test_model_of_which_nothing_stands_is_told_why_twice_and_then_not_shown(character: Character) -> None:
    with a_newsroom(character) as room:
        said = reason(room.analyze(ostra())[0])

        assert "Nothing of openai:stand-in stands on the articles" in said
        assert len(room.server.asked) == 3
        assert outcomes(room) == [Outcome.UNUSABLE]


@pytest.mark.parametrize("character", list(models.CHARACTERS.values()), ids=list(models.CHARACTERS))
def test_whatever_a_model_is_like_every_shown_claim_stands(character: Character) -> None:
    dossier = ostra()
    articles = {article.id: article for article in dossier.articles}
    with a_newsroom(character, policy=replace(HASTY, timeout_s=1.0)) as room:
        insight = room.analyze(dossier)[0].insight

    for claim in insight.claims if insight else []:
        assert ground.check(claim, articles) is None


def test_complaint_names_the_line_and_what_is_wrong_in_the_models_own_ids() -> None:
    invented = says(
        what_changed=line("Zebulon Quark pays $77 million.", "a1", STAFF),
        takeaways=[line("It cost 4,711 jobs overnight.", "a2", "The board cut 4,711 jobs overnight, staff said.")],
    )
    with a_newsroom(models.in_turn(invented, models.good)) as room:
        insight = written(room.analyze(ostra())[0])

    complaint = str(room.server.asked[1].body["messages"][-1]["content"])
    assert 'what_changed "Zebulon Quark pays $77 million.": number $77 million is not in the quotes' in complaint
    assert 'takeaway "It cost 4,711 jobs overnight.": quote not found in article a2' in complaint
    assert texts(insight, ClaimPart.TAKEAWAY)[0] == STAFF


def test_answer_that_broke_off_is_shown_as_far_as_it_came() -> None:
    with a_newsroom(models.cut_off) as room:
        insight = written(room.analyze(ostra())[0])

    assert texts(insight, ClaimPart.TAKEAWAY)[0] == STAFF
    assert insight.dropped_claims == 1


def test_server_that_knows_no_schema_is_asked_in_words_from_then_on() -> None:
    with a_newsroom(models.schemaless, policy=replace(HASTY, concurrency=1)) as room:
        first, second = room.analyze(ostra(), a_dossier(GERMAN), language="de")

    assert [asked.is_native for asked in room.server.asked] == [True, False, False]
    assert written(first).analyst == written(second).analyst == "openai:stand-in"


def test_model_that_takes_too_long_costs_its_event_alone() -> None:
    def slow_about_germans(asked: models.Asked) -> models.Reply:
        return models.slow(asked) if len(asked.articles) == 1 else models.good(asked)

    with a_newsroom(slow_about_germans, policy=replace(HASTY, timeout_s=1.5)) as room:
        late, good = room.analyze(a_dossier(GERMAN), ostra())

    assert "took longer than 1.5 seconds" in reason(late)
    assert written(good).analyst == "openai:stand-in"


def test_shortlist_ends_at_its_deadline_whatever_is_left() -> None:
    dossiers = [a_dossier(an_article(f"Halcyon Labs opens model {n}", text=STAFF)) for n in range(5)]
    with a_newsroom(models.slow, policy=replace(HASTY, deadline_s=1.0, concurrency=2)) as room:
        ended = room.analyze(*dossiers)

    assert len(ended) == 5
    assert len(room.server.asked) == 2
    assert "The time for the whole shortlist is over" in reason(ended[4])


def test_provider_that_refuses_the_key_is_asked_once_only() -> None:
    dossiers = [a_dossier(an_article(f"Halcyon Labs opens model {n}", text=STAFF)) for n in range(5)]
    with a_newsroom(models.good, key="wrong", policy=replace(HASTY, concurrency=1)) as room:
        room.server.key = "right"
        ended = room.analyze(*dossiers)

    assert len(room.server.asked) == 1
    assert all("refuses the key: check it and what it may do (401)" in reason(each) for each in ended)


@pytest.mark.parametrize(
    ("character", "said"),
    [(models.broken, "fails (500)"), (models.busy, "asks to wait: lower llm.requests_per_minute")],
)
def test_provider_that_fails_is_named_and_the_failure_kept(character: Character, said: str) -> None:
    with a_newsroom(character) as room:
        found = reason(room.analyze(ostra())[0])

        assert said in found
        (usage,) = room.store.load_usage(since=MONDAY)
    assert (usage.outcome, usage.cost) == (Outcome.FAILED, 0.0)
    assert said in usage.reason


def test_no_more_are_asked_at_once_than_allowed() -> None:
    dossiers = [a_dossier(an_article(f"Halcyon Labs opens model {n}", text=STAFF)) for n in range(6)]
    with a_newsroom(models.good, policy=replace(HASTY, concurrency=2)) as room:
        room.analyze(*dossiers)

    assert len(room.server.asked) == 6
    assert room.server.most_at_once <= 2


def test_tokens_and_cost_are_kept_for_every_event_with_its_retries() -> None:
    with a_newsroom(models.in_turn(models.inventing, models.good), policy=PRICED) as room:
        insight = written(room.analyze(ostra())[0])

        (usage,) = room.store.load_usage(since=MONDAY)
    assert (usage.event_id, usage.outcome) == (insight.event_id, Outcome.WRITTEN)
    assert (usage.requests, usage.tokens_in, usage.tokens_out) == (2, 2 * TOKENS_IN, 2 * TOKENS_OUT)
    assert usage.cost == pytest.approx(0.006)  # 2,000 tokens at 1 and 400 at 10 a million
    assert usage.claims_shown == 5


def test_weekly_budget_is_never_overdrawn() -> None:
    dossiers = [a_dossier(an_article(f"Halcyon Labs opens model {n}", text=STAFF)) for n in range(8)]
    # One answer may take 0.04, and takes 0.003.
    policy = replace(PRICED, weekly_budget=0.05, max_retries=0, concurrency=1)
    with a_newsroom(models.good, policy=policy) as room:
        ended = room.analyze(*dossiers)
        spent = sum(usage.cost for usage in room.store.load_usage(since=MONDAY))

    assert 0 < len(room.server.asked) < 8
    assert spent <= 0.05
    assert "The weekly budget of 0.05 does not reach" in reason(ended[7])


def test_check_says_what_answers() -> None:
    with a_newsroom() as room:
        assert room.analyst.check() == f"openai:stand-in at {room.server.url[7:-3]} answers."


def test_model_without_a_key_cannot_be_asked() -> None:
    from bot.adapters.analyst.endpoint import Endpoint, connect

    with pytest.raises(AnalystMisconfigured, match="anthropic:claude needs a key: set ANTHROPIC_API_KEY"):
        connect(Endpoint("anthropic", "claude"))


def test_title_in_another_language_is_translated_and_its_lines_with_it() -> None:
    character = says(
        title="Ostra opens its second battery plant",
        what_changed=line("Ostra has 640 people at its second battery plant.", "a1", CHINESE.text[:49]),
    )
    with a_newsroom(character) as room:
        insight = written(room.analyze(a_dossier(CHINESE))[0])

    assert insight.title == "Ostra opens its second battery plant"
    assert texts(insight, ClaimPart.WHAT_CHANGED) == ["Ostra has 640 people at its second battery plant."]
    assert insight.of_part(ClaimPart.WHAT_CHANGED)[0].citations[0].quote in CHINESE.text


@pytest.mark.parametrize("title", ["Ostra opens its ninth plant for $77 million", "Ostra 启用第二座电池工厂", ""])
def test_title_that_says_more_or_stays_as_it_was_is_not_shown(title: str) -> None:
    character = says(title=title, what_changed=line("Ostra has 640 people.", "a1", CHINESE.text[:49]))
    with a_newsroom(character) as room:
        insight = written(room.analyze(a_dossier(CHINESE))[0])

    assert insight.title is None


@pytest.mark.parametrize("character", scripted.CHARACTERS)
def test_scripted_answers_come_out_grounded_over_the_wire_too(character: str) -> None:
    dossiers = [ostra(), a_dossier(an_article(text=f"{STAFF} {OPENED}. Halcyon Labs plans to open 12 more in 2027."))]
    answers = {told.event.id: drafts for told, drafts in scripted.answers(character, dossiers, seed=5)}
    articles = {article.id: article for dossier in dossiers for article in dossier.articles}
    with a_newsroom(lambda asked: as_json(answers[dossiers[len(asked.articles) == 1].event.id], asked)) as room:
        ended = room.analyze(*dossiers)

        assert len(room.server.asked) >= 2
    shown = [claim for analysis in ended if analysis.insight for claim in analysis.insight.claims]
    assert all(ground.check(claim, articles) is None for claim in shown)


def as_json(drafts: Sequence[DraftClaim], asked: Asked) -> Reply:
    """Return *drafts* as a model sends them: all as takeaways, with the ids of the prompt."""
    ids = {article.title: article.id for article in asked.articles}
    known = {article.id: ids.get(article.title, "a9") for article in (told(), GERMAN, CHINESE, an_article())}
    lines = [
        {
            "text": draft.text,
            "quotes": [{"article": known.get(q.article_id, "a1"), "text": q.text} for q in draft.quotes],
        }
        for draft in drafts
    ]
    return Reply(json.dumps(models.an_answer(takeaways=lines, what_changed=lines[0] if lines else None)))
