"""What Slack's answers mean for a delivery, and what mends them."""

import socket
import ssl
from typing import Any, NoReturn

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.model.errors import (
    DeliveryFailed,
    DeliveryRefused,
    DeliveryUnknown,
    DestinationGone,
    SenderMisconfigured,
)

# Source of the three tables: CONVENTIONS S33, S61 and docs.slack.dev/reference/methods/chat.postMessage.
_MENDS = {
    "invalid_auth": "set SLACK_BOT_TOKEN to the bot token of the app's OAuth page",
    "not_authed": "set SLACK_BOT_TOKEN to the bot token of the app's OAuth page",
    "account_inactive": "install the app again and set SLACK_BOT_TOKEN",
    "token_revoked": "install the app again and set SLACK_BOT_TOKEN",
    "token_expired": "install the app again and set SLACK_BOT_TOKEN",
    "not_allowed_token_type": "set SLACK_BOT_TOKEN to a bot token (xoxb-…)",
    "missing_scope": "add the scope on the app's OAuth page and install it again",
    "no_permission": "add the scope chat:write on the app's OAuth page and install it again",
    "ekm_access_denied": "ask an administrator of the workspace to let the app post",
    "access_denied": "ask an administrator of the workspace to let the app post",
    "org_login_required": "wait until the workspace's migration is over",
    "team_access_not_granted": "ask an administrator of the workspace to let the app in",
}
GONE = {
    "channel_not_found": "check the channel's id in routes.yaml and invite the app to the channel",
    "not_in_channel": "invite the app to the channel, or give it the scope chat:write.public",
    "is_archived": "take the channel out of routes.yaml, or restore it",
    "restricted_action": "let the app post in this channel, or choose another in routes.yaml",
    "user_not_found": "check the user's id in routes.yaml",
    "cannot_dm_bot": "choose a person or a channel in routes.yaml",
}
_PASSING = frozenset({"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable"})
_UNSENT_ERRNOS = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)


def raise_answer(exc: SlackApiError, destination: str) -> NoReturn:
    """Raise what Slack's refusal means. Raises: DeliveryError."""
    response = exc.response
    status, reason = response.status_code, str(response.get("error", ""))
    if status >= 500:
        raise DeliveryUnknown(destination, f"Slack answered with status {status}") from exc
    if status == 429 or reason in _PASSING:
        wait_s = _seconds(response.headers)
        raise DeliveryFailed(destination, f"Slack asks to wait ({reason or status})", retry_after_s=wait_s) from exc
    if reason in _MENDS:
        needed = f" {response.get('needed')}" if response.get("needed") else ""
        what = "refuses the token" if reason != "missing_scope" else "wants the scope" + needed
        raise SenderMisconfigured(destination, f"Slack {what} ({reason}): {_MENDS[reason]}") from exc
    if reason in GONE:
        raise DestinationGone(destination, f"Slack says {reason}: {GONE[reason]}") from exc
    if status != 200 or " " in reason or not reason:
        raise DeliveryUnknown(destination, f"Slack's answer cannot be read (status {status})") from exc
    raise DeliveryRefused(destination, f"Slack says {reason}{_particulars(response)}") from exc


def raise_transport(reason: object, exc: Exception, destination: str) -> NoReturn:
    """Raise what a broken connection means. Raises: DeliveryFailed, DeliveryUnknown."""
    what = type(reason).__name__
    if isinstance(reason, _UNSENT_ERRNOS):
        raise DeliveryFailed(destination, f"Slack cannot be reached ({what})") from exc
    raise DeliveryUnknown(destination, f"the connection to Slack broke off ({what})") from exc


def _seconds(headers: dict[str, Any]) -> float | None:
    value = header(headers, "retry-after").strip()
    return float(value) if value.isdigit() else None


def header(headers: dict[str, Any], wanted: str) -> str:
    """Return the header *wanted* (lower case); empty where there is none."""
    value = next((value for name, value in headers.items() if name.lower() == wanted), "")
    return str(value[0] if isinstance(value, list) and value else value)


def _particulars(response: SlackResponse) -> str:
    said = (response.get("response_metadata") or {}).get("messages") or response.get("errors") or []
    return f" ({'; '.join(str(line) for line in said)})"[:500] if said else ""
