"""Look whether Slack can reach us and lets us do what the app needs."""

from collections.abc import Iterator, Sequence
from typing import Literal

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.entrypoints.slack_app.manifest import SCOPES, request_url, uses_socket
from bot.model.delivery import ShutDestination
from bot.model.errors import DeliveryError
from bot.model.route import ReviewChoice, Route
from bot.ports import Sender
from bot.settings import Settings
from bot.workflows.shut_destinations import MEND

Level = Literal["ok", "note", "fault"]
TIMEOUT_S = 10


def findings(settings: Settings) -> Iterator[tuple[Level, str]]:
    """Yield what is right and wrong with the app, each with its mend; nothing where there is no bot token."""
    if not settings.slack_token:
        return
    if not (settings.slack_signing_secret or settings.slack_app_token):
        mend = "set SLACK_SIGNING_SECRET (Basic Information → App Credentials), or SLACK_APP_TOKEN for Socket Mode"
        yield "note", f"{_WHAT} off: {mend}."
        return
    missing = _missing_scopes(settings)
    if missing:
        mend = "add them under OAuth & Permissions (or paste `recap slack manifest` anew) and install the app again"
        yield "fault", f"the token lacks the scopes {', '.join(missing)}: {mend}."
    yield _way_in(settings)


def review(
    settings: Settings, routes: Sequence[Route], *, sender: Sender, shut: Sequence[ShutDestination]
) -> Iterator[tuple[Level, str]]:
    """Yield whether drafts reach their editors, and whether their buttons are heard; *shut* is what takes nothing."""
    channel = settings.recap.review_channel
    drafted = ", ".join(route.id for route in routes if route.review is ReviewChoice.REQUIRED)
    if not drafted:
        return
    if not channel:
        mend = "set `review: {channel: ...}` in recap.yaml, and they come to Slack with buttons"
        yield "note", f"drafts of {drafted} wait for `recap review`: {mend}."
        return
    faults = [*_unreachable(channel, sender), *(_shut(each) for each in shut if each.destination == channel)]
    yield from (("fault", fault) for fault in faults)
    if not settings.card.takes_clicks:
        yield "note", f"drafts of {drafted} come to {channel} without buttons: the app cannot hear clicks."
    elif not faults:
        yield "ok", f"drafts of {drafted} come to {channel}, with buttons."


def _unreachable(channel: str, sender: Sender) -> list[str]:
    try:
        found = sender.check([channel])
    except DeliveryError:
        return []  # the sender's own check says so
    return [fault.replace("routes.yaml", "recap.yaml (review)") for fault in found.faults]


def _shut(shut: ShutDestination) -> str:
    return f"{shut.destination} takes nothing since {shut.since:%Y-%m-%d %H:%M} UTC: {shut.reason}; {MEND}."


_WHAT = "/recap, buttons and App Home are"


def _missing_scopes(settings: Settings) -> list[str]:
    client = WebClient(settings.slack_token, base_url=settings.slack_api_url, timeout=TIMEOUT_S, retry_handlers=[])
    try:
        headers = client.auth_test().headers
    except (SlackClientError, OSError):
        return []  # the sender's own check says what is wrong with the token
    named = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), "")
    granted = {scope.strip() for scope in str(named).split(",")} - {""}
    return [scope for scope in SCOPES if scope not in granted] if granted else []


def _way_in(settings: Settings) -> tuple[Level, str]:
    if settings.slack_app_token:
        return "ok", f"{_WHAT} on, by Socket Mode."
    if uses_socket(settings):
        mend = "set RECAP_BASE_URL to an https address that Slack can reach, or SLACK_APP_TOKEN for Socket Mode"
        return "fault", f"Slack cannot send requests to {settings.base_url}: {mend}."
    url = request_url(settings)
    return "ok", f"{_WHAT} on; Slack must reach {url} ({url}?ssl_check=1 answers 200 from anywhere)."
