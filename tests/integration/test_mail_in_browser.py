"""Mails as a telephone shows them: nothing beyond its edge, all to be read, and all to be hit with a thumb."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as BrowserPage

from bot.model.digest import EmailMessage
from tests import mail_gallery
from tests.builders_cards import ARABIC, CHINESE, HOSTILE, a_full_card
from tests.unit.compose.test_email_densities import mail_of

MAILS: dict[str, Callable[[], EmailMessage]] = {
    "full": lambda: mail_of(a_full_card(), a_full_card(HOSTILE * 3)),
    "chinese": lambda: mail_of(a_full_card(CHINESE[:300], publisher=CHINESE[:300]), language="zh"),
    "one-line": lambda: mail_of(
        a_full_card("Short"), a_full_card(ARABIC[:300], publisher="x" * 300), density="one-line"
    ),
}
NARROWEST_PX = 44
"""Of what a thumb hits. Source: https://www.w3.org/WAI/WCAG22/Understanding/target-size-enhanced.html"""
TARGETS = "h1 a, h2 a, li > a, .t, .b, .v a"
"""What is there to be hit; links within sentences and beside quotes are not."""
CONTRASTS = """() => {
  const light = (color) => {
    const [r, g, b] = color.match(/[0-9.]+/g).map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    const color = getComputedStyle(node).backgroundColor;
    return color === "rgba(0, 0, 0, 0)" && node.parentElement ? ground(node.parentElement) : color;
  };
  const found = {};
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !node.checkVisibility()) continue;
    const [a, b] = [light(getComputedStyle(node).color), light(ground(node))].sort((x, y) => y - x);
    found[node.outerHTML.slice(0, 60)] = (a + 0.05) / (b + 0.05);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=mail_gallery.CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(params=MAILS)
def telephone(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[BrowserPage]:
    page = browser.new_page(viewport={"width": 360, "height": 640})
    (tmp_path / "mail.html").write_text(MAILS[request.param]().html, encoding="utf-8")
    page.goto((tmp_path / "mail.html").as_uri())
    yield page
    page.close()


def test_nothing_stands_beyond_a_telephones_edge(telephone: BrowserPage) -> None:
    assert telephone.evaluate("document.documentElement.scrollWidth") == 360


def test_links_are_large_enough_for_a_thumb(telephone: BrowserPage) -> None:
    links = telephone.locator(TARGETS).all()

    boxes = {link.inner_text()[:40]: box for link in links if (box := link.bounding_box())}
    assert len(boxes) >= 3
    assert {text: box for text, box in boxes.items() if min(box["width"], box["height"]) < NARROWEST_PX} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_by_day_and_by_night(telephone: BrowserPage, scheme: str) -> None:
    telephone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two that it knows

    contrasts: dict[str, float] = telephone.evaluate(CONTRASTS)

    assert len(contrasts) >= 10
    assert {where: ratio for where, ratio in contrasts.items() if ratio < 4.5} == {}
