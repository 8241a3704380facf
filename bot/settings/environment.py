"""Secrets and places from the environment."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.model.errors import Fault
from bot.settings.scalars import mailbox, model_name, web_url

MODEL_KEYS = {
    "openai": ("OPENAI_API_KEY",),
    "anthropic": ("ANTHROPIC_API_KEY",),
    "google": ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    "ollama": ("OLLAMA_API_KEY",),
}
MODEL_URLS = {
    "openai": ("OPENAI_BASE_URL",),
    "anthropic": ("ANTHROPIC_BASE_URL",),
    "google": ("GOOGLE_GEMINI_BASE_URL",),
    "ollama": ("OLLAMA_BASE_URL",),
}
"""Under the names that the providers' own clients read."""
LOCAL_URL = "http://127.0.0.1:8000"
"""Where the pages are unless the operator says otherwise: on this machine, for this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What the environment said, defaults filled in."""

    database_url: str = field(repr=False)
    outbox: Path
    base_url: str
    secret_keys: tuple[str, ...] = field(repr=False)
    smtp_url: str | None = field(repr=False)
    email_from: str | None
    dkim_key_file: Path | None
    dkim_selector: str
    webhook_keys: Mapping[str, str] = field(repr=False)
    slack_token: str | None = field(repr=False)
    slack_signing_secret: str | None = field(repr=False)
    slack_app_token: str | None = field(repr=False)
    slack_client_id: str | None
    slack_client_secret: str | None = field(repr=False)
    slack_api_url: str
    llm: str | None
    """Null: not said, so that config decides; empty: the extractive analyst."""
    openai_base_url: str | None
    openai_api_key: str | None = field(repr=False)
    model_keys: Mapping[str, str] = field(repr=False)
    """By provider of language models."""
    model_urls: Mapping[str, str]
    """By provider; the others answer where they always do."""
    allow_hosts: frozenset[str]


@dataclass(slots=True)
class _Reader:
    environment: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def plain(self, name: str, check: Callable[[str], str] = str) -> str | None:
        """Return the checked value of *name*; null where it is unset, empty or at fault."""
        return self._checked(name, self.environment.get(name, "").strip(), check)

    def secret(self, name: str, check: Callable[[str], str] = str) -> str | None:
        """Return the checked value of *name*, or what the file named by `NAME_FILE` holds."""
        file = self.environment.get(f"{name}_FILE", "").strip()
        value = self.environment.get(name, "").strip()
        if file and value:
            self.fault(name, f"is set, and so is {name}_FILE; keep one of them")
        elif file:
            value = (self._content(f"{name}_FILE", file) or "").strip()
        return self._checked(name, value, check)

    def file(self, name: str) -> Path | None:
        """Return the path in *name*, if the file can be read."""
        path = self.environment.get(name, "").strip()
        return Path(path) if path and self._content(name, path) is not None else None

    def fault(self, name: str, message: str) -> None:
        self.faults.append(Fault("environment", 0, 0, f"{name}: {message}"))

    def _checked(self, name: str, value: str, check: Callable[[str], str]) -> str | None:
        try:
            return check(value) if value else None
        except ValueError as exc:
            self.fault(name, str(exc))
            return None

    def _content(self, name: str, path: str) -> str | None:
        try:
            content = Path(path).read_text("utf-8")
        except (OSError, ValueError) as exc:
            reason = (getattr(exc, "strerror", None) or "not text").lower()
            self.fault(name, f"the file '{path}' cannot be read ({reason})")
            return None
        if not content.strip():
            self.fault(name, f"the file '{path}' is empty")
        return content


def read(environment: Mapping[str, str]) -> tuple[Places, list[Fault]]:
    """Return what *environment* says, and every fault in it."""
    reader = _Reader(environment)
    keys = _each(MODEL_KEYS, reader.secret)
    urls = _each(MODEL_URLS, lambda name: reader.plain(name, _base_url))
    places = Places(
        database_url=reader.secret("RECAP_DATABASE_URL", _database_url) or "sqlite:///recap.db",
        outbox=Path(reader.plain("RECAP_OUTBOX") or "outbox"),
        base_url=(reader.plain("RECAP_BASE_URL", _base_url) or LOCAL_URL),
        secret_keys=_several(reader.secret("RECAP_SECRET_KEY")),
        smtp_url=reader.secret("RECAP_SMTP_URL", _smtp_url),
        email_from=reader.plain("RECAP_EMAIL_FROM", mailbox),
        dkim_key_file=reader.file("RECAP_DKIM_KEY_FILE"),
        dkim_selector=reader.plain("RECAP_DKIM_SELECTOR", _selector) or "recap",
        webhook_keys=_webhook_keys(reader),
        slack_token=reader.secret("SLACK_BOT_TOKEN", _bot_token),
        slack_signing_secret=reader.secret("SLACK_SIGNING_SECRET"),
        slack_app_token=reader.secret("SLACK_APP_TOKEN", _app_token),
        slack_client_id=reader.plain("SLACK_CLIENT_ID"),
        slack_client_secret=reader.secret("SLACK_CLIENT_SECRET"),
        slack_api_url=(reader.plain("RECAP_SLACK_API_URL", web_url) or "https://slack.com/api").rstrip("/") + "/",
        llm=_llm(reader),
        openai_base_url=urls.get("openai"),
        openai_api_key=keys.get("openai"),
        model_keys=keys,
        model_urls=urls,
        allow_hosts=_hosts(reader),
    )
    if places.smtp_url and not places.secret_keys:
        make = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        reader.fault("RECAP_SECRET_KEY", f"is not set, and mails need it to sign the link to leave; make one: {make}")
    return places, reader.faults


def _each(names: Mapping[str, Sequence[str]], read: Callable[[str], str | None]) -> dict[str, str]:
    """Return the first value of each provider's variables that is set."""
    found = {provider: [value for name in known if (value := read(name))] for provider, known in names.items()}
    return {provider: values[0] for provider, values in found.items() if values}


def _several(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _selector(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,61}[A-Za-z0-9])?", value):
        raise ValueError(f"'{value}' is no selector: letters, digits, dots and hyphens, such as recap-2026")
    return value


def _webhook_keys(reader: _Reader) -> dict[str, str]:
    """Return the keys of `RECAP_WEBHOOK_<PROVIDER>_KEY`, by provider in lower case."""
    found = (re.fullmatch(r"(RECAP_WEBHOOK_([A-Z0-9]+)_KEY)(?:_FILE)?", name) for name in sorted(reader.environment))
    named = dict.fromkeys((match[1], match[2].lower()) for match in found if match)
    keys = {provider: reader.secret(name) for name, provider in named}
    return {provider: key for provider, key in keys.items() if key}


def _llm(reader: _Reader) -> str | None:
    if "RECAP_LLM" not in reader.environment:
        return None
    return reader.plain("RECAP_LLM", model_name) or ""


def _hosts(reader: _Reader) -> frozenset[str]:
    hosts = _several(reader.plain("RECAP_ALLOW_HOSTS"))
    for host in hosts:
        if not _is_host(host):
            reader.fault("RECAP_ALLOW_HOSTS", f"'{host}' is not host or host:port; write it like feeds.internal:8080")
    return frozenset(host.lower() for host in hosts)


def _is_host(text: str) -> bool:
    found = re.fullmatch(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::(\d{1,5}))?", text)
    return bool(found) and 0 < int(found[1] or 1) < 65536 if found else False


def _base_url(text: str) -> str:
    return web_url(text).rstrip("/")


def _database_url(text: str) -> str:
    """Take the short names of PostgreSQL that hosting platforms hand out, too."""
    text = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text)
    if not text.startswith(("sqlite://", "postgresql+psycopg://")):
        raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
    return text


def _smtp_url(text: str) -> str:
    """Refuse what smtplib could not use; the message never repeats the password."""
    try:
        parts = urlsplit(text)
        is_whole = bool(parts.hostname) and (parts.port is None or parts.port > 0)
        rest = parts.path.strip("/") + parts.query + parts.fragment
    except ValueError:
        is_whole, rest = False, ""
    if not is_whole or rest or parts.scheme not in ("smtp", "smtps"):
        raise ValueError(
            "is not smtp://user:password@host:587 or smtps://user:password@host:465;"
            " write signs such as @ : / # in the password as %40 %3A %2F %23"
        )
    return text


def _bot_token(text: str) -> str:
    if text.startswith("xapp-"):
        raise ValueError("holds an app-level token (xapp-); the bot token starts with xoxb-")
    return text


def _app_token(text: str) -> str:
    if text.startswith("xoxb-"):
        raise ValueError("holds a bot token (xoxb-); the app-level token starts with xapp-")
    return text
