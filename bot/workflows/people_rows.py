"""What a row about a person says: who, what they want, and that they agreed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import available_timezones

from bot.model.errors import NotAllowed
from bot.model.hints import nearest
from bot.model.roll import Row
from bot.model.subscriber import DENSITIES
from bot.workflows.subscribing.choices import EVERYTHING, MAX_MUTE_CHARS, MAX_MUTES, Choices, Offer

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_CONSENT_CHARS = 2000
_OTHER_NAMES = {"email": "address", "e-mail": "address", "mail": "address", "zone": "timezone", "time_zone": "timezone"}
_COLUMNS = frozenset(
    {
        "address",
        "audiences",
        "language",
        "timezone",
        "day",
        "hour",
        "density",
        "mutes",
        "consent",
        "consented_at",
        "state",
    }
)
_ONLY_WRITTEN = frozenset({"list", "consent_form", "created_at", "suppressed"})
"""Columns of our own export that say nothing to an import."""
_NO = frozenset({"no", "n", "false", "0", "none", "null", "-"})
IS_ON = frozenset({"", "active", "subscribed", "confirmed", "enabled"})


class Fate(StrEnum):
    """What became of a row."""

    ADDED = "added"
    LEFT_OUT = "left out"
    """Nothing is wrong with it, but it must not or need not be added."""
    FAILED = "failed"


class Unfit(Exception):
    """A row that is not added."""

    def __init__(self, fate: Fate, reason: str) -> None:
        super().__init__(reason)
        self.fate, self.reason = fate, reason


def named(row: Row) -> dict[str, str]:
    """Return the cells of *row* under our names. Raises: NotAllowed where the file has no addresses."""
    cells = {_OTHER_NAMES.get(name, name): value for name, value in row.cells.items()}
    if "address" not in cells:
        raise NotAllowed(f"The file has no column 'address'; it has {', '.join(row.cells) or 'none'}.")
    return cells


def unknown_columns(row: Row) -> list[str]:
    """Return the columns of *row* that an import makes nothing of."""
    known = _COLUMNS | _ONLY_WRITTEN | _OTHER_NAMES.keys()
    return [name for name in row.cells if name not in known]


def consent(cells: dict[str, str], *, otherwise: str, now: datetime) -> tuple[str, datetime]:
    """Return what somebody agreed to, *otherwise* where the row says nothing, and when. Raises: Unfit."""
    text, when = cells.get("consent", ""), cells.get("consented_at", "")
    if text.lower() in _NO:
        raise Unfit(Fate.FAILED, f"consent is '{text}'; only who agreed may be added")
    text = text or otherwise
    if not text and not when:
        raise Unfit(Fate.FAILED, "says nothing of consent; fill 'consent' or 'consented_at', or give --consent")
    if len(text) > MAX_CONSENT_CHARS:
        raise Unfit(Fate.FAILED, f"consent is longer than {MAX_CONSENT_CHARS} characters")
    return text, _moment(when, now) if when else now


def _moment(text: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Unfit(Fate.FAILED, f"consented_at '{short(text)}' is no time; write 2026-11-23") from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if at > now:
        raise Unfit(Fate.FAILED, f"consented_at '{short(text)}' is yet to come")
    return at.astimezone(UTC)


def chosen(cells: dict[str, str], offer: Offer) -> Choices:
    """Return what somebody wants of what is offered, the usual where the row says nothing. Raises: Unfit."""
    usual = offer.usual
    mutes = tuple(dict.fromkeys(" ".join(word.split()) for word in cells.get("mutes", "").split(";") if word.strip()))
    if len(mutes) > MAX_MUTES or any(len(word) > MAX_MUTE_CHARS for word in mutes):
        raise Unfit(Fate.FAILED, f"mutes are more than {MAX_MUTES}, or longer than {MAX_MUTE_CHARS} characters")
    return Choices(
        audiences=_audiences(cells.get("audiences", ""), offer),
        language=_among("language", cells, offer.languages, usual.language),
        density=_among("density", cells, DENSITIES, usual.density),
        mutes=mutes,
        day=DAYS.index(_among("day", cells, DAYS, DAYS[usual.day])),
        hour=int(_among("hour", cells, [str(hour) for hour in range(24)], str(usual.hour))),
        timezone=_zone(cells.get("timezone", ""), usual.timezone),
    )


def _audiences(text: str, offer: Offer) -> tuple[str, ...]:
    asked = list(dict.fromkeys(text.replace(";", " ").replace("|", " ").replace(",", " ").split()))
    if not asked or EVERYTHING in asked:
        return (EVERYTHING,) if asked else offer.usual.audiences
    known = [audience.id for audience in offer.audiences]
    for name in asked:
        if name not in known:
            raise Unfit(Fate.FAILED, f"audience '{short(name)}' is none of the list's{nearest(name[:60], known)}")
    return tuple(name for name in known if name in asked)


def _among(name: str, cells: dict[str, str], known: Sequence[str], usual: str) -> str:
    value = cells.get(name, "").lower()
    if name == "day" and value:
        value = DAYS[int(value)] if value in {"0", "1", "2", "3", "4", "5", "6"} else value[:3]
    if name == "hour" and value:
        value = value.split(":", maxsplit=1)[0].lstrip("0") or "0"
    if value and value not in known:
        raise Unfit(Fate.FAILED, f"{name} '{short(cells[name])}' is not known{nearest(value[:60], known)}")
    return value or usual


def _zone(text: str, usual: str) -> str:
    if text and text not in available_timezones():
        raise Unfit(Fate.FAILED, f"timezone '{short(text)}' is not known{nearest(text[:60], available_timezones())}")
    return text or usual


def short(text: str) -> str:
    """Return the beginning of *text* as a line may hold it."""
    shown = "".join(char if char.isprintable() else "?" for char in text[:61])
    return shown if len(shown) <= 60 else shown[:59] + "…"
