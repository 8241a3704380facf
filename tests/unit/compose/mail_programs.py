"""
What of a mail's HTML some mail program does not show as meant, beyond the table of caniemail.com.

tests/e2e/test_mail_programs.py looks mails up in the table; here stands what it does not know.
"""

import re
from html.parser import HTMLParser

_TAGS = {"script", "iframe", "embed", "canvas", "math", "svg", "input", "button", "details", "summary"}
"""Dropped everywhere, or alive where a mail is shown as a page."""
_STYLES = {
    r"url\(": "images in styles: asked for at another host, or not at all",
    r"\bvar\(|--[a-z]": "custom properties: Gmail, Outlook",
    r"\bcalc\(|\bclamp\(": "calculated lengths: Gmail, Outlook",
}
_VOID = {"meta", "br", "hr", "img", "col"}
_MAX_STYLE_CHARS = 8_192
"""Gmail drops a <style> beyond that. Source: https://www.caniemail.com/features/html-style/"""


class _Linter(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _TAGS:
            self.faults.append(f"<{tag}>")
        self.faults += [f"<{tag} {name}>" for name in given if name.startswith("on")]
        self.faults += _of_style(given.get("style") or "")
        if tag == "img" and "alt" not in given:
            self.faults.append("<img> without alt")
        if tag == "table" and given.get("role") != "presentation":
            self.faults.append("<table> that is read out as one")
        href = given.get("href") or ""
        if tag == "a" and not re.match(r"https?://|mailto:|%%", href):
            self.faults.append(f"link to '{href[:40]}'")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")


def faults(html: str) -> list[str]:
    """Return what of a mail's *html* some mail program would not show as meant."""
    linter = _Linter()
    # Outlook's own words in conditional comments are for it alone.
    linter.feed(re.sub(r"(?s)<!--.*?-->", "", html))
    found = list(linter.faults)
    for style in re.findall(r"(?s)<style[^>]*>(.*?)</style>", html):
        found += _of_style(style)
        if len(style) > _MAX_STYLE_CHARS:
            found.append(f"a <style> of {len(style)} characters")
    return found


def _of_style(style: str) -> list[str]:
    return [said for pattern, said in _STYLES.items() if re.search(pattern, style, re.IGNORECASE)]
