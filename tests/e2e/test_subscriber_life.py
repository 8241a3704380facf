"""The whole life of a subscriber in a real browser: sign-up, confirmation, preferences, digest, one click to leave."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import sync_playwright

from bot import wiring
from bot.entrypoints.demo import replay
from bot.entrypoints.web.app import create_app
from bot.model.subscriber import SubscriptionState
from bot.wiring import Particulars
from bot.workflows import look_up
from tests.e2e.conftest import Demo
from tests.e2e.test_web import CHROMIUM, CHROMIUM_FLAGS
from tests.fakes import web_server
from tests.fakes.clock import HandClock
from tests.fakes.site import ANN, Relay, SignUpSite

LIST = "founders-weekly"


@pytest.fixture
def site(demo: Demo, tmp_path: Path) -> Iterator[SignUpSite]:
    shutil.copytree(demo.home / "demo", tmp_path / "demo")
    clock = HandClock(replay.NOW)
    with Relay() as relay, web_server.listening() as held:
        base_url = f"http://127.0.0.1:{held.getsockname()[1]}"
        chosen = replace(replay.settings(tmp_path / "demo", base_url=base_url), smtp_url=relay.url)
        with wiring.bot(chosen, Particulars(clock=clock)) as bot:
            app = create_app(bot)
            with web_server.serving(app, held) as visitor:
                yield SignUpSite(visitor, bot, app, relay, clock)


@pytest.fixture
def page() -> Iterator[BrowserPage]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        try:
            yield browser.new_page(locale="en", viewport={"width": 360, "height": 800})
        finally:
            browser.close()


def deliver(site: SignUpSite) -> int:
    """Send the week's recap to whom it has not reached yet; return how many mails went."""
    edition = look_up.edition("2026-W48", desk=site.bot.desk)
    site.bot.plan(edition, now=site.clock.at, at_once=True)
    return site.bot.send(now=site.clock.now, recap=edition.recap.id).sent


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part else ""


def test_reader_lives_from_the_form_to_the_last_mail(site: SignUpSite, page: BrowserPage) -> None:
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    deliver(site)  # what its members get
    before = len(site.relay.mails)

    page.goto(site.visitor.url)
    page.get_by_role("navigation").get_by_role("link", name="Subscribe").click()
    page.get_by_role("link", name="Founders Weekly").click()
    page.get_by_label("Email address").fill(ANN)
    page.get_by_label("Founders & Product Leaders").uncheck()
    page.get_by_role("button", name="Subscribe").click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    confirmation = site.relay.last_of(before + 1)
    assert deliver(site) == 0

    page.goto(site.visitor.url + site.link(confirmation))
    assert site.subscription().state is SubscriptionState.PENDING
    page.get_by_role("button", name="Yes, subscribe me").click()
    page.get_by_role("heading", name="You are subscribed").wait_for()
    page.get_by_role("link", name="Your preferences").click()
    page.get_by_label("Hour").select_option("06:00")
    page.get_by_label("Words you do not want to read about").fill("Fennick")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Your choices are kept.").wait_for()
    kept = site.subscription()
    assert (kept.state, kept.audiences, kept.hour) == (SubscriptionState.ACTIVE, ["investors"], 6)
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    assert deliver(site) == 1
    digest = site.relay.last_of(before + 2)
    assert digest["To"] == ANN
    assert "Brindlemark agents closed" in text_of(digest)
    assert "Cassowary" not in text_of(digest)

    leave = urlsplit(str(digest["List-Unsubscribe"]).split(">")[0].strip("<")).path
    body = b"List-Unsubscribe=One-Click"
    answer = site.visitor.ask("POST", leave, body, content_type="application/x-www-form-urlencoded")
    assert (answer.status, site.state()) == (200, SubscriptionState.ENDED)
    assert site.is_suppressed()
    assert deliver(site) == 0
    assert troubles == []
