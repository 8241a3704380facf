"""The shape of a model's answer, and drafts from whatever arrived of it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Literal

import pydantic_core
from pydantic import BaseModel, ConfigDict, Field, create_model

from bot.adapters.analyst.prompts import Brief
from bot.analyze.written import Draft
from bot.model.insight import ClaimPart, DraftClaim, DroppedClaim, Quote
from bot.model.values import Language

_SINGLE = (ClaimPart.HOOK, ClaimPart.WHAT_CHANGED, ClaimPart.WHY_IT_MATTERS)
_LISTED = {"takeaways": ClaimPart.TAKEAWAY, "implications": ClaimPart.IMPLICATION, "timeline": ClaimPart.TIMELINE}
_MAX_LINES = 24
"""Of a list, whatever the model sends."""
_MAX_QUOTES = 3
_MAX_QUOTE = 1_000


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore")


@lru_cache(maxsize=32)
def shape(ids: tuple[str, ...]) -> type[BaseModel]:
    """Return the type of an answer about articles with these short *ids*: no other can be cited."""
    known: Any = Literal[ids]  # a type made at run time, for which mypy has no name
    quote = create_model("Quote", __base__=_Shape, article=(known, ...), text=(str, ...))
    quotes: Any = (list[quote], Field(min_length=1, max_length=_MAX_QUOTES))
    line = create_model("Line", __base__=_Shape, text=(str, ...), quotes=quotes)
    prediction = create_model("Prediction", __base__=line, rationale=(str, ...))
    moment = create_model("Moment", __base__=line, date=(str, ...))
    lists: dict[str, Any] = {
        "takeaways": (list[line], ...),
        "implications": (list[prediction], ...),
        "timeline": (list[moment], ...),
    }
    single: dict[str, Any] = {part.value: (line | None, ...) for part in _SINGLE}
    return create_model("Answer", __base__=_Shape, title=(str, ...), **single, **lists)


def salvaged(text: str) -> Any:
    """Return what can be read of JSON that broke off, or stands in other words; null where there is none."""
    start, end = text.find("{"), text.rfind("}") + 1
    for piece, is_partial in ((text[start:end], False), (text[start:], True)) if start >= 0 else ():
        try:
            return pydantic_core.from_json(piece, allow_partial=is_partial)
        except ValueError:
            continue
    return None


def draft(answer: object, brief: Brief, *, language: Language) -> Draft:
    """Return the drafts in *answer* (JSON); what has not the shape of a line is passed over."""
    if not isinstance(answer, dict):
        return Draft(())
    title = answer.get("title")
    return Draft(tuple(_claims(answer, brief, language)), title=title.strip() if isinstance(title, str) else "")


def _claims(answer: dict[Any, Any], brief: Brief, language: Language) -> Iterator[DraftClaim]:
    for part in _SINGLE:
        yield from _lines([answer.get(part.value)], part, brief, language)
    for name, part in _LISTED.items():
        lines = answer.get(name)
        yield from _lines(lines[:_MAX_LINES] if isinstance(lines, list) else [], part, brief, language)


def _lines(lines: Iterable[object], part: ClaimPart, brief: Brief, language: Language) -> Iterator[DraftClaim]:
    for line in lines:
        if not isinstance(line, dict) or not _text(line.get("text")):
            continue
        yield DraftClaim(
            part=part,
            text=_text(line.get("text")),
            language=language,
            quotes=list(_quotes(line.get("quotes"), brief)),
            rationale=_text(line.get("rationale")) or None if part == ClaimPart.IMPLICATION else None,
            date=_text(line.get("date")) or None if part == ClaimPart.TIMELINE else None,
        )


def _quotes(quotes: object, brief: Brief) -> Iterator[Quote]:
    for quote in quotes[:_MAX_QUOTES] if isinstance(quotes, list) else []:
        if not isinstance(quote, dict):
            continue
        short_id, text = quote.get("article"), _text(quote.get("text"))[:_MAX_QUOTE]
        if isinstance(short_id, str) and text:
            known = brief.articles.get(short_id)
            said = brief.quoted(short_id, text) if known else text
            yield Quote(article_id=known.id if known else short_id[:40], text=said)


def _text(value: object) -> str:
    """Return a string without what cannot be stored or shown."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(char if char >= " " else " " for char in value).encode("utf-8", "ignore").decode().split())


def faults(dropped: Sequence[DroppedClaim], brief: Brief) -> list[str]:
    """Return what to tell the model about *dropped*: a line each, with its own ids of the articles."""
    return [f'{claim.part.value} "{claim.text[:120]}": {_in_its_words(claim.reason, brief)}' for claim in dropped]


def _in_its_words(reason: str, brief: Brief) -> str:
    for short_id, article in brief.articles.items():
        reason = reason.replace(article.id, short_id)
    return reason
