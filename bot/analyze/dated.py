"""Whether the dates of a sentence are those of its quotes, whatever the format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.analyze import cues, dates, moments


@dataclass(frozen=True, slots=True)
class Stated:
    """A text, and when its article was published: what dates without a year hang on."""

    text: str
    published_at: datetime | None


def fault(claim: Stated, quotes: Sequence[Stated]) -> str | None:
    """Return why a date of *claim* is not in *quotes*, or null where all are; a coarser one of the same time is."""
    known = {day for quote in quotes for day in days(quote)}
    for mention in _mentions(claim):
        if not any(_holds(day, mention.value) for day in known):
            return f"date {claim.text[mention.start : mention.end].strip()} is not in the quotes"
    said = {found.word for quote in quotes for found in moments.find(quote.text)}
    for found in moments.find(claim.text):
        if found.word not in said and not _is_among(found, known, claim.published_at):
            return f"date {claim.text[found.start : found.end]} is not in the quotes"
    return None


def without(stated: Stated) -> str:
    """Return the text with its dates and weekdays blanked, so that places stay."""
    text = stated.text
    spans = [(found.start, found.end) for found in _mentions(stated)]
    spans += [(found.start, found.end) for found in moments.find(stated.text)]
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def days(stated: Stated) -> set[str]:
    """Return the dates that the text states; those of "yesterday" and "last year" from when it was published."""
    found = {mention.value for mention in (*_mentions(stated), *_nearest(stated))}
    if stated.published_at:
        for moment in moments.find(stated.text):
            found |= moments.resolve(moment, stated.published_at.date())
    return found


def _mentions(stated: Stated) -> list[dates.Mention]:
    return dates.find(stated.text, stated.published_at, is_ahead=cues.dates_ahead(stated.text))


def _nearest(stated: Stated) -> list[dates.Mention]:
    """Return the dates within half a year of the publication, with those without a year both before and after it."""
    if stated.published_at is None:
        return []
    first, last = ((stated.published_at + timedelta(days=days)).date().isoformat() for days in (-183, 183))
    ways = [dates.find(stated.text, stated.published_at, is_ahead=is_ahead) for is_ahead in (False, True)]
    return [mention for found in ways for mention in found if first <= mention.value <= last]


def _holds(day: str, value: str) -> bool:
    """Return whether *day* (`2025-03-05`) lies in *value*, which may be coarser (`2025-03`)."""
    return day == value or day.startswith(f"{value}-")


def _is_among(found: moments.Moment, known: Iterable[str], published_at: datetime | None) -> bool:
    known = list(known)
    whole = [date.fromisoformat(day) for day in known if len(day) == len("2025-03-05")]
    if any(found.word == f"weekday-{day.weekday()}" for day in whole):
        return True
    meant = moments.resolve(found, published_at.date()) if published_at else set()
    return any(_holds(day, value) for day in known for value in meant)
