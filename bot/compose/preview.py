"""Slack messages and mails as their readers would see them, for the outbox."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.compose import mrkdwn
from bot.model.digest import SlackMessage
from bot.model.values import Json


@dataclass(frozen=True, slots=True)
class SlackThread:
    """A digest in a channel: its message and the replies to it."""

    channel: str
    route: str
    messages: Sequence[SlackMessage]
    """The parent first."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one recipient."""

    recipient: str
    route: str
    subject: str
    html: str = ""
    """Shown in a sandbox where *url* is empty."""
    text: str = ""
    url: str = ""
    """Where the mail's HTML can be had."""


@dataclass(slots=True)
class OutboxWeek:
    """What one week's recap brought to its readers."""

    week: str
    threads: list[SlackThread] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)


_ANGLED = re.compile(r"<([^<>]*)>")
_KEPT = re.compile("\ue000(\\d+)\ue001")
_FORMATS = (
    (re.compile(r"(?<![\w`])`([^`\n]+)`(?![\w`])"), "code"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), "strong"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), "em"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"), "s"),
)


def slack_html(message: SlackMessage) -> str:
    """Return the blocks of *message* as safe HTML that looks as in Slack; kinds we never send are named."""
    return "\n".join(_block(block) for block in message.blocks)


def mrkdwn_html(text: str) -> str:
    """Return mrkdwn *text* as safe HTML: links, bold, italic, struck, code, line breaks."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(_angled(found[1]))
        return f"\ue000{len(kept) - 1}\ue001"

    bare = _ANGLED.sub(keep, text.replace("\ue000", "").replace("\ue001", ""))
    safe = html.escape(_unescaped(bare), quote=True)
    for pattern, tag in _FORMATS:
        safe = pattern.sub(rf"<{tag}>\1</{tag}>", safe)
    return _KEPT.sub(lambda found: kept[int(found[1])], safe).replace("\n", "<br>\n")


def _block(block: Json) -> str:
    kind = block.get("type")
    if kind == "header":
        return f'<p class="slack-header">{_text(block.get("text"))}</p>'
    if kind == "divider":
        return '<hr class="slack-divider">'
    if kind == "section":
        return f'<div class="slack-section"><div>{_text(block.get("text"))}</div>{_menu(block.get("accessory"))}</div>'
    if kind == "actions":
        elements = block.get("elements")
        return (
            f'<div class="slack-actions">{"".join(map(_button, elements if isinstance(elements, list) else []))}</div>'
        )
    if kind == "context":
        elements = block.get("elements")
        inner = " ".join(_text(element) for element in elements) if isinstance(elements, list) else ""
        return f'<div class="slack-context">{inner}</div>'
    return f'<p class="slack-context">({html.escape(str(kind))})</p>'


def _menu(accessory: object) -> str:
    """Return what stands beside a section: a button, or a menu folded open by its three dots."""
    if not isinstance(accessory, dict) or accessory.get("type") != "overflow":
        return _button(accessory)
    options = accessory.get("options")
    shown = "".join(f"<li>{_label(each)}</li>" for each in (options if isinstance(options, list) else []))
    return f'<details class="slack-menu"><summary aria-label="⋯">⋯</summary><ul>{shown}</ul></details>'


def _button(element: object) -> str:
    shown = _label(element)
    return f'<span class="slack-button">{shown}</span>' if shown else ""


def _label(element: object) -> str:
    return _text(element.get("text")) if isinstance(element, dict) else ""


def _text(element: object) -> str:
    if not isinstance(element, dict):
        return ""
    text = str(element.get("text", ""))
    return mrkdwn_html(text) if element.get("type") == "mrkdwn" else html.escape(text, quote=True)


def _angled(inside: str) -> str:
    address, _, label = inside.partition("|")
    if address.startswith(("!", "@", "#")):
        return f"<mark>{html.escape(_unescaped(label or address), quote=True)}</mark>"
    target = mrkdwn.href(_unescaped(address))
    shown = html.escape(_unescaped(label or address), quote=True)
    return f'<a href="{html.escape(target, quote=True)}" rel="noreferrer">{shown}</a>' if target else shown


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
