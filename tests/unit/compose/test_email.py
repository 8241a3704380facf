import re
from html.parser import HTMLParser

import pytest

from bot.compose import email, slack
from bot.compose.words import columns
from bot.model import slots
from bot.model.digest import Card, CardLink, EmailMessage
from bot.model.route import Destination, Medium, Route
from tests.builders import NOW
from tests.builders_cards import (
    CHINESE,
    HOSTILE,
    LIST,
    SITE,
    a_card,
    a_digest,
    a_full_card,
    a_renderer,
    a_route,
    a_worst_card,
)

TO_LIST = a_route(destinations=[Destination(medium=Medium.EMAIL, id="weekly")])


def mail_of(*cards: Card, route: Route = TO_LIST) -> EmailMessage:
    mail = a_digest(*cards, route=route).email
    assert mail is not None
    return mail


def text_of(html: str) -> str:
    class Words(HTMLParser):
        text = ""

        def handle_data(self, data: str) -> None:
            self.text += data

    words = Words()
    words.feed(re.sub(r"(?s)<style.*?</style>", "", html))
    return words.text


def test_the_subject_names_the_top_event_and_counts_the_rest() -> None:
    mail = mail_of(*[a_card(f"Event {number}") for number in range(10)])

    assert mail.subject == "Event 0 + 9 more · Weekly AI Recap"


@pytest.mark.parametrize("title", [CHINESE[:300], "A very long title of an event " * 10, "👩‍👩‍👧‍👦" * 40])
def test_the_subject_stays_under_seventy_eight_columns_and_keeps_its_end(title: str) -> None:
    subject = mail_of(a_card(title), a_card()).subject

    assert columns(subject) < 78
    assert subject.endswith(" + 1 more · Weekly AI Recap")


@pytest.mark.parametrize("title", [CHINESE, HOSTILE * 3], ids=["chinese", "hostile"])
def test_fifty_of_the_worst_cards_are_all_told_in_ninety_thousand_bytes(title: str) -> None:
    mail = mail_of(*[a_worst_card(title)] * 2, *[a_full_card(title[:300])] * 48)

    assert len(mail.html.encode()) <= 90_000
    assert mail.html.count('href="https://recap.example/e/') >= 50
    assert "on the web" not in text_of(mail.html)
    assert "50. " in mail.text


def test_fifty_ordinary_events_keep_their_titles_and_the_first_twenty_their_hooks() -> None:
    title = "Event {} of a busy week, with a title that is as long as titles of events mostly are"
    mail = mail_of(*[a_full_card(title.format(number)) for number in range(50)])

    text = text_of(mail.html)
    assert [title.format(number) in text for number in range(50)] == [True] * 50
    assert text.count("💡") == 20


def test_the_top_five_of_ten_ordinary_events_keep_their_insight() -> None:
    mail = mail_of(*[a_full_card(f"Event {number}") for number in range(10)])

    assert len(mail.html.encode()) <= 90_000
    assert mail.html.count("Enhanced Key Takeaways") == 5
    assert mail.text.count("Enhanced Key Takeaways") == 5
    assert mail.html.count("published weights and training code under") == 10


def test_the_html_is_complete_and_asks_nobody_for_anything() -> None:
    html = mail_of(a_full_card()).html

    assert html.startswith("<!doctype html>")
    assert 'lang="en" dir="ltr"' in html
    assert html.count("<h1") == 1
    assert '<meta name="color-scheme" content="light dark"' in html
    assert "prefers-color-scheme: dark" in html
    for trouble in ("<mj-", "<img", "<script", "fonts.googleapis", "{{", "None", "http://"):
        assert trouble not in html.replace("http://www.w3.org/1999/xhtml", ""), trouble


def test_mail_shows_the_parts_of_the_card_in_the_order_of_the_product() -> None:
    text = text_of(mail_of(a_full_card()).html)

    labels = [
        "🔥 青屿科技",
        "Stale",
        "collected in 26m",
        "Halcyon Labs opens its weather model",
        "💡",
        "⚡ 30-Second TL;DR",
        "What Changed",
        "Why It Matters",
        "What To Do Next · Playbook",
        "Who should care: AI Researchers, Founders & Product Leaders",
        "🧠 Deep Insight",
        "Extracted from the sources, without a language model.",
        "🔑 Enhanced Key Takeaways",
        "🔮 Future Implications – As stated by the sources",
        "⏳ Timeline",
        "📰 Weekly AI Recap",
        "Read this week's curated digest of top AI events →",
        "👉 Related Updates",
        "Automatically curated news aggregator.",
        "Original source: 青屿科技 ↗",
    ]
    start = text.index("🔥")
    places = [text.index(label, start) for label in labels]
    assert places == sorted(places)


def test_both_parts_say_why_it_came_from_whom_and_how_to_leave() -> None:
    mail = mail_of()

    for part in (text_of(mail.html), mail.text):
        flat = " ".join(part.split())
        assert "You get this because you subscribed to “Weekly AI Recap” on %%since%%." in flat
        assert "You get this because you are on the list “Weekly AI Recap”." in flat
        assert "Recap Example, 1 Sample Street, 12345 Sampletown" in flat
        assert "Unsubscribe" in flat
    assert f'href="{slots.UNSUBSCRIBE_URL}"' in mail.html
    assert slots.UNSUBSCRIBE_URL in mail.text


def test_preheader_is_hidden_without_a_color_that_looks_like_spams() -> None:
    html = mail_of(a_full_card()).html

    hidden = re.findall(r'<div style="([^"]*display:none[^"]*)">([^<]*)</div>', html)
    assert hidden == [
        (
            "display:none;max-height:0;overflow:hidden;mso-hide:all;",
            "Halcyon Labs gives away a 12-billion-parameter forecaster that ran on one rented GPU",
        )
    ]


def test_freshness_is_told_as_of_the_routes_own_time() -> None:
    mail = mail_of(route=a_route(timezone="Asia/Shanghai"))

    assert "Freshness as of 23 Nov 2026, 17:00 CST" in " ".join(mail.text.split())


def test_the_text_part_is_wrapped_and_holds_every_link_of_the_html() -> None:
    mail = mail_of(a_full_card(), a_full_card("百川云发布新一代训练芯片"))

    links = set(re.findall(r'href="(https?://[^"]+)"', mail.html.replace("&amp;", "&")))
    listed = set(re.findall(r"^\[\d+\] (http\S+)$", mail.text, re.MULTILINE))

    assert links == listed
    assert all(columns(line) <= 78 for line in mail.text.splitlines() if "://" not in line)


def test_the_text_part_has_neither_tags_nor_entities() -> None:
    text = mail_of(a_full_card("R&D <now> at “Halcyon”")).text

    assert "R&D <now> at “Halcyon”" in text
    assert "&amp;" not in text
    assert "<p" not in text


def test_feed_text_cannot_become_mjml_or_html() -> None:
    mail = mail_of(a_full_card('<mj-text>x</mj-text><img src="x" onerror="y">{{ 7*7 }}'))

    assert "<mj-" not in mail.html
    assert "<img" not in mail.html
    assert "{{ 7*7 }}" in text_of(mail.html)


def test_an_empty_week_makes_a_short_mail() -> None:
    digest = a_digest().model_copy(update={"cards": []})

    mail = email.message(digest, TO_LIST, renderer=a_renderer(), policy=SITE, mailing_list=LIST, now=NOW)
    parent = slack.messages(digest, TO_LIST, renderer=a_renderer(), policy=SITE, now=NOW)[0]

    assert mail.subject == "Weekly AI Recap"
    assert parent.text == "Weekly AI Recap, 16–22 Nov: no events this week"


def test_mail_begins_with_what_an_earlier_one_told_wrongly() -> None:
    wrong = CardLink(title="Brightwell <raises> money", url="https://recap.example/e/1", note="It is 60 & not 80.")
    digest = a_digest().model_copy(update={"corrections": [wrong]})

    mail = email.message(digest, TO_LIST, renderer=a_renderer(), policy=SITE, mailing_list=LIST, now=NOW)

    assert "Correction to an earlier recap: Brightwell <raises> money" in mail.text
    assert "It is 60 & not 80." in mail.text
    assert "Brightwell &lt;raises&gt; money" in mail.html
    assert "It is 60 &amp; not 80." in mail.html
