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
}
_ELEMENT_FIELDS = {
    "button": {"text", "action_id", "url", "value", "style", "confirm", "accessibility_label"},
    "image": {"image_url", "alt_text"},
    "overflow": {"action_id", "options", "confirm"},
    "static_select": {"action_id", "options", "placeholder", "initial_option", "confirm"},
}
_LIMITS = {"url": 3000, "value": 2000, "action_id": 255, "accessibility_label": 75, "image_url": 3000, "alt_text": 2000}
_MAX_CHARS = 13_200


def faults(blocks: JsonValue, *, most: int = 50) -> list[str]:
    """Return what Slack would refuse, each with its place; empty where it would take *blocks*."""
    if not isinstance(blocks, list):
        return ["blocks: must be an array"]
    found = [f"blocks: more than {most}"] if len(blocks) > most else []
    ids = [block.get("block_id") for block in blocks if isinstance(block, dict) and "block_id" in block]
    if len(ids) != len(set(map(str, ids))):
        found.append("blocks: a block_id comes twice")
    for index, block in enumerate(blocks):
        found += [f"/blocks/{index}{fault}" for fault in _block_faults(block)]
    if sum(map(_chars, blocks)) > _MAX_CHARS:
        found.append("msg_blocks_too_long")
    return found


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
    elif kind == "image":
        yield from (place + fault for fault in _missing(element, "image_url", "alt_text"))
    else:
        yield from _options(element, place, most=5 if kind == "overflow" else 100)


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
