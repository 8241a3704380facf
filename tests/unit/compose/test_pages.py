from html.parser import HTMLParser

import pytest

from bot.compose import preview, slack
from bot.model.digest import Card
from bot.workflows.show_pages import EventLine, WeekPage
from tests.builders import NOW
from tests.builders_cards import SITE, a_card, a_digest, a_full_card, a_line, a_recap, a_renderer
from tests.unit.compose.test_email import text_of

VOID = {"meta", "link", "br", "hr", "input", "img"}

THE_EVENT_PAGE = [
    ("head", "🔥 青屿科技 Stale collected in 26m"),
    ("title", "Halcyon Labs opens its weather model"),
    ("hook", "💡 Halcyon Labs gives away a 12-billion-parameter forecaster that ran on one rented GPU\u2060[1]"),
    ("tldr", "⚡ 30-Second TL;DR"),
    ("what_changed", "What Changed"),
    ("why_it_matters", "Why It Matters"),
    ("what_to_do_next", "What To Do Next Playbook"),
    ("audiences", "Who should care:"),
    ("insight", "🧠 Deep Insight"),
    ("made", "Extracted from the sources, without a language model."),
    ("takeaways", "🔑 Enhanced Key Takeaways"),
    ("implications", "🔮 Future Implications As stated by the sources"),
    ("timeline", "⏳ Timeline"),
    ("sources", "Sources (3)"),
    ("coverage", "Coverage (3 publishers)"),
    ("why_here", "Why it's here (71%)"),
    ("recap", "📰 Weekly AI Recap"),
    ("related", "👉 Related Updates Developing"),
    (
        "attribution",
        "Automatically curated news aggregator. All content rights belong to original publishers.",
    ),
    ("originals", "Original source: 青屿科技 ↗"),
]
"""PRODUCT.md section 1: the parts of the card, their icons and labels, in order."""


class Page(HTMLParser):
    """Reads a page: its parts with their words, its tags, and whether they nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: list[str] = []
        self.data: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if part := given.get("data-part"):
            self.names.append(part)
            self.data.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.data:
            self.data[-1] += data

    @property
    def parts(self) -> list[tuple[str, str]]:
        return [(name, " ".join(words.split())) for name, words in zip(self.names, self.data, strict=True)]


def page_of(card: Card, *, language: str = "en") -> str:
    return a_renderer().render("web/event.html.j2", language=language, card=card, now=NOW, site=SITE)


def recap_page(*cards: Card, language: str = "en", lines: tuple[EventLine, ...] = ()) -> str:
    return a_renderer().render(
        "web/recap.html.j2",
        language=language,
        recap=a_recap(),
        week=WeekPage(cards, lines=lines, page=1, pages=1),
        now=NOW,
        site=SITE,
        previous_week="2026-W46",
        next_week=None,
    )


def test_the_event_page_shows_every_part_in_order_with_icon_and_label() -> None:
    parts = Page(page_of(a_full_card())).parts

    shown = [(name, words[: len(label)]) for (name, words), (_, label) in zip(parts, THE_EVENT_PAGE, strict=True)]
    assert shown == THE_EVENT_PAGE


def test_an_event_nobody_analysed_has_no_empty_headings() -> None:
    parts = Page(page_of(a_card())).parts

    assert [name for name, _ in parts] == ["head", "title", "insight", "coverage", "recap", "attribution", "originals"]


def test_a_model_is_named_and_its_predictions_are_its_own() -> None:
    parts = dict(Page(page_of(a_full_card(analyst="openai:gpt-5"))).parts)

    assert parts["made"] == "AI-generated analysis for this event. (openai:gpt-5)"
    assert parts["implications"].startswith("🔮 Future Implications AI analysis grounded in cited sources")
    assert parts["attribution"].startswith("AI-curated news aggregator. All content rights belong to")


def test_background_is_marked_with_its_date() -> None:
    takeaways = dict(Page(page_of(a_full_card())).parts)["takeaways"]

    assert "Background, 12 May 2026 Halcyon Labs raised $40 million in May.\u2060[3]" in takeaways


def test_every_citation_leads_to_a_source_on_the_page() -> None:
    tags = Page(page_of(a_full_card())).tags

    cited = {given["href"] for tag, given in tags if tag == "a" and given.get("class") == "cite"}
    ids = {f"#{given['id']}" for _, given in tags if "id" in given}
    assert cited == {"#source-1", "#source-2", "#source-3"}
    assert cited <= ids


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_are_whole_and_need_no_script(language: str) -> None:
    for html in (page_of(a_full_card(), language=language), recap_page(a_full_card(), a_card(), language=language)):
        tags = Page(html).tags

        assert ("html", {"lang": language, "dir": "ltr"}) in tags
        assert [tag for tag, _ in tags].count("h1") == 1
        assert [tag for tag, _ in tags].count("main") == 1
        assert not [given for tag, given in tags if tag == "script" and given.get("type") != "application/ld+json"]
        assert not [given for _, given in tags if "style" in given or any(name.startswith("on") for name in given)]
        assert ("a", {"class": "skip", "href": "#main"}) in tags


def test_feed_text_stays_text() -> None:
    hostile = '</title></script><script>alert(1)</script>" onmouseover="x'
    card = a_full_card(hostile, hook=a_line(hostile), publisher=hostile)
    card.originals[0].url = "javascript:alert(1)"

    html = page_of(card)

    assert "<script>alert" not in html
    assert "javascript:" not in html.split("application/ld+json")[0] + html.split("</script>", 1)[1]
    assert Page(html).parts[1] == ("title", hostile)


def test_the_week_page_links_its_neighbours_and_numbers_its_week() -> None:
    html = recap_page(a_full_card())

    assert 'rel="prev" href="/w/2026-W46"' in html
    assert 'rel="next"' not in html
    assert "1,412" in html


def test_events_that_no_digest_shows_have_a_line_each() -> None:
    line = EventLine("百川云发布新一代训练芯片", "https://recap.example/e/e1", "zh", "青屿科技", 3)

    html = recap_page(a_card(), lines=(line,))

    shown = " ".join(text_of(html).split())
    assert "Also this week 百川云发布新一代训练芯片 青屿科技 + 2 more publishers · Chinese" in shown
    assert '<a href="/e/e1" lang="zh"' in html


def test_the_same_words_stand_in_slack_mail_and_page() -> None:
    card = a_full_card("R&D at Halcyon: 2 * 3 <models>")
    digest = a_digest(card)
    reply = "\n".join(text for block in digest.slack[1].blocks for text in slack.texts(block))
    parent = "\n".join(text for block in digest.slack[0].blocks for text in slack.texts(block))
    assert digest.email is not None

    for line in (card.title, card.hook, card.what_changed):
        words = line if isinstance(line, str) else line.text if line else ""
        escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        assert escaped in parent
        assert escaped in reply
        assert words in text_of(page_of(card))
        assert words in text_of(digest.email.html)
        assert words in " ".join(digest.email.text.split())


def test_the_ledger_stands_in_slack_mail_and_page() -> None:
    card = a_full_card("Halcyon opens its models").model_copy(update={"claims_sourced": 7, "claims_dropped": 2})
    digest = a_digest(card)
    reply = "\n".join(text for message in digest.slack for block in message.blocks for text in slack.texts(block))
    assert digest.email is not None

    for told in (reply, text_of(digest.email.html), digest.email.text, text_of(page_of(card))):
        assert "7 of 9 claims sourced" in " ".join(told.split())
    assert "9 条说法中 7 条有来源" in text_of(page_of(card, language="zh"))


def test_the_outbox_shows_messages_and_mails_in_a_sandbox() -> None:
    digest = a_digest(a_full_card())
    assert digest.email is not None

    html = a_renderer().render(
        "web/outbox.html.j2",
        language="en",
        site=SITE,
        weeks=[
            preview.OutboxWeek(
                "2026-W47",
                threads=[preview.SlackThread("#ai-news", "everyone", digest.slack)],
                mails=[preview.Mail("ana@example.org", "everyone", digest.email.subject, html=digest.email.html)],
            )
        ],
    )

    page = Page(html)
    frames = [given for tag, given in page.tags if tag == "iframe"]
    assert [frame["srcdoc"] for frame in frames] == [digest.email.html]
    assert "allow-scripts" not in (frames[0]["sandbox"] or "")
    assert "1 reply" in text_of(html)


@pytest.mark.parametrize(("status", "title"), [(404, "There is no such page"), (410, "This page is gone")])
def test_a_missing_page_says_so(status: int, title: str) -> None:
    html = a_renderer().render("web/message.html.j2", language="en", site=SITE, status=status)

    assert f"<h1>{title}</h1>" in html


@pytest.mark.parametrize(("done", "forms"), [(False, 1), (True, 0)])
def test_unsubscribing_asks_once_by_post(*, done: bool, forms: int) -> None:
    values = {"site": SITE, "done": done, "list_name": "A & B", "has_reason": False}

    html = a_renderer().render("web/unsubscribe.html.j2", language="en", **values)

    assert html.count('<form method="post">') == forms
    assert "A &amp; B" in html
