"""What a reader may choose, and what they did choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from bot.model.audience import Audience
from bot.model.policy import MailingList
from bot.model.subscriber import DENSITIES, Subscription
from bot.model.values import AudienceId, Language
from bot.workflows.subscribing.registry import Registry

MAX_MUTES = 50
MAX_MUTE_CHARS = 60
MAX_ADDRESS_CHARS = 254
"""Source: RFC 5321 4.5.3.1, CONVENTIONS E52."""
EVERYTHING = "*"
_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")

Fields = Mapping[str, Sequence[str]]
"""What a form sent: every name with its values."""
Complaints = dict[str, str]
"""By field, what is wrong with it; the template has the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a reader wants of one list, and when."""

    audiences: tuple[AudienceId, ...] = (EVERYTHING,)
    language: Language = "en"
    density: str = DENSITIES[0]
    mutes: tuple[str, ...] = ()
    day: int = 0
    hour: int = 9
    timezone: str = "UTC"

    def applied_to(self, subscription: Subscription) -> Subscription:
        """Return *subscription* with these choices."""
        return subscription.model_copy(
            update={
                "audiences": list(self.audiences),
                "language": self.language,
                "density": self.density,
                "mutes": list(self.mutes),
                "day": self.day,
                "hour": self.hour,
                "timezone": self.timezone,
            }
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """What a list has to choose from."""

    mailing_list: MailingList
    audiences: Sequence[Audience]
    languages: Sequence[Language]
    consent: str
    """Word for word what signing up agrees to."""
    usual: Choices
    """What is chosen unless the reader says otherwise."""


def offer(mailing_list: MailingList, *, language: Language, registry: Registry) -> Offer:
    """Return what *mailing_list* offers to a reader of *language*; the usual hour is that of its route."""
    routes = registry.routes_to(mailing_list.id)
    usual = Choices(language=language, timezone=registry.recap.zone)
    if routes:
        hour = int(routes[0].time.split(":", maxsplit=1)[0])
        usual = Choices(language=language, day=routes[0].day, hour=hour, timezone=routes[0].timezone)
    return Offer(
        mailing_list,
        registry.audiences_of(mailing_list.id),
        registry.recap.languages,
        registry.consent_to(mailing_list, language),
        usual,
    )


def of(subscription: Subscription) -> Choices:
    """Return what *subscription* holds."""
    return Choices(
        audiences=tuple(subscription.audiences),
        language=subscription.language,
        density=subscription.density,
        mutes=tuple(subscription.mutes),
        day=subscription.day,
        hour=subscription.hour,
        timezone=subscription.timezone,
    )


def read(fields: Fields, offered: Offer) -> tuple[Choices, Complaints]:
    """Return what a form chose of what is *offered*, the usual where it is silent, with what is wrong."""
    usual, complaints = offered.usual, Complaints()
    audiences = _audiences(fields, offered)
    if not audiences:
        complaints["audiences"] = "none"
    zone = _one(fields, "timezone", usual.timezone)
    if zone not in available_timezones():
        complaints["timezone"], zone = "unknown", usual.timezone
    mutes = tuple(
        dict.fromkeys(" ".join(line.split()) for line in _one(fields, "mutes", "").splitlines() if line.strip())
    )
    if len(mutes) > MAX_MUTES or any(len(word) > MAX_MUTE_CHARS for word in mutes):
        complaints["mutes"] = "long"
    chosen = Choices(
        audiences=audiences,
        language=_among(fields, "language", offered.languages, usual.language),
        density=_among(fields, "density", DENSITIES, usual.density),
        mutes=mutes[:MAX_MUTES],
        day=int(_among(fields, "day", [str(day) for day in range(7)], str(usual.day))),
        hour=int(_among(fields, "hour", [str(hour) for hour in range(24)], str(usual.hour))),
        timezone=zone,
    )
    return chosen, complaints


def address(text: str) -> str:
    """
    Return the address in *text* with its domain in ASCII and lower case; nothing where it is none.

    Whether anybody reads there, the confirmation mail will tell. Source: RFC 5321 4.5.3.1, CONVENTIONS E52.
    """
    bare = text.strip()
    if len(bare) > MAX_ADDRESS_CHARS or "," in bare or "\r" in bare or "\n" in bare:
        return ""
    try:
        found = validate_email(bare, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return ""
    return f"{found.local_part}@{found.ascii_domain.lower()}"


@cache
def zones() -> dict[str, list[str]]:
    """Return the time zones of the world by area, those without an area under nothing."""
    known = sorted(available_timezones())
    return {"": ["UTC"]} | {area: [zone for zone in known if zone.startswith(f"{area}/")] for area in _AREAS}


def _audiences(fields: Fields, offered: Offer) -> tuple[AudienceId, ...]:
    if "audience" not in fields and "form" not in fields:
        return offered.usual.audiences
    known = [audience.id for audience in offered.audiences]
    asked = set(fields.get("audience", ()))
    chosen = tuple(each for each in known if each in asked)
    # Whoever ticks all of them wants all of them, those that come later too.
    return (EVERYTHING,) if EVERYTHING in asked or (chosen and len(chosen) == len(known)) else chosen


def _one(fields: Fields, name: str, otherwise: str) -> str:
    return next(iter(fields.get(name, ())), otherwise)


def _among(fields: Fields, name: str, known: Sequence[str], otherwise: str) -> str:
    asked = _one(fields, name, otherwise)
    return asked if asked in known else otherwise
