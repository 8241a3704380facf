"""The YAML files as plain data, with the place of every key and value."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from pydantic import JsonValue
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.model.errors import ConfigFaults, Fault

Where: TypeAlias = tuple[str | int, ...]
"""Path of keys and indices from the top of a file."""
Place: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""

_TYPED = {f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "null")}
"""Other plain scalars, dates among them, are text: no key of ours wants a date."""


@dataclass(slots=True)
class Document:
    """One file's data."""

    file: str
    is_own: bool = True
    """From the operator's directory rather than from the defaults."""
    data: JsonValue = None
    keys: dict[Where, Place] = field(default_factory=dict)
    values: dict[Where, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, where: Where, message: str, *, at_key: bool = False) -> Fault:
        """Return a fault at the value (or the key) at *where*, or at what holds it."""
        places = self.keys if at_key else self.values
        line, column = places.get(where) or self._nearest_place(where)
        return Fault(self.file, line, column, message)

    def rows(self, key: str) -> Iterator[tuple[Where, dict[str, JsonValue]]]:
        """Yield the mappings of the list under *key* with their paths; other things are passed over."""
        rows = self.data.get(key) if isinstance(self.data, dict) else None
        for index, row in enumerate(rows if isinstance(rows, list) else []):
            if isinstance(row, dict):
                yield (key, index), row

    def _nearest_place(self, where: Where) -> Place:
        for length in range(len(where), -1, -1):
            if where[:length] in self.values:
                return self.values[where[:length]]
        return 1, 1


def read(path: Path, *, is_own: bool = True) -> Document:
    """
    Return the data of the YAML 1.2 file at *path*.

    Raises: ConfigFaults where it cannot be read as one mapping with text for keys.
    """
    document = Document(str(path), is_own)
    node = _compose(_text_of(path), document)
    if node is None or (isinstance(node, ScalarNode) and not node.value):
        raise ConfigFaults([Fault(document.file, 1, 1, "the file is empty; `recap init` writes one to start from")])
    try:
        document.data = _plain(node, (), document)
    except RecursionError as exc:
        raise ConfigFaults([document.fault((), "nested too deeply, or an alias holds itself")]) from exc
    if document.faults:
        raise ConfigFaults(document.faults)
    return document


def _text_of(path: Path) -> str:
    file = str(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError as exc:
        raise ConfigFaults([Fault(file, 0, 0, "no such file; `recap init` writes one")]) from exc
    except IsADirectoryError as exc:
        raise ConfigFaults([Fault(file, 0, 0, "is a directory, not a file; move it away")]) from exc
    except OSError as exc:
        reason = (exc.strerror or "cannot be read").lower()
        raise ConfigFaults([Fault(file, 0, 0, f"cannot be read ({reason}); mend its permissions")]) from exc
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ConfigFaults([Fault(file, 1, 1, "is UTF-16; save it as UTF-8")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        before = content[: exc.start]
        line, column = before.count(b"\n") + 1, exc.start - before.rfind(b"\n")
        raise ConfigFaults([Fault(file, line, column, "is not UTF-8 here; save the file as UTF-8")]) from exc


def _compose(text: str, document: Document) -> Node | None:
    try:
        return YAML(typ="safe", pure=True).compose(text)  # type: ignore[no-any-return]  # ruamel types it as Any
    except MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise ConfigFaults([Fault(document.file, line, column, _problem(exc))]) from exc
    except YAMLError as exc:
        position = getattr(exc, "position", 0)
        before = text[:position]
        message = "holds a control character; take it out"
        place = (before.count("\n") + 1, position - before.rfind("\n"))
        raise ConfigFaults([Fault(document.file, *place, message)]) from exc
    except RecursionError as exc:
        raise ConfigFaults([document.fault((), "nested too deeply")]) from exc


def _problem(exc: MarkedYAMLError) -> str:
    problem = " ".join((exc.problem or str(exc)).split())
    if "'\\t'" in problem:
        return "a tab; indent with spaces"
    if "alias" in (exc.context or ""):
        return 'a bare * starts an alias in YAML; write "*" in quotes'
    if "another document" in problem:
        return "a second '---'; a file holds one document"
    if "mapping values are not allowed" in problem:
        return "a ':' out of place; indent keys of one list entry alike, and put text with ': ' in quotes"
    if "cannot start any token" in problem:
        return f"{problem}; put the text in quotes"
    return f"not YAML: {problem}"


def _plain(node: Node, where: Where, document: Document) -> JsonValue:
    document.values.setdefault(where, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, MappingNode):
        return {key: _plain(value, (*where, key), document) for key, value in _pairs(node, where, document)}
    if isinstance(node, SequenceNode):
        return [_plain(value, (*where, index), document) for index, value in enumerate(node.value)]
    return _scalar(node, where, document)


def _pairs(node: MappingNode, where: Where, document: Document) -> Iterator[tuple[str, Node]]:
    seen: dict[str, int] = {}
    for key_node, value in node.value:
        place = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        key = key_node.value if isinstance(key_node, ScalarNode) else None
        if key is None:
            document.faults.append(Fault(document.file, *place, "a key must be plain text"))
        elif key in seen:
            message = f"key '{key}' is there twice (first in line {seen[key]}); keep one"
            document.faults.append(Fault(document.file, *place, message))
        else:
            seen[key] = place[0]
            document.keys[(*where, key)] = place
            if _is_blank(value):
                document.values[(*where, key)] = place
            yield key, value


def _is_blank(node: Node) -> bool:
    """Tell a value left out: its mark lies behind the comments and lines that follow."""
    return isinstance(node, ScalarNode) and node.value == "" and node.tag == "tag:yaml.org,2002:null"


def _scalar(node: Node, where: Where, document: Document) -> JsonValue:
    if node.tag not in _TYPED:
        return str(node.value)
    try:
        value: JsonValue = YAML(typ="safe", pure=True).constructor.construct_object(node)
    except ValueError:
        document.faults.append(document.fault(where, "a number that cannot be read; put text in quotes"))
        return None
    return value
