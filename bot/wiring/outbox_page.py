"""The page that shows the outbox, or an edition before it is sent, as readers would see it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from bot.adapters.outbox import OutboxItem, OutboxSender
from bot.compose.preview import Mail, OutboxWeek, Scene, SlackThread
from bot.model.route import Route
from bot.workflows import (
    show_outbox,
)
from bot.workflows.pool import Desk


def weeks(outbox: OutboxSender, *, routes: Sequence[Route], mail_url: Callable[[str], str]) -> list[OutboxWeek]:
    """Return what is in *outbox*, newest week first, in the order of *routes*."""
    place = {route.id: number for number, route in enumerate(routes)}
    items = sorted(outbox.messages(), key=lambda item: place.get(item.route, len(place)))
    return show_outbox.by_week((item.week, _shown(item, mail_url)) for item in items)


def write(folder: Path, weeks: Sequence[OutboxWeek], *, desk: Desk, now: datetime) -> Path:
    """Write the page of *weeks* below *folder*, whole in one file; return it."""
    language = desk.recap.languages[0]
    html = desk.renderer.render(
        "web/outbox.html.j2", language=language, now=now, site=desk.card, standalone=True, weeks=weeks
    )
    folder.mkdir(parents=True, exist_ok=True)
    index = folder / "index.html"
    index.write_text(html, encoding="utf-8")
    return index


def write_scenes(folder: Path, scenes: Sequence[Scene], *, desk: Desk, now: datetime) -> Path:
    """Write a page of all *scenes* below *folder*, and one of each by its name; return the page of all."""
    folder.mkdir(parents=True, exist_ok=True)
    language = desk.recap.languages[0]
    for name, shown in {"index": scenes, **{each.name: [each] for each in scenes}}.items():
        html = desk.renderer.render(
            "web/slack.html.j2", language=language, now=now, site=desk.card, standalone=True, scenes=shown
        )
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return folder / "index.html"


def _shown(item: OutboxItem, mail_url: Callable[[str], str]) -> SlackThread | Mail:
    if isinstance(item.payload, bytes):
        return show_outbox.mail_of(item.payload, recipient=item.recipient, route=item.route, url=mail_url(item.path))
    return show_outbox.thread_of(item.payload, channel=item.destination, route=item.route)
