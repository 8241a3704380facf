"""What pydantic says of a document, in an operator's words and with its place."""

import re
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.model.errors import ConfigFaults, Fault
from bot.model.hints import nearest
from bot.settings.documents import Document, Where
from bot.settings.shapes import Shape

AnyShape = TypeVar("AnyShape", bound=Shape)

_WANTED = {
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "finite_number": "a finite number",
}
_LIMITS = {
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than_equal": "at most {le:g}",
}


def shaped(document: Document, shape: type[AnyShape]) -> AnyShape:
    """
    Return *document* as *shape*.

    Raises: ConfigFaults with every fault of the document.
    """
    try:
        return shape.model_validate(document.data)
    except ValidationError as exc:
        errors = exc.errors(include_url=False)
        raise ConfigFaults([_fault(error, document, shape) for error in errors]) from exc


def _fault(error: ErrorDetails, document: Document, shape: type[Shape]) -> Fault:
    loc = error["loc"]
    if loc and loc[-1] == "[key]":  # pydantic's mark for the key of a dict
        return document.fault(loc[:-1], _words(error), at_key=True)
    if error["type"] == "extra_forbidden":
        message = f"unknown key '{loc[-1]}'{nearest(str(loc[-1]), _keys(shape, loc[:-1]))}"
        return document.fault(loc, message, at_key=True)
    if error["type"] == "missing":
        return document.fault(loc[:-1], f"'{loc[-1]}' is missing; add it")
    return document.fault(loc, _named(loc, _words(error)))


def _named(loc: Where, words: str) -> str:
    """Put the subject before words that begin with their verb; the others name the value themselves."""
    if not words.startswith(("is ", "must ", "holds ")):
        return words
    keys = [part for part in loc if isinstance(part, str)]
    subject = f"'{keys[-1]}'" if keys else "the file"
    return f"entry {loc[-1] + 1} of {subject} {words}" if loc and isinstance(loc[-1], int) else f"{subject} {words}"


def _words(error: ErrorDetails) -> str:
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind in _WANTED:
        return _mistyped(_WANTED[kind], given, error["loc"])
    if kind in _LIMITS:
        return f"is {given}, but must be {_LIMITS[kind].format(**context)}"
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        return f"'{given}' is not known{nearest(str(given), choices)}"
    if kind == "too_short":
        return "is empty; it needs at least one"
    return error["msg"]


def _mistyped(wanted: str, given: object, loc: Where) -> str:
    if given is None and loc and loc[-1] == "slack":
        return 'is empty, since # starts a comment; put the channel in quotes: "#channel"'
    if given is None:
        return "is empty; give it a value or take it out"
    hint = f'; put it in quotes: "{given}"' if wanted == "text" and isinstance(given, int | float) else ""
    return f"must be {wanted}, not {_kind_of(given)}{hint}"


def _kind_of(given: object) -> str:
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, int | float):
        return f"the number {given}"
    return "a mapping" if isinstance(given, dict) else "a list" if isinstance(given, list) else "text"


def _keys(shape: type[BaseModel], loc: Where) -> list[str]:
    """Return the keys that a mapping at *loc* may have."""
    found = shape
    for part in loc:
        if isinstance(part, str):
            fields = {field.alias or name: field for name, field in found.model_fields.items()}
            found = (_shape_in(fields[part].annotation) if part in fields else None) or found
    return [field.alias or name for name, field in found.model_fields.items()]


def _shape_in(annotation: Any) -> type[BaseModel] | None:  # Any: a type form
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((shape for part in get_args(annotation) if (shape := _shape_in(part))), None)
