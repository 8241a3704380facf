"""What Slack would say to a message's blocks: the limits of CONVENTIONS S1 to S15, and no unknown field (S12)."""

from collections.abc import Iterator, Sequence

from pydantic import JsonValue
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

_BLOCK_FIELDS = {
    "header": {"text"},
    "section": {"text", "fields", "accessory", "expand"},
    "context": {"elements"},
    "actions": {"elements"},
    "divider": set[str](),
    "image": {"image_url", "alt_text", "title"},
    "markdown": {"text"},
    "input": {"label", "element", "dispatch_action", "hint", "optional"},
}
_ELEMENT_FIELDS = {
    "button": {"text", "action_id", "url", "value", "style", "confirm", "accessibility_label"},
    "image": {"image_url", "alt_text"},
    "overflow": {"action_id", "options", "confirm"},
    "static_select": {"action_id", "options", "placeholder", "initial_option", "confirm"},
    "multi_static_select": {"action_id", "options", "placeholder", "initial_options", "max_selected_items", "confirm"},
    "radio_buttons": {"action_id", "options", "initial_option", "confirm"},
    "checkboxes": {"action_id", "options", "initial_options", "confirm"},
    "timepicker": {"action_id", "initial_time", "placeholder", "confirm", "timezone"},
    "number_input": {"action_id", "is_decimal_allowed", "initial_value", "min_value", "max_value", "placeholder"},
    "plain_text_input": {"action_id", "placeholder", "initial_value", "multiline", "min_length", "max_length"},
}
_WITHOUT_OPTIONS = ("button", "image", "timepicker", "number_input", "plain_text_input")
_MOST_OPTIONS = {"overflow": 5, "radio_buttons": 10, "checkboxes": 10}
_VIEW_FIELDS = {
    "modal": {
        "title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close", "notify_on_close",
        "external_id", "submit_disabled",
    },
    "home": {"blocks", "private_metadata", "callback_id", "external_id"},
}  # fmt: skip
_VIEW_LIMITS = {"private_metadata": 3000, "callback_id": 255, "external_id": 255}
MAX_VIEW_BLOCKS = 100
_LIMITS = {"url": 3000, "value": 2000, "action_id": 255, "accessibility_label": 75, "image_url": 3000, "alt_text": 2000}
_MAX_CHARS = 13_200


def faults(blocks: JsonValue, *, most: int = 50, max_chars: int | None = _MAX_CHARS) -> list[str]:
    """Return what Slack would refuse, each with its place; empty where it would take *blocks*."""
    if not isinstance(blocks, list):
        return ["blocks: must be an array"]
    found = [f"blocks: more than {most}"] if len(blocks) > most else []
    ids = [block.get("block_id") for block in blocks if isinstance(block, dict) and "block_id" in block]
    if len(ids) != len(set(map(str, ids))):
        found.append("blocks: a block_id comes twice")
    for index, block in enumerate(blocks):
        found += [f"/blocks/{index}{fault}" for fault in _block_faults(block)]
    if max_chars is not None and sum(map(_chars, blocks)) > max_chars:
        found.append("msg_blocks_too_long")
    return found


def view_faults(view: JsonValue, *, kind: str) -> list[str]:
    """Return what Slack would refuse of a `modal` or a `home`, each with its place (S1, S11)."""
    if not isinstance(view, dict) or view.get("type") != kind:
        return [f"view: must be a {kind}"]
    found = [*_unknown(view, _VIEW_FIELDS[kind])]
    found += [f"/{name}: over {most}" for name, most in _VIEW_LIMITS.items() if len(str(view.get(name) or "")) > most]
    for name in ("title", "submit", "close") if kind == "modal" else ():
        if name == "title" or name in view:
            found += _text(view.get(name), f"/{name}", kinds=("plain_text",), most=24)
    blocks = view.get("blocks")
    inputs = (
        [each for each in blocks if isinstance(each, dict) and each.get("type") == "input"]
        if isinstance(blocks, list)
        else []
    )
    if inputs and kind == "modal" and "submit" not in view:
        found.append("/submit: missing, and there are inputs")
    return found + faults(blocks, most=MAX_VIEW_BLOCKS, max_chars=None)


def texts(blocks: JsonValue) -> list[str]:
    """Return every text in *blocks*, in order, as a reader sees them."""
    if isinstance(blocks, list):
        return [text for each in blocks for text in texts(each)]
    if not isinstance(blocks, dict):
        return []
    own = blocks.get("text")
    return [own] if isinstance(own, str) else [text for each in blocks.values() for text in texts(each)]


def _block_faults(block: JsonValue) -> Iterator[str]:
    if not isinstance(block, dict) or block.get("type") not in _BLOCK_FIELDS:
        yield ": no block that we know"
        return
    kind = str(block["type"])
    yield from _unknown(block, _BLOCK_FIELDS[kind] | {"block_id"})
    yield from _sdk_faults(block)
    if kind == "header":
        yield from _text(block.get("text"), "/text", kinds=("plain_text",), most=150)
    elif kind == "section":
        yield from _section(block)
    elif kind in ("context", "actions"):
        yield from _elements(block, most=10 if kind == "context" else 25)
    elif kind == "image":
        yield from _lengths(block)
        yield from _missing(block, "image_url", "alt_text")
    elif kind == "input":
        yield from _text(block.get("label"), "/label", kinds=("plain_text",), most=2000)
        yield from _element(block.get("element"), "/element")
    elif kind == "markdown" and not block.get("text"):
        yield "/text: empty"


def _section(block: dict[str, JsonValue]) -> Iterator[str]:
    fields = block.get("fields") or []
    if "text" not in block and not fields:
        yield ": text or fields"
    if "text" in block:
        yield from _text(block["text"], "/text", most=3000)
    for index, field in enumerate(fields if isinstance(fields, list) else []):
        yield from _text(field, f"/fields/{index}", most=2000)
    if "accessory" in block:
        yield from _element(block["accessory"], "/accessory")


def _elements(block: dict[str, JsonValue], *, most: int) -> Iterator[str]:
    elements = block.get("elements")
    if not isinstance(elements, list) or not 1 <= len(elements) <= most:
        yield f"/elements: 1 to {most}"
        return
    actions = [each.get("action_id") for each in elements if isinstance(each, dict) and "action_id" in each]
    if len(actions) != len(set(map(str, actions))):
        yield "/elements: an action_id comes twice"
    for index, element in enumerate(elements):
        is_text = block["type"] == "context" and isinstance(element, dict) and element.get("type") != "image"
        place = f"/elements/{index}"
        yield from _text(element, place, most=3000) if is_text else _element(element, place)


def _element(element: JsonValue, place: str) -> Iterator[str]:
    if not isinstance(element, dict) or element.get("type") not in _ELEMENT_FIELDS:
        yield f"{place}: no element that we know"
        return
    kind = str(element["type"])
    yield from (place + fault for fault in _unknown(element, _ELEMENT_FIELDS[kind]))
    yield from (place + fault for fault in _lengths(element))
    if kind == "button":
        yield from _text(element.get("text"), f"{place}/text", kinds=("plain_text",), most=75)
        if element.get("style", "primary") not in ("primary", "danger"):
            yield f"{place}/style: primary or danger"
        if "confirm" in element:
            yield from _confirmation(element["confirm"], f"{place}/confirm")
    elif kind == "image":
        yield from (place + fault for fault in _missing(element, "image_url", "alt_text"))
    elif kind not in _WITHOUT_OPTIONS:
        yield from _options(element, place, most=_MOST_OPTIONS.get(kind, 100))
    if "placeholder" in element:
        yield from _text(element["placeholder"], f"{place}/placeholder", kinds=("plain_text",), most=150)


def _confirmation(asked: JsonValue, place: str) -> Iterator[str]:
    """S10."""
    if not isinstance(asked, dict):
        yield f"{place}: must be an object"
        return
    yield from (place + fault for fault in _unknown(asked, {"title", "text", "confirm", "deny", "style"}))
    for name, most in {"title": 100, "text": 300, "confirm": 30, "deny": 30}.items():
        kinds = ("plain_text", "mrkdwn") if name == "text" else ("plain_text",)
        yield from _text(asked.get(name), f"{place}/{name}", kinds=kinds, most=most)


def _options(element: dict[str, JsonValue], place: str, *, most: int) -> Iterator[str]:
    options = element.get("options")
    if not isinstance(options, list) or not 1 <= len(options) <= most:
        yield f"{place}/options: 1 to {most}"
        return
    for index, option in enumerate(options):
        here = f"{place}/options/{index}"
        if not isinstance(option, dict) or not 1 <= len(str(option.get("value", ""))) <= 150:
            yield f"{here}: value of 1 to 150"
        else:
            yield from _text(option.get("text"), f"{here}/text", most=75)


def _text(text: JsonValue, place: str, *, kinds: Sequence[str] = ("plain_text", "mrkdwn"), most: int) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds or not isinstance(text.get("text"), str):
        yield f"{place}: a text object of {' or '.join(kinds)}"
        return
    yield from (place + fault for fault in _unknown(text, {"text", "emoji", "verbatim"}))
    if not 1 <= len(str(text["text"])) <= most:
        yield f"{place}: 1 to {most} characters"


def _unknown(thing: dict[str, JsonValue], known: set[str]) -> Iterator[str]:
    yield from (f"/{name}: unknown field" for name in thing.keys() - known - {"type"})


def _missing(thing: dict[str, JsonValue], *names: str) -> Iterator[str]:
    yield from (f"/{name}: missing" for name in names if not thing.get(name))


def _lengths(thing: dict[str, JsonValue]) -> Iterator[str]:
    yield from (f"/{name}: over {most}" for name, most in _LIMITS.items() if len(str(thing.get(name) or "")) > most)


def _sdk_faults(block: dict[str, JsonValue]) -> Iterator[str]:
    try:
        parsed = Block.parse(block)
        if parsed is not None:
            parsed.validate_json()
    except (SlackObjectFormationError, TypeError) as exc:
        yield f": {exc}"


def _chars(thing: JsonValue) -> int:
    if isinstance(thing, list):
        return sum(map(_chars, thing))
    if not isinstance(thing, dict):
        return 0
    own = thing.get("text")
    return len(own) if isinstance(own, str) else sum(map(_chars, thing.values()))
