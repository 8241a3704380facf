"""Open the Slack app beside the web, where it is set up."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.settings import Settings
from bot.wiring import Bot

if TYPE_CHECKING:
    from bot.entrypoints.slack_app.app import SlackApp


def is_set_up(settings: Settings) -> bool:
    """Return whether Slack can reach us: a secret checks its requests, or an app-level token fetches them."""
    return bool(settings.slack_token and (settings.slack_signing_secret or settings.slack_app_token))


@contextmanager
def opened(bot: Bot) -> "Iterator[SlackApp | None]":
    """Yield the Slack app, on its socket where an app-level token is set; null where Slack is not set up."""
    if not is_set_up(bot.settings):
        yield None
        return
    from bot.entrypoints.slack_app.app import SlackApp  # Bolt takes long to load
    from bot.entrypoints.slack_app.socket_mode import connected

    slack = SlackApp(bot)
    try:
        if token := bot.settings.slack_app_token:
            with connected(slack, app_token=token):
                yield slack
        else:
            yield slack
    finally:
        slack.close()
