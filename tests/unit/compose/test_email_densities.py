import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.compose import digest as digests
from bot.model import slots
from bot.model.digest import Card, Digest, EmailMessage
from bot.model.subscriber import DENSITIES
from tests.builders import NOW
from tests.builders_cards import (
    ARABIC,
    CHINESE,
    EMOJI,
    HOSTILE,
    LIST,
    SITE,
    a_card,
    a_digest,
    a_full_card,
    a_recap,
    a_renderer,
    a_worst_card,
)
from tests.unit.compose import mail_programs
from tests.unit.compose.test_email import TO_LIST, text_of


def mail_of(*cards: Card, density: str = "full", language: str = "en", **values: object) -> EmailMessage:
    built = digests.for_route(
        a_recap(),
        TO_LIST.model_copy(update={"min_events": 0, "language": language}),
        [card.model_copy(update={"event_id": f"e{number}"}) for number, card in enumerate(cards)],
        density=density,
        renderer=a_renderer(),
        policy=SITE,
        list_policy=LIST,
        now=NOW,
    )
    mail = built.model_copy(update=values).email
    assert mail is not None
    return mail


def sent_bytes(mail: EmailMessage) -> int:
    """Return the size of the HTML as a reader gets it, with links as long as they come."""
    link = "https://recap.example/feedback/" + "t" * 300
    filled = slots.for_subscriber(mail.html)
    for slot in (slots.UNSUBSCRIBE_URL, slots.PREFERENCES_URL, slots.FEEDBACK_URL):
        filled = filled.replace(slot, link)
    return len(filled.replace(slots.SINCE, "2026-11-02").encode())


@pytest.mark.parametrize(
    ("density", "language", "title"),
    [
        ("full", "en", ARABIC[:300]),
        ("full", "zh", CHINESE[:300]),
        ("compact", "zh", EMOJI[:300]),
        ("one-line", "en", (HOSTILE * 4)[:300]),
    ],
    ids=["arabic", "chinese", "emoji", "hostile"],
)
def test_fifty_worst_events_stay_within_ninety_thousand_bytes(density: str, language: str, title: str) -> None:
    mail = mail_of(*[a_worst_card(title)] * 50, density=density, language=language)

    assert sent_bytes(mail) <= 90_000
    assert mail_programs.faults(mail.html) == []


@settings(max_examples=8, deadline=None, derandomize=True)
@given(
    st.lists(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=300), max_size=12),
    st.sampled_from(DENSITIES),
)
def test_whatever_titles_hold_the_mail_is_whole_and_small(titles: list[str], density: str) -> None:
    mail = mail_of(*[a_full_card(title) for title in titles], density=density)

    assert sent_bytes(mail) <= 90_000
    assert mail_programs.faults(mail.html) == []
    assert mail.html.count("<h1") == 1


def test_compact_mail_tells_hook_and_change_and_no_insight() -> None:
    mail = mail_of(*[a_full_card(f"Event {number}") for number in range(3)], density="compact")

    for part, mark in ((text_of(mail.html), "💡"), (mail.text, "gives away a 12-billion-parameter forecaster")):
        flat = " ".join(part.split())
        assert flat.count(mark) == 3
        assert flat.count("published weights and training code") == 3
        assert "Enhanced Key Takeaways" not in flat
        assert "Why It Matters" not in flat


def test_one_line_mail_is_a_list_of_titles() -> None:
    mail = mail_of(*[a_full_card(f"Event {number}") for number in range(30)], density="one-line")

    assert [f"Event {number}" in text_of(mail.html) for number in range(30)] == [True] * 30
    assert "12-billion-parameter" not in mail.text
    assert len(mail.text.splitlines()) < 150


def test_densities_get_ever_shorter() -> None:
    sizes = [len(mail_of(*[a_full_card()] * 8, density=density).html) for density in DENSITIES]

    assert sizes == sorted(sizes, reverse=True)


def test_what_does_not_fit_moves_to_the_web_page_of_the_digest() -> None:
    mail = mail_of(*[a_card(CHINESE[:300])] * 300)

    assert re.search(
        r'href="https://recap\.example/d/[0-9a-f]{32}\?lang=en"[^>]*>\d+ more events on the web', mail.html
    )
    assert sent_bytes(mail) <= 90_000


def test_each_event_can_be_voted_on_in_both_parts() -> None:
    mail = mail_of(a_full_card(), a_card("Second"))

    votes = re.findall(r'href="%%feedback_url%%\?event=(\w+)&amp;vote=(\w+)', mail.html)
    assert votes == [(event, vote) for event in ("e0", "e1") for vote in ("useful", "not_for_me", "wrong")]
    assert re.findall(r"%%feedback_url%%\?event=(\w+)", mail.text) == ["e0", "e1"]


def test_feed_cannot_have_a_readers_link_put_into_its_own_words() -> None:
    stolen = "https://evil.example/?t=%%unsubscribe_url%%"
    card = a_full_card("Free %%feedback_url%% for %%end%%", url=stolen)
    card.originals[0].url = stolen

    mail = mail_of(card)

    for part in (mail.html, mail.text):
        assert "Free %%" not in part
        assert part.count("%%unsubscribe_url%%") == 1
        assert len(re.findall("%%end%%", part)) == len(re.findall("%%subscriber%%", part)) == 2


def test_mail_names_the_audiences_that_were_chosen() -> None:
    route = TO_LIST.model_copy(update={"audiences": ["founders", "researchers"], "min_events": 0})

    digest: Digest = a_digest(route=route)

    assert digest.email is not None
    assert "It is for: founders and researchers." in " ".join(digest.email.text.split())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_text_part_says_the_same_as_the_html(language: str) -> None:
    mail = mail_of(a_full_card(), density="full", language=language)

    class Links(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "a":
                self.found.append(dict(attrs)["href"] or "")

    links = Links()
    links.feed(mail.html)
    missing = {link for link in links.found if "feedback" not in link and link not in mail.text}
    assert missing == set()


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<p style="width:calc(100% - 2px)">x</p>', "calculated lengths: Gmail, Outlook"),
        ('<p onclick="x">y</p>', "<p onclick>"),
        ("<table><tr></tr></table>", "<table> that is read out as one"),
        ('<a href="javascript:x">y</a>', "link to 'javascript:x'"),
        ("<style>p { color: var(--ink) }</style>", "custom properties: Gmail, Outlook"),
        ("<p><b>x</p></b>", "</p> closes something else"),
        ("<img src=x>", "<img> without alt"),
    ],
)
def test_linter_sees_what_mail_programs_do_not_show(html: str, fault: str) -> None:
    assert fault in mail_programs.faults(html)
