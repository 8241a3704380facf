"""Slack's blocks and views drawn as HTML, about as Slack draws them; nothing in them can be more than text."""

import html
import re
from collections.abc import Callable, Mapping, Sequence

from bot.compose import mrkdwn
from bot.model.digest import SlackMessage
from bot.model.values import Json

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
    return _blocks(message.blocks)


def view_html(view: Json) -> str:
    """Return a modal or a Home as safe HTML that looks as in Slack."""
    blocks = _blocks(_objects(view.get("blocks")))
    if view.get("type") != "modal":
        return f'<div class="slack-home">{blocks}</div>'
    ends = [_plain_button(view.get(name), kind) for name, kind in (("close", ""), ("submit", "primary"))]
    return (
        f'<div class="slack-modal"><p class="slack-modal-title"><strong>{_text(view.get("title"))}</strong>'
        f'<span aria-hidden="true">✕</span></p><div class="slack-modal-body">{blocks}</div>'
        f'<div class="slack-modal-ends">{"".join(ends)}</div></div>'
    )


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


def _blocks(blocks: Sequence[Json]) -> str:
    return "\n".join(_BLOCKS.get(str(block.get("type")), _unknown)(block) for block in blocks)


def _header(block: Json) -> str:
    return f'<p class="slack-header">{_text(block.get("text"))}</p>'


def _divider(_: Json) -> str:
    return '<hr class="slack-divider">'


def _section(block: Json) -> str:
    fields = "".join(f"<div>{_text(each)}</div>" for each in _objects(block.get("fields")))
    more = f'<div class="slack-fields">{fields}</div>' if fields else ""
    accessory = _element(block.get("accessory"))
    return f'<div class="slack-section"><div>{_text(block.get("text"))}{more}</div>{accessory}</div>'


def _actions(block: Json) -> str:
    return f'<div class="slack-actions">{"".join(map(_element, _objects(block.get("elements"))))}</div>'


def _context(block: Json) -> str:
    return f'<div class="slack-context">{" ".join(map(_text, _objects(block.get("elements"))))}</div>'


def _input(block: Json) -> str:
    optional = " slack-may-be-empty" if block.get("optional") else ""
    hint = f'<p class="slack-hint">{_text(block.get("hint"))}</p>' if block.get("hint") else ""
    label = f'<p class="slack-label{optional}">{_text(block.get("label"))}</p>'
    return f'<div class="slack-input">{label}{_element(block.get("element"))}{hint}</div>'


def _unknown(block: Json) -> str:
    return f'<p class="slack-context">({html.escape(str(block.get("type")))})</p>'


_BLOCKS: Mapping[str, Callable[[Json], str]] = {
    "header": _header,
    "divider": _divider,
    "section": _section,
    "actions": _actions,
    "context": _context,
    "input": _input,
}


def _element(element: object) -> str:
    """Return what can be clicked or filled in; a menu and what asks once more before it acts fold open."""
    if not isinstance(element, dict):
        return ""
    return _ELEMENTS.get(str(element.get("type")), _unknown)(element)


def _button(element: Json) -> str:
    confirm = element.get("confirm")
    if not isinstance(confirm, dict):
        return _plain_button(element.get("text"), str(element.get("style", "")))
    kinds = (("deny", ""), ("confirm", str(confirm.get("style", "primary"))))
    ends = [_plain_button(confirm.get(name), kind) for name, kind in kinds]
    asked = f"<p><strong>{_text(confirm.get('title'))}</strong></p><p>{_text(confirm.get('text'))}</p>"
    shown = _text(element.get("text"))
    kind = _kind(str(element.get("style", "")))
    return (
        f'<details class="slack-menu slack-confirm"><summary class="slack-button{kind}">{shown}</summary>'
        f"<div>{asked}<p>{''.join(ends)}</p></div></details>"
    )


def _plain_button(text: object, style: str) -> str:
    return f'<span class="slack-button{_kind(style)}">{_text(text)}</span>' if text else ""


def _kind(style: str) -> str:
    return f" slack-{style}" if style in ("primary", "danger") else ""


def _overflow(element: Json) -> str:
    shown = "".join(f"<li>{_text(each.get('text'))}</li>" for each in _objects(element.get("options")))
    return f'<details class="slack-menu"><summary aria-label="⋯">⋯</summary><ul>{shown}</ul></details>'


def _select(element: Json) -> str:
    chosen = [_text(each.get("text")) for each in _chosen(element)]
    if element.get("type") == "multi_static_select":
        chosen = [f'<span class="slack-chip">{each}</span>' for each in chosen]
    shown = " ".join(chosen) or f'<span class="slack-optional">{_text(element.get("placeholder"))}</span>'
    return f'<span class="slack-select"><span>{shown}</span><span aria-hidden="true">⌄</span></span>'


def _choices(element: Json) -> str:
    chosen = [each.get("value") for each in _chosen(element)]
    marks = ("☑", "☐") if element.get("type") == "checkboxes" else ("◉", "○")
    shown = "".join(
        f'<li><span aria-hidden="true">{marks[each.get("value") not in chosen]}</span> {_text(each.get("text"))}</li>'
        for each in _objects(element.get("options"))
    )
    return f'<ul class="slack-choices">{shown}</ul>'


def _text_input(element: Json) -> str:
    typed = html.escape(str(element.get("initial_value", "")), quote=True)
    shown = typed or f'<span class="slack-optional">{_text(element.get("placeholder"))}</span>'
    return f'<span class="slack-text{" slack-lines" if element.get("multiline") else ""}">{shown}</span>'


_ELEMENTS: Mapping[str, Callable[[Json], str]] = {
    "button": _button,
    "overflow": _overflow,
    "static_select": _select,
    "multi_static_select": _select,
    "radio_buttons": _choices,
    "checkboxes": _choices,
    "plain_text_input": _text_input,
    "number_input": _text_input,
}


def _chosen(element: Json) -> list[Json]:
    return _objects([element.get("initial_option")]) or _objects(element.get("initial_options"))


def _objects(value: object) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


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
