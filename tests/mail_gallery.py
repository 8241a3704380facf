"""
One mail of each kind: what a linter, a spam filter and a reviewer's eyes look at.

`python -m tests.mail_gallery FOLDER` plays the demo and writes each as a mail, as HTML and as text there;
`--pictures` adds a picture of each at 360 and 640 pixels, light and dark.
"""

import argparse
import tempfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bot.compose import digest as digests
from bot.compose import notice as notices
from bot.deliver import mime
from bot.deliver import notices as letters
from bot.deliver.mime import Links
from bot.model.digest import Digest
from bot.model.route import Destination, Medium
from bot.model.subscriber import DENSITIES, NOTICE_URL, NoticeKind
from bot.wiring import Bot
from tests import golden
from tests.builders import NOW
from tests.builders_cards import ARABIC, CHINESE, LIST, SITE, a_recap, a_renderer, a_route, a_worst_card
from tests.delivery_builders import a_mail_delivery, a_reader
from tests.fakes.command import Operator

Mails = Iterator[tuple[str, EmailMessage]]
"""Each with the name of its kind."""

WEEKS = ("2026-W46", golden.WEEK, "2026-W48")
WORST = {"chinese": ("zh", CHINESE[:300]), "arabic": ("ar", ARABIC[:300])}
CHROMIUM = "/usr/bin/chromium"
_WIDTHS = (360, 640)
_TOKEN = "t" * 90
_LINKS = Links(*(f"{SITE.base_url}/{page}/{_TOKEN}" for page in ("unsubscribe", "preferences", "feedback")))
_TO_LIST = [Destination(medium=Medium.EMAIL, id=LIST.id)]


def mails(bot: Bot) -> Mails:
    """Yield the mails of the sample weeks in each density, every notice, and the worst that feeds can do."""
    for week in WEEKS:
        for digest in bot.store.load_digests(week):
            if digest.email is not None:
                yield from (_sample(bot, digest, density) for density in DENSITIES)
    yield from (_notice(kind, language) for kind in NoticeKind for language in ("en", "zh"))
    yield from (_worst(name) for name in WORST)


def _sample(bot: Bot, digest: Digest, density: str) -> tuple[str, EmailMessage]:
    route = next(route for route in bot.desk.load_routes() if route.id == digest.route_id)
    again = digests.rerender(
        digest.model_copy(update={"density": density}),
        route.model_copy(update={"destinations": _TO_LIST}),
        renderer=bot.desk.renderer,
        policy=bot.desk.card,
        list_policy=LIST,
        now=digest.built_at,
    )
    return f"{digest.recap_id}-{digest.route_id}-{density}", _addressed(again)


def _worst(name: str) -> tuple[str, EmailMessage]:
    language, title = WORST[name]
    card = a_worst_card(title).model_copy(update={"language": language})
    worst = digests.for_route(
        a_recap(),
        a_route(destinations=_TO_LIST, language=language, min_events=0),
        [card.model_copy(update={"event_id": f"e{number}"}) for number in range(50)],
        renderer=a_renderer(),
        policy=SITE,
        list_policy=LIST,
        now=NOW,
    )
    return f"worst-{name}", _addressed(worst)


def _addressed(digest: Digest) -> EmailMessage:
    return mime.build(
        digest,
        a_mail_delivery(id=digest.key, since=NOW),
        mailing_list=LIST,
        sender=LIST.sender,
        base_url=SITE.base_url,
        links=_LINKS,
        sent_at=NOW,
    )


def _notice(kind: NoticeKind, language: str) -> tuple[str, EmailMessage]:
    person, _ = a_reader("mira@reader.example")
    made = notices.made(
        kind, person, mailing_list=LIST, language=language, site=SITE, renderer=a_renderer(), valid_hours=48, now=NOW
    )
    link = f"{SITE.base_url}/{kind}/{_TOKEN}"
    filled = {part: getattr(made, part).replace(NOTICE_URL, link) for part in ("html", "text")}
    addressed = letters.printed(
        made.model_copy(update=filled),
        letters.delivery_of(made, sender="smtp", workspace=""),
        sender=LIST.sender,
        dkim=None,
    )
    return f"{kind}-{language}", message_from_bytes(addressed.wire, EmailMessage, policy=policy.SMTP)


def content(mail: EmailMessage, kind: str) -> str:
    """Return the part of *mail* that is `html` or `plain`."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def write(made: Mails, folder: Path) -> list[Path]:
    """Write each of *made* in its three forms; return the paths of the HTML."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = []
    for name, mail in made:
        (folder / f"{name}.eml").write_bytes(mail.as_bytes())
        (folder / f"{name}.txt").write_text(content(mail, "plain"), encoding="utf-8")
        pages.append(folder / f"{name}.html")
        pages[-1].write_text(content(mail, "html"), encoding="utf-8")
    return pages


def picture(browser: Browser, page: Path, *, width: int, is_dark: bool) -> None:
    """Take a picture of all of *page*, beside it."""
    context = browser.new_context(
        viewport={"width": width, "height": 640}, color_scheme="dark" if is_dark else "light", java_script_enabled=False
    )
    shown = context.new_page()
    shown.goto(page.as_uri())
    name = f"{page.stem}-{width}-{'dark' if is_dark else 'light'}.png"
    shown.screenshot(path=page.with_name(name), full_page=True)
    context.close()


def main() -> None:
    """Write the gallery."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        Operator(Path(home), {}).recap("demo")
        with golden.opened(Path(home)) as bot:
            pages = write(mails(bot), asked.folder)
    if asked.pictures:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for page in pages:
                for width in _WIDTHS:
                    for is_dark in (False, True):
                        picture(browser, page.absolute(), width=width, is_dark=is_dark)


if __name__ == "__main__":
    main()
