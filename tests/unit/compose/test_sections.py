import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.compose import digest as digests
from bot.compose import sections, slack
from bot.model.digest import Card, CardLink, Digest, DigestSection
from bot.model.route import Route, Sectioning
from bot.workflows.show_pages import WeekPage
from tests.builders import NOW
from tests.builders_cards import CHINESE, LIST, SITE, a_card, a_recap, a_renderer, a_route
from tests.unit.compose.test_email import text_of
from tests.unit.compose.test_slack import assert_within_limits

NAMES = {"founders": "Founders", "cooks": "Cooks"}
ALSO = [
    CardLink(title="Bees return to Sampletown", url="https://recap.example/e/e7-bees", publisher="Lark"),
    CardLink(title="A <b> & a *star*", url="https://recap.example/e/e8", publisher="Wren"),
]


def a_card_for(number: int, **confidences: float) -> Card:
    matches = [
        {"id": audience, "name": NAMES[audience], "confidence": confidence, "reason": ""}
        for audience, confidence in confidences.items()
    ]
    return a_card(f"Event {number}", event_id=f"e{number}", audiences=matches)


CARDS = [a_card_for(1, cooks=0.6, founders=0.5), a_card_for(2), a_card_for(3, founders=0.9), a_card_for(4, cooks=0.4)]


def a_sectioned(
    route: Route, *cards: Card, also: Sequence[CardLink] = (), topics: Mapping[str, list[str]] | None = None
) -> Digest:
    return digests.for_route(
        a_recap(),
        route.model_copy(update={"min_events": 0}),
        cards or CARDS,
        renderer=a_renderer(),
        policy=replace(SITE, audience_names=NAMES),
        list_policy=LIST,
        now=NOW,
        also=also,
        topics=topics,
    )


def told(digest: Digest) -> list[tuple[str, str, list[str]]]:
    return [(section.id, section.title, section.event_ids) for section in digest.sections]


def test_each_card_stands_under_its_best_audience_and_the_rest_comes_last() -> None:
    digest = a_sectioned(a_route(sections=Sectioning.AUDIENCE))

    assert told(digest) == [("cooks", "Cooks", ["e1", "e4"]), ("founders", "Founders", ["e3"]), ("", "More", ["e2"])]


def test_only_audiences_of_the_route_have_sections() -> None:
    digest = a_sectioned(a_route(sections=Sectioning.AUDIENCE, audiences=["founders"], language="zh"))

    assert told(digest) == [("founders", "Founders", ["e1", "e3"]), ("", "其他", ["e2", "e4"])]


def test_topics_make_as_few_sections_as_can_be() -> None:
    topics = {"e1": ["chips", "models"], "e2": ["models"], "e3": ["apps", "models"], "e4": []}

    digest = a_sectioned(a_route(sections=Sectioning.TOPIC), topics=topics)

    assert told(digest) == [("models", "models", ["e1", "e2", "e3"]), ("", "More", ["e4"])]


def test_an_editors_changes_keep_the_sections() -> None:
    digest = a_sectioned(a_route(sections=Sectioning.AUDIENCE))

    kept = sections.kept(digest.sections, [CARDS[2], CARDS[3], a_card_for(9)])

    assert [(section.id, section.event_ids) for section in kept] == [
        ("founders", ["e3"]),
        ("cooks", ["e4"]),
        ("", ["e9"]),
    ]


def test_sections_and_lines_read_the_same_in_slack_and_mail() -> None:
    digest = a_sectioned(a_route(sections=Sectioning.AUDIENCE), also=ALSO)

    assert digest.email is not None
    in_slack = " ".join(text for block in digest.slack[0].blocks for text in slack.texts(block))
    shown = ["Cooks", "Event 1", "Event 4", "Founders", "Event 3", "More", "Event 2", "Also this week", "Bees return"]
    for text in (in_slack, digest.email.text, text_of(digest.email.html)):
        assert re.search(".*".join(shown), text, re.DOTALL)
    headings = [slack.texts(block) for block in digest.slack[0].blocks if block["type"] == "header"]
    assert headings[1:] == [["Cooks"], ["Founders"], ["More"]]


def test_slack_replies_follow_the_order_shown() -> None:
    digest = a_sectioned(a_route(sections=Sectioning.AUDIENCE))

    assert [message.text.split("Event ")[1][:1] for message in digest.slack[1:]] == ["1", "4", "3", "2"]


def test_lines_link_their_page_and_stay_text() -> None:
    digest = a_sectioned(a_route(), also=ALSO)

    assert digest.email is not None
    line = next(text for block in digest.slack[0].blocks for text in slack.texts(block) if "Also this week" in text)
    assert "• <https://recap.example/e/e7-bees|Bees return to Sampletown> · Lark" in line
    assert "<b>" not in line
    assert 'href="https://recap.example/e/e7-bees"' in digest.email.html
    assert "<b> & a" not in digest.email.html


def test_long_lines_are_shortened_before_an_event_is_lost() -> None:
    long = [CardLink(title=CHINESE, url=f"https://recap.example/e/{'x' * 120}", publisher="Lark")] * 10
    cards = [a_card(CHINESE[:280], event_id=f"e{number}") for number in range(10)]

    parent = a_sectioned(a_route(sections=Sectioning.AUDIENCE), *cards, also=long).slack[0]

    texts = [text for block in parent.blocks for text in slack.texts(block)]
    assert_within_limits(parent)
    assert sum(bool(re.match(r"\*\d+\.\*", text)) for text in texts) == 10
    assert any("Also this week" in text for text in texts)


def test_the_week_page_has_sections_where_all_its_digests_have() -> None:
    one = DigestSection(id="cooks", title="Cooks", event_ids=["e1", "e4"])
    other = DigestSection(id="founders", title="Founders", event_ids=["e3", "e1"])
    digest = a_sectioned(a_route())
    with_one = digest.model_copy(update={"sections": [one]})

    merged = sections.merged([with_one, digest.model_copy(update={"sections": [other]})], CARDS)

    assert [(section.id, section.event_ids) for section in merged] == [("cooks", ["e1", "e4"]), ("founders", ["e3"])]
    assert sections.merged([with_one, digest], CARDS) == []


def test_the_week_page_shows_headings_over_their_cards() -> None:
    page = WeekPage(tuple(CARDS[:2]), (), 1, 1, {"e1": "Cooks", "e2": "More"})

    values = {"recap": a_recap(), "week": page, "site": SITE, "now": NOW, "previous_week": None, "next_week": None}

    html = a_renderer().render("web/recap.html.j2", language="en", **values)

    assert re.findall(r'<h2 class="section" dir="auto">(\w+)</h2>\s*<ol', html) == ["Cooks", "More"]
    assert html.count('<ol class="cards">') == html.count("</ol>") == 2
