"""The web as its visitors meet it: the real application over HTTP, on the demo's data."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import sync_playwright

from bot import wiring
from bot.entrypoints.demo import replay
from bot.entrypoints.web.app import create_app
from bot.model.event import Clustering
from bot.settings import Settings
from bot.wiring import Bot, Particulars
from tests.e2e.conftest import Demo
from tests.fakes import web_server
from tests.fakes.web_server import Reply, Visitor
from tests.unit.compose.test_pages import THE_EVENT_PAGE, Page

CORVID = "/e/ed1216df68e-halcyon-labs-releases-corvid-7-with-open-weights-and-cuts"
"""Told by six publishers, and collected 26 minutes after the first."""
FENNICK = "/e/eeafa799778-fennick-signs-1-9-billion-osprell-deal-after-rival-bid"
"""Goes on with an event of the week before."""

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Site:
    """The running web: who asks it, and what is behind it."""

    visitor: Visitor
    app: FastAPI
    bot: Bot
    folder: Path

    def get(self, target: str, **headers: str) -> Reply:
        return self.visitor.get(target, **headers)

    def token(self) -> str:
        """Return the token of the unsubscribe link in a mail of the outbox."""
        mails = sorted(self.folder.glob("outbox/2026-W47/founders/email/founders-weekly/ada*.eml"))
        mail = message_from_bytes(mails[0].read_bytes(), EmailMessage, policy=policy.default)
        found = re.search(r"/unsubscribe/([^>]+)>", str(mail["List-Unsubscribe"]))
        assert found
        return found[1]

    def is_suppressed(self) -> bool:
        return self.bot.store.is_suppressed("ada@readers.example", list_id="founders-weekly")


@pytest.fixture(scope="module")
def site(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("web") / "demo"
    shutil.copytree(demo.home / "demo", folder)
    with web_server.listening() as held:
        settings = replay.settings(folder, base_url=f"http://127.0.0.1:{held.getsockname()[1]}")
        with wiring.bot(settings, Particulars(clock=replay.DemoClock())) as bot:
            app = create_app(bot)
            with web_server.serving(app, held) as visitor:
                yield Site(visitor, app, bot, folder)


@contextmanager
def running(settings: Settings) -> Iterator[tuple[Bot, Visitor]]:
    """Serve a bot of its own."""
    with (
        wiring.bot(settings, Particulars(clock=replay.DemoClock())) as bot,
        web_server.listening() as held,
        web_server.serving(create_app(bot), held) as visitor,
    ):
        yield bot, visitor


# Pages


def test_home_shows_the_latest_week_in_the_readers_language(site: Site) -> None:
    english, chinese = site.get("/"), site.get("/", accept_language="zh-CN,zh;q=0.9,en;q=0.8")

    assert english.status == chinese.status == 200
    assert '<html lang="en"' in english.text
    assert '<html lang="zh"' in chinese.text
    assert "23–29 Nov 2026" in english.text
    assert "Solvane answers with Mirador-5" in english.text
    assert "起诉一周即和解" not in english.text
    assert "起诉一周即和解" in chinese.text
    assert english.headers["vary"] == "Accept-Language"


def test_home_shows_every_event_of_the_week_once(site: Site) -> None:
    shown = re.findall(r'href="/e/(e[0-9a-f]{10})', site.get("/").text)

    ranked = site.bot.store.load_recap("2026-W48")
    assert ranked is not None
    assert sorted(shown) == sorted(event.event_id for event in ranked.events)


@pytest.mark.parametrize(
    ("target", "header", "language"),
    [
        ("/?lang=zh", "en", "zh"),
        ("/?lang=xx", "zh", "zh"),
        ("/", "de,fr;q=0.5", "en"),
        ("/", "en;q=0.2, zh;q=0.9", "zh"),
        ("/", "zh;q=0", "en"),
        ("/", "zh;q=huh", "en"),
    ],
)
def test_language_is_asked_for_or_accepted_or_the_first(site: Site, target: str, header: str, language: str) -> None:
    assert f'<html lang="{language}"' in site.get(target, accept_language=header).text


def test_the_corvid_page_shows_every_part_in_order_with_icon_and_label(site: Site) -> None:
    parts = Page(site.get(CORVID).text).parts

    own = {
        "head": "🔥 Halden Media Stale collected in 26m",
        "title": "Halcyon Labs releases Corvid-7 with open weights and cuts prices by 70%",
        "hook": "💡",
        "sources": "Sources (",
        "coverage": "Coverage (6 publishers)",
        "why_here": "Why it's here (",
        "related": "👉 Related Updates",
        "originals": "Original source: Halden Media ↗",
    }
    shown = [name for name, _ in parts]
    expected = [name for name, _ in THE_EVENT_PAGE if name in shown]
    assert shown == expected
    assert set(dict(THE_EVENT_PAGE)) - set(shown) <= {"hook"}
    for name, words in parts:
        assert words.startswith(own.get(name, dict(THE_EVENT_PAGE)[name]))


def test_the_outbox_shows_how_soon_corvid_was_collected(site: Site) -> None:
    shown = site.get("/outbox").text

    shown = shown[shown.index("Halcyon Labs releases Corvid-7") - 2000 :]
    slack = shown[shown.index("Slack #ai-recap") :]
    assert "Halden Media + 5 more publishers · collected in 26m" in slack[: slack.index("2.")]
    assert slack.index("Halden Media</strong> · Stale · collected in 26m") > 0


def test_a_developing_event_links_the_earlier_weeks_of_its_thread(site: Site) -> None:
    related = dict(Page(site.get(FENNICK).text).parts)["related"]

    assert related.startswith("👉 Related Updates Developing Fennick in talks to buy streaming database maker Osprell")
    assert "2026-W46 · New" in related


def test_an_earlier_event_links_what_came_of_it(site: Site) -> None:
    page = site.get("/e/e722bc94897-fennick-in-talks-to-buy-streaming-database-maker-osprell").text

    assert "2026-W47 · Developing" in dict(Page(page).parts)["related"]


def test_audience_names_follow_the_readers_language(site: Site) -> None:
    assert "工程师与开发者" in site.get(f"{CORVID}?lang=zh").text
    assert "Engineers &amp; Developers" in site.get(CORVID).text


def test_the_hostile_article_stays_text_everywhere(site: Site) -> None:
    address = re.search(r'href="(/e/[^"]*feed-readers[^"]*)"', site.get("/w/2026-W47").text)
    assert address
    for target in (address[1], "/w/2026-W47", "/outbox", "/search?q=script"):
        shown = site.get(target).text
        scripts = re.findall(r"<script[^>]*>", shown)
        assert set(scripts) <= {'<script type="application/ld+json">'}
        for bad in ("alert(1)</script>", "onerror=", "onclick=", "javascript:", "<!channel>", '<iframe src="https:'):
            assert bad not in shown
    for stored in site.folder.glob("outbox/*/*/slack/*.json"):
        assert not re.search(r"<!(channel|here|everyone)|<@", stored.read_text(encoding="utf-8"))


def test_search_finds_chinese_and_english_words(site: Site) -> None:
    assert "/e/ed1216df68e" in site.get("/search?q=Corvid").text
    assert "/e/ed1216df68e" in site.get("/search?q=%E5%BC%80%E6%94%BE%E6%9D%83%E9%87%8D").text
    assert "No event has all these words" in site.get("/search?q=zebra").text


@pytest.mark.parametrize(
    "target", ["/", "/w/2026-W46", CORVID, "/a/engineers", "/sources", "/search?q=Corvid", "/outbox"]
)
def test_pages_are_whole_and_lead_nowhere_else_for_their_parts(site: Site, target: str) -> None:
    reply = site.get(target)

    tags = Page(reply.text).tags
    assert reply.status == 200
    assert [tag for tag, _ in tags].count("h1") == 1
    linked = [given.get("href") for tag, given in tags if tag == "link" and given.get("rel") != "canonical"]
    assert linked == ["/static/recap.css", "/static/icon.svg"]


def test_events_of_a_draft_have_their_card_and_the_rest_a_line(site: Site) -> None:
    cards, lines = site.get("/w/2026-W47").text.split('id="also"')

    assert "EU lawmakers back labels for synthetic content" in cards
    assert cards.index("Halcyon Labs releases") < cards.index("EU lawmakers back") < cards.index("Oregon county pauses")
    assert "Chest X-ray model triages" in lines


# Addresses


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/e/ed1216df68e", CORVID),
        ("/e/ed1216df68e-some-older-title?lang=zh", f"{CORVID}?lang=zh"),
        ("/w/2026-w47", "/w/2026-W47"),
        ("/w/2026W47", "/w/2026-W47"),
    ],
)
def test_other_spellings_move_to_the_one_address(site: Site, target: str, location: str) -> None:
    reply = site.get(target)

    assert (reply.status, reply.headers["location"]) == (301, location)


def test_a_merged_event_leads_to_what_it_became(site: Site) -> None:
    site.bot.store.save_clustering(Clustering(redirects={"e0000000001": "ed1216df68e"}))

    reply = site.get("/e/e0000000001-an-old-title")

    assert (reply.status, reply.headers["location"]) == (301, CORVID)


@pytest.mark.parametrize(
    "target",
    [
        "/w/2026-W49",
        "/w/2019-W01",
        "/w/2026-W60",
        "/w/soon",
        "/e/e0000000009",
        "/e/x-y",
        "/a/nobody",
        "/nothing",
        "/w/",
    ],
)
def test_what_does_not_exist_is_a_page_that_says_so(site: Site, target: str) -> None:
    reply = site.get(target)

    assert reply.status == 404
    assert "There is no" in reply.text
    assert reply.headers["cache-control"] == "no-store"
    assert "recap events" not in reply.text


@pytest.mark.parametrize(
    "target",
    [
        "/e/%00", "/e/e%00-x", "/w/%00", "/search?q=%00", "/search?q=%ff%fe", "/search?q=%22%20OR%20NEAR(*",
        "/search?q=",
        "/" + "a" * 8000, "/e/" + "9" * 5000, "/search?q=" + "b" * 20000, "/w/" + "1" * 400, "/?page=" + "9" * 400,
        "/../../etc/passwd", "/static/../recap.css", "/static/%2e%2e%2fbase.html.j2", "/outbox/mail/..%2f..%2frecap.db",
        "/e/%F0%9F%94%A5", "/w/%E5%91%A8", "/e/%ED%A0%80", "/?lang=%00", "/?page=-1", "/?page=x", "/search?q=a&q=b",
        "/%5C%5Cevil.example", "//evil.example/e", "/unsubscribe/%00", "/unsubscribe/" + "c" * 9000,
        "/a/%2e%2e", "/a/%00",
    ],
)  # fmt: skip
def test_odd_addresses_never_break_the_server(site: Site, target: str) -> None:
    assert site.get(target).status in (200, 301, 404)


@pytest.mark.parametrize("host", ["[::1", "", "a b", "x" * 3000])
def test_odd_hosts_never_break_the_server(site: Site, host: str) -> None:
    assert site.get("/outbox", host=host).status in (400, 404)
    assert site.get("/", host=host).status in (200, 400)


# HTTP


@pytest.mark.parametrize(
    "target", ["/", "/w/2026-W47", CORVID, "/healthz", "/readyz", "/outbox", "/robots.txt", "/static/icon.svg", "/none"]
)
def test_head_says_what_get_says_without_the_body(site: Site, target: str) -> None:
    got, headed = site.get(target), site.visitor.ask("HEAD", target)

    kept = {"date"}
    assert headed.status == got.status
    assert headed.body == b""
    assert {n: v for n, v in headed.headers.items() if n not in kept} == {
        n: v for n, v in got.headers.items() if n not in kept
    }


@pytest.mark.parametrize("target", ["/", CORVID, "/static/recap.css", "/robots.txt"])
def test_a_browser_that_has_the_page_gets_304(site: Site, target: str) -> None:
    etag = site.get(target).headers["etag"]

    again = site.get(target, if_none_match=f'"other", W/{etag}')
    other = site.get(target, if_none_match='"other"')

    assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    assert other.status == 200


@pytest.mark.parametrize("target", ["/", CORVID, "/outbox", "/none", "/healthz", "/static/icon.svg", "/unsubscribe/x"])
def test_every_answer_has_the_security_headers(site: Site, target: str) -> None:
    headers = site.get(target).headers

    csp = headers["content-security-policy"]
    assert "default-src 'none'" in csp
    assert "frame-ancestors 'none'" in csp
    assert "base-uri 'none'" in csp
    assert "unsafe" not in csp
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert {"referrer-policy", "permissions-policy"} <= set(headers)
    assert "server" not in headers
    assert "set-cookie" not in headers


def test_methods_that_a_page_does_not_know_are_refused(site: Site) -> None:
    reply = site.visitor.ask("POST", "/", b"x=1")

    assert reply.status == 405
    assert set(reply.headers["allow"].split(", ")) == {"GET", "HEAD"}


# The outbox


def test_the_outbox_shows_the_newest_week_first(site: Site) -> None:
    shown = site.get("/outbox")

    weeks = re.findall(r'<h2 id="([^"]+)"', shown.text)
    assert weeks == ["2026-W48", "2026-W47", "2026-W46"]
    assert shown.headers["cache-control"] == "no-store"


def test_a_mail_of_the_outbox_may_do_nothing(site: Site) -> None:
    frame = re.search(r'<iframe [^>]*src="([^"]+)"', site.get("/outbox").text)
    assert frame

    mail = site.get(frame[1])

    assert mail.status == 200
    assert "Weekly AI Recap" in mail.text
    assert mail.headers["content-security-policy"].startswith("default-src 'none'")
    assert "sandbox" in mail.headers["content-security-policy"]


@pytest.mark.parametrize("header", ["x_forwarded_for", "forwarded", "x_real_ip", "via"])
def test_the_outbox_is_not_for_those_behind_a_proxy(site: Site, header: str) -> None:
    assert site.get("/outbox", **{header: "127.0.0.1"}).status == 404


def test_the_outbox_is_not_for_a_name_that_leads_here(site: Site) -> None:
    assert site.get("/outbox", host="rebound.example").status == 404
    assert site.get("/outbox", host="localhost:8000").status == 200


@pytest.mark.parametrize(
    ("client", "status"), [("127.0.0.1", 200), ("::1", 200), ("203.0.113.9", 404), ("10.0.0.2", 404)]
)
def test_the_outbox_is_only_for_this_machine(site: Site, client: str, status: int) -> None:
    assert web_server.status_for(site.app, "/outbox", client=client) == status


# Unsubscribing


def test_looking_at_the_unsubscribe_link_changes_nothing(site: Site) -> None:
    shown = site.get(f"/unsubscribe/{site.token()}")
    site.visitor.ask("HEAD", f"/unsubscribe/{site.token()}")

    assert shown.status == 200
    assert "Founders Weekly" in shown.text
    assert '<form method="post">' in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert not site.is_suppressed()


def test_a_forged_token_leads_nowhere(site: Site) -> None:
    token = site.token()
    for forged in (token[:-1] + ("A" if token[-1] != "A" else "B"), token.swapcase(), "x", f"{token}x"):
        for method in ("GET", "POST"):
            reply = site.visitor.ask(method, f"/unsubscribe/{forged}", b"" if method == "POST" else None)
            assert reply.status == 404
            assert "That link does not work" in reply.text
    assert not site.is_suppressed()


MULTIPART = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (MULTIPART, "multipart/form-data; boundary=b"),
        (b"", "text/plain"),
    ],
    ids=["urlencoded", "multipart", "bare"],
)
def test_one_click_leaves_the_list_at_once_without_redirect(
    site: Site, tmp_path: Path, body: bytes, content_type: str
) -> None:
    shutil.copytree(site.folder, tmp_path / "demo")
    settings = replay.settings(tmp_path / "demo", base_url="http://127.0.0.1:8000")
    target = f"/unsubscribe/{site.token()}"
    with running(settings) as (bot, visitor):
        first = visitor.ask("POST", target, body, content_type=content_type)
        again = visitor.ask("POST", target, body, content_type=content_type)

        assert (first.status, again.status) == (200, 200)
        assert "You are unsubscribed" in first.text
        assert bot.store.is_suppressed("ada@readers.example", list_id="founders-weekly")
        assert not bot.store.is_suppressed("ada@readers.example", list_id="zh-weekly")


# Health


def test_health_says_alive_and_ready(site: Site) -> None:
    for target in ("/healthz", "/readyz"):
        reply = site.get(target)
        assert (reply.status, reply.text) == (200, '{"status":"ok"}')
        assert reply.headers["cache-control"] == "no-store"


def test_a_broken_database_is_503_but_alive(tmp_path: Path) -> None:
    (tmp_path / "recap.db").write_bytes(b"this is no database, and long enough to look like one " * 100)
    settings = replay.settings(tmp_path, base_url="http://127.0.0.1:8000")
    targets = ("/healthz", "/readyz", "/", CORVID, "/w/2026-W47")
    with running(settings) as (_, visitor):
        replies = {target: visitor.get(target) for target in targets}

    assert {target: reply.status for target, reply in replies.items()} == {
        "/healthz": 200, "/readyz": 503, "/": 503, CORVID: 503, "/w/2026-W47": 503,
    }  # fmt: skip
    assert "Please try again in a minute." in replies["/"].text
    assert "default-src 'none'" in replies["/"].headers["content-security-policy"]


def test_an_empty_database_has_a_page(tmp_path: Path) -> None:
    settings = replay.settings(tmp_path, base_url="http://127.0.0.1:8000")
    with running(settings) as (bot, visitor):
        bot.store.upgrade()
        reply = visitor.get("/")

    assert reply.status == 200
    assert "No recap was built yet" in reply.text


# A browser


@pytest.fixture(scope="module")
def browser_page(site: Site) -> Iterator[BrowserPage]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        try:
            yield browser.new_page(locale="en", viewport={"width": 360, "height": 800})
        finally:
            browser.close()


def test_a_visitor_reads_from_home_to_the_quotes_without_error_or_foreign_request(
    site: Site, browser_page: BrowserPage
) -> None:
    page, troubles, asked = browser_page, [], []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    page.goto(site.visitor.url)
    page.get_by_role("link", name="← 2026-W47").click()
    page.get_by_role("link", name="Halcyon Labs releases Corvid-7").click()
    quote = page.locator("#source-1 blockquote")
    assert not quote.is_visible()
    page.get_by_text("Sources (").click()

    assert quote.is_visible()
    assert page.url.endswith(CORVID)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    for target in ("/outbox", "/search?q=script", "/sources"):
        page.goto(site.visitor.url + target)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.wait_for_load_state("networkidle")
    assert troubles == []
    assert [url for url in asked if not url.startswith(site.visitor.url)] == []
