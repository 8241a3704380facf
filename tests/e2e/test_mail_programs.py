"""The mails of the sample weeks as Gmail, Outlook and Apple Mail show them, by the table of caniemail.com."""

import json
import subprocess
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests import golden, mail_gallery
from tests.e2e.conftest import Demo
from tests.fakes.command import ROOT

pytestmark = pytest.mark.npm

LINTER = ROOT / "tests" / "caniemail"

REVIEWED = {
    ("gmail.mobile-webmail", "no <style> there: sizes and colors are the program's own, the marks stand inline"): (
        "<style> element",
        "@media",
        "Chaining selectors",
        "Class selector",
        "Descendant combinator",
        "ID selector",
        "Type selector",
    ),
    ("outlook.*", "one column, so MJML's rule for wide screens and its rule for Thunderbird change nothing"): (
        "@media",
        "Chaining selectors",
    ),
    ("*", "says that we bring dark colors; where it is unknown the program darkens by itself or stays light"): (
        "color-scheme CSS property",
        "color-scheme meta tag",
    ),
    ("*", "the preheader is hidden in several ways at once, and each program knows one of them"): (
        "display:none",
        "max-height property",
        "overflow",
    ),
    ("outlook.*", "MJML sets them to what Outlook does anyway"): ("outline", "word-spacing"),
    ("outlook.windows-mail", "a retired program: long words widen the mail, and screen readers hear its tables"): (
        "aria-label attribute",
        "role attribute",
        "word-break",
    ),
    ("outlook.macos", "the background stands on the first <div> as well"): ("<body> element",),
    ("*", "MJML's button opens a window and shows an arrow, which is what programs do by themselves"): (
        "cursor",
        "target attribute",
    ),
    ("outlook.windows*", "buttons with square corners"): ("border-radius",),
}


def unsupported(pages: Iterable[Path]) -> set[tuple[str, str]]:
    """Return each feature of *pages* that a program does not know, with the program."""
    assert (LINTER / "node_modules").is_dir(), "`make mail-lint` fetches the table of caniemail.com first"
    linted = subprocess.run(
        ["node", str(LINTER / "lint.mjs"), *map(str, pages)], capture_output=True, text=True, check=True, timeout=120
    )
    return {(feature, program) for feature, program, _ in json.loads(linted.stdout)}


def is_reviewed(feature: str, program: str) -> bool:
    return any(feature in features and fnmatch(program, asked) for (asked, _), features in REVIEWED.items())


@pytest.fixture(scope="module")
def found(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    with golden.opened(demo.home) as bot:
        return unsupported(mail_gallery.write(mail_gallery.mails(bot), tmp_path_factory.mktemp("mails")))


def test_gmail_outlook_and_apple_mail_know_all_that_our_mails_rely_on(found: set[tuple[str, str]]) -> None:
    assert sorted(fault for fault in found if not is_reviewed(*fault)) == []


def test_every_reviewed_exception_is_still_one(found: set[tuple[str, str]]) -> None:
    asked = {(feature, program) for (program, _), features in REVIEWED.items() for feature in features}

    assert {(f, p) for f, p in asked if not any(f == fault and fnmatch(by, p) for fault, by in found)} == set()


def test_linter_sees_what_a_program_does_not_know(tmp_path: Path) -> None:
    (page := tmp_path / "flex.html").write_text('<p style="display:flex">x</p>')

    assert ("display:flex", "outlook.windows") in unsupported([page])
