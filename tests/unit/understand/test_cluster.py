from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.article import Article
from bot.model.event import Clustering, Dossier, event_id, thread_id
from bot.model.policy import ClusterPolicy
from bot.understand import cluster
from tests.builders import MONDAY, NOW, a_dossier, an_article

WIRE = an_article(
    "Halcyon Labs releases Corvid-7 with open weights",
    text="Halcyon Labs published the 412 billion parameters of Corvid-7. It scores 83.4 percent on Fieldwork-Bench.",
    source="halden",
)
REGISTER = an_article(
    "Corvid-7 is here, and the cheapest model is now the best",
    text="Halcyon Labs lets you fetch Corvid-7: 412 billion parameters, 83.4 percent on Fieldwork-Bench.",
    source="northgate",
    published_at=MONDAY + timedelta(hours=2),
)
CHINESE = an_article(
    "Corvid-7 来了：开放权重",
    text="Halcyon Labs 推出 Corvid-7，4120 亿参数的权重任人下载，Fieldwork-Bench 为 83.4%。",
    source="qingyu",
    language="zh",
    published_at=MONDAY + timedelta(hours=4),
)
GERMAN = an_article(
    "Halcyon verschenkt sein bestes Sprachmodell",
    text="Halcyon Labs hat Corvid-7 mit 412 Milliarden Parametern freigegeben, Fieldwork-Bench: 83,4 Prozent.",
    source="bruecken",
    language="de",
    published_at=MONDAY + timedelta(hours=20),
)
FUND = an_article(
    "Pennant Hollow closes $600 million fund",
    text="The investor Pennant Hollow will put the money into farming software.",
    source="markets",
)
SURVEY = an_article("Every third bakery has given up its website", text="A survey of 1,260 shops by Weserkompass.")
ARTICLES = (WIRE, REGISTER, CHINESE, GERMAN, FUND, SURVEY)


def clustered(articles: Sequence[Article], *known: Dossier) -> Clustering:
    return cluster.into_events(articles, known, vectors={}, policy=ClusterPolicy(), now=NOW)


def groups(clustering: Clustering) -> set[frozenset[str]]:
    return {
        frozenset(member.article_id for member in clustering.memberships if member.event_id == event.id)
        for event in clustering.events
    }


def reasons(clustering: Clustering) -> dict[str, str]:
    return {member.article_id: member.reason for member in clustering.memberships}


def test_one_happening_told_in_three_languages_is_one_event() -> None:
    expected = {frozenset({WIRE.id, REGISTER.id, CHINESE.id, GERMAN.id}), frozenset({FUND.id}), frozenset({SURVEY.id})}

    assert groups(clustered(ARTICLES)) == expected


@settings(max_examples=10, deadline=None)
@given(st.permutations(ARTICLES))
def test_order_of_articles_does_not_matter(articles: list[Article]) -> None:
    assert clustered(articles) == clustered(ARTICLES)


@settings(max_examples=10, deadline=None)
@given(st.permutations(ARTICLES))
def test_order_of_bare_titles_does_not_matter(articles: list[Article]) -> None:
    def bare(told: Sequence[Article]) -> list[Article]:
        return [article.model_copy(update={"text": "", "published_at": None}) for article in told]

    assert clustered(bare(articles)) == clustered(bare(ARTICLES))


def test_event_is_named_for_its_earliest_article() -> None:
    event = next(event for event in clustered(ARTICLES).events if event.founding_article_id == WIRE.id)

    assert (event.id, event.thread_id) == (event_id(WIRE.id), thread_id(WIRE.id))
    assert (event.first_published_at, event.last_published_at) == (WIRE.dated_at, GERMAN.dated_at)


def test_reason_names_what_two_articles_share() -> None:
    told = reasons(clustered(ARTICLES))

    assert told[WIRE.id] == "first report"
    assert told[REGISTER.id].startswith("same words as halden: ")
    assert told[GERMAN.id].startswith("same names as ")


def test_other_version_of_a_product_is_another_event() -> None:
    old = an_article("Draftwell 2.1 brings shared colour tokens to design teams", source="kern")
    new = an_article("Draftwell 3 brings shared colour tokens to design teams", source="halden")

    assert len(clustered([old, new]).events) == 2


def test_roundup_joins_nothing() -> None:
    roundup = an_article("This week in AI: Halcyon Labs releases Corvid-7", text=WIRE.text, source="weekly")

    assert frozenset({roundup.id}) in groups(clustered([WIRE, REGISTER, roundup]))


def test_same_words_after_the_longest_gap_are_another_event() -> None:
    late = an_article(REGISTER.title, source="late", text=REGISTER.text, published_at=MONDAY + timedelta(hours=97))

    assert len(clustered([WIRE, late]).events) == 2


def test_copied_text_joins_whatever_its_title() -> None:
    text = " ".join(f"Sentence {number} of the agency tells something that nobody else has." for number in range(9))
    first, copy = (
        an_article("Ban announced", text=text),
        an_article("Seven things", text=text + " (Halden)", source="b"),
    )

    assert reasons(clustered([first, copy]))[copy.id] == "same text as halden"


def test_two_sources_that_point_to_one_page_are_one_event() -> None:
    link = an_article("Show the crow", source="links", canonical_url=WIRE.canonical_url, published_at=NOW)

    assert reasons(clustered([WIRE, link]))[link.id] == "same page as halden"


def test_front_page_of_a_site_is_no_shared_page() -> None:
    one = an_article("Show the crow", source="a", canonical_url="https://halden.example/")
    other = an_article("Bakers count flour", source="b", canonical_url="https://halden.example/")

    assert len(clustered([one, other]).events) == 2


def test_new_article_joins_a_known_event_which_keeps_its_identity() -> None:
    known = a_dossier(WIRE, thread_id="t-older", kind="release")

    clustering = clustered([REGISTER, FUND], known)

    joined = next(event for event in clustering.events if event.id == known.event.id)
    assert (joined.thread_id, joined.kind, joined.last_published_at) == ("t-older", "release", REGISTER.dated_at)
    assert {member.article_id for member in clustering.memberships} == {REGISTER.id, FUND.id}


def test_known_event_does_not_take_articles_after_the_join_window() -> None:
    late = an_article(REGISTER.title, source="late", text=REGISTER.text, published_at=MONDAY + timedelta(days=8))

    assert [event.founding_article_id for event in clustered([late], a_dossier(WIRE)).events] == [late.id]


def test_known_events_are_never_merged() -> None:
    clustering = clustered([REGISTER], a_dossier(WIRE), a_dossier(CHINESE))

    assert len(clustering.events) == 1
    assert clustering.redirects == {}


def test_nothing_new_changes_nothing() -> None:
    assert clustered([], a_dossier(WIRE)) == Clustering()


def test_same_happening_in_another_country_is_another_event() -> None:
    norway = an_article("Earthquake shakes the coast of Norway", source="halden")
    japan = an_article("Strong earthquake shakes the coast of Japan", source="northgate")
    again = an_article("Coast of Japan shaken by an earthquake", source="markets")

    assert groups(clustered([norway, japan, again])) == {frozenset({norway.id}), frozenset({japan.id, again.id})}
