"""The manifest: what an administrator pastes once so that Slack knows the app."""

import io
import json
from urllib.parse import urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from bot.compose.words import shorten
from bot.entrypoints.slack_app.commands import COMMAND
from bot.model.values import Json
from bot.settings import Settings

SCOPES = {
    "chat:write": "post digests, and correct them",
    "commands": "answer /recap",
    "im:write": "open the direct message of somebody who subscribed",
    "users:read": "know people's language and time zone, and who is an administrator",
}
"""The least that the app works with, and what for. Source: CONVENTIONS S60."""
EVENTS = ("app_home_opened",)
MAX_NAME_CHARS = 35
"""Source: https://github.com/slackapi/manifest-schema (2.0.0)."""

_ABOUT = (
    "Recap reads your team's news sources all week, joins the articles about one happening into one event, and tells "
    "each channel the part that concerns it, once a week. In between, /recap looks things up: search, one event with "
    "everything known about it, what an audience should care about, what happened since you last looked."
)


def uses_socket(settings: Settings) -> bool:
    """Return whether the app fetches its requests (Socket Mode): where we have the token for that, or no https."""
    parts = urlsplit(settings.base_url)
    return bool(settings.slack_app_token) or parts.scheme != "https" or not parts.hostname


def request_url(settings: Settings) -> str:
    """Return where Slack sends requests over HTTP."""
    return f"{settings.base_url.rstrip('/')}/slack/events"


def manifest(settings: Settings) -> Json:
    """Return the manifest of this deployment, by the schema 2.0.0 of https://github.com/slackapi/manifest-schema."""
    is_socket = uses_socket(settings)
    url: Json = {} if is_socket else {"request_url": request_url(settings)}
    command: Json = {
        "command": COMMAND,
        "description": "This week's news for this channel, and everything else about it",
        "usage_hint": "[week | event ID | search WORDS | who AUDIENCE | since DATE | help]",
        "should_escape": False,
    }
    return {
        "_metadata": {"major_version": 2, "minor_version": 0},
        "display_information": {
            "name": shorten(settings.recap.title, MAX_NAME_CHARS),
            "description": "A weekly recap of the news: one event once, for the people who should care.",
            "long_description": _ABOUT,
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": shorten(settings.recap.title, MAX_NAME_CHARS), "always_online": True},
            "slash_commands": [command if is_socket else command | {"url": request_url(settings)}],
        },
        "oauth_config": {"scopes": {"bot": [*SCOPES]}},
        "settings": {
            "event_subscriptions": {**url, "bot_events": [*EVENTS]},
            "interactivity": {"is_enabled": True, **url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": is_socket,
            "token_rotation_enabled": False,
        },
    }


def as_json(given: Json) -> str:
    """Return *given* as JSON to paste."""
    return json.dumps(given, ensure_ascii=False, indent=2)


def as_yaml(given: Json) -> str:
    """Return *given* as YAML to paste, every text in quotes: `chat:write` is no text to each parser without."""
    target = io.StringIO()
    writer = YAML()
    writer.width = 4096
    writer.dump(_quoted(given), target)
    return target.getvalue().rstrip()


def _quoted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _quoted(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_quoted(held) for held in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) else value
