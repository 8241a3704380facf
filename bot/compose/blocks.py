"""Slack's blocks, and the limits that every message and modal of ours keeps."""

from collections.abc import Sequence

from bot.compose.words import shorten
from bot.model.values import Json

MAX_BLOCKS = 45
MAX_MESSAGE_CHARS = 10_000
"""Ours, both: DESIGN.md section 6. Slack's are 50 and about 13,000. Source: CONVENTIONS S1, S13."""
MAX_TEXT_CHARS = 3000
"""Source: CONVENTIONS S3, S7."""
MAX_HEADER_CHARS = 150
"""Source: CONVENTIONS S2."""
MAX_LABEL_CHARS = 75
"""Of a button or an option. Source: CONVENTIONS S5, S10."""
MAX_CONFIRM_CHARS = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
"""Of what asks once more. Source: CONVENTIONS S10."""


def header(text: str) -> Json:
    """Return a heading of *text*, shortened to what Slack takes."""
    shown = shorten(text, MAX_HEADER_CHARS)
    return {"type": "header", "text": {"type": "plain_text", "text": shown, "emoji": False}}


def block(kind: str, text: str) -> list[Json]:
    """Return a block of *text* (`section` or `context`); none where there is no text, for Slack refuses empty ones."""
    if not text:
        return []
    element: Json = {"type": "mrkdwn", "text": text, "verbatim": True}
    if kind == "context":
        return [{"type": "context", "elements": [element]}]
    return [{"type": "section", "text": element}]


def plain(text: str, *, max_chars: int = MAX_LABEL_CHARS) -> Json:
    """Return a plain text object, shortened; plain text is never escaped. Source: CONVENTIONS S22."""
    return {"type": "plain_text", "text": shorten(text, max_chars), "emoji": True}


def button(text: str, *, action: str, value: str, style: str = "") -> Json:
    """Return a button whose click brings us *action* and *value*; *style* is `primary`, `danger` or nothing."""
    shown: Json = {"type": "button", "text": plain(text), "action_id": action, "value": value}
    return shown | {"style": style} if style else shown


def asking(shown: Json, **words: str) -> Json:
    """Return the button *shown* so that it asks once more: *words* are its title, text, confirm and deny."""
    asked: Json = {name: plain(words[name], max_chars=most) for name, most in MAX_CONFIRM_CHARS.items()}
    style: Json = {"style": shown["style"]} if "style" in shown else {}
    return shown | {"confirm": asked | style}


def row(buttons: Sequence[Json]) -> list[Json]:
    """Return a row of *buttons*; nothing where there are none."""
    return [{"type": "actions", "elements": [*buttons]}] if buttons else []


def with_menu(blocks: Sequence[Json], options: Sequence[tuple[str, str]], *, action: str) -> list[Json]:
    """Return *blocks* with a menu beside the first, a section: *options* are up to five values with their labels."""
    menu: Json = {
        "type": "overflow",
        "action_id": action,
        "options": [{"text": plain(label), "value": value} for value, label in options],
    }
    return [{**each, "accessory": menu} if index == 0 else each for index, each in enumerate(blocks)]


def fits(blocks: Sequence[Json], *, most: int = MAX_BLOCKS, max_chars: int = MAX_MESSAGE_CHARS) -> bool:
    """Return whether *blocks* keep our limits: those of a message, unless *most* and *max_chars* say otherwise."""
    sizes = [len(text) for each in blocks for text in texts(each)]
    return len(blocks) <= most and sum(sizes) <= max_chars and max(sizes, default=0) <= MAX_TEXT_CHARS


def texts(block: Json) -> list[str]:
    """Return the texts of *block*, as Slack counts them: those of its buttons and menus are among them."""
    held = [block.get("text"), *_list(block.get("elements")), *_list(block.get("fields")), block.get("accessory")]
    return [text for item in held for text in _told(item)]


def _told(item: object) -> list[str]:
    """Return the text of a text object, or the labels of a button or a menu."""
    if not isinstance(item, dict):
        return []
    if (text := item.get("text")) and isinstance(text, str):
        return [text]
    return [said for inner in (text, *_list(item.get("options"))) for said in _told(inner)]


def stripped(text: str) -> str:
    """Return rendered *text* without the space that its template needed to be read."""
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
