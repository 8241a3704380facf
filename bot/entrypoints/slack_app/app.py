"""The Bolt app: who may speak to us, and which area listens to what."""

import logging
from collections.abc import Callable

import structlog
from slack_bolt import App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from bot.entrypoints.slack_app import clicks, commands, drafts, forms, home, route_form, weekly
from bot.entrypoints.slack_app.reception import Body, Reception, team_of
from bot.model.errors import DeliveryError
from bot.wiring import Bot

log = structlog.get_logger(__name__)

AREAS: tuple[Callable[[App, Reception], None], ...] = (
    commands.register,
    clicks.register,
    forms.register,
    drafts.register,
    weekly.register,
    route_form.register,
    home.register,
)
"""Each adds its listeners."""


class SlackApp:
    """Recap as a Slack app; close it to finish what was begun."""

    def __init__(self, bot: Bot) -> None:
        """Listen for *bot*."""
        self.reception = Reception(bot)
        self.bolt = App(
            name="recap",
            logger=_quiet(),
            client=self.reception.client,
            authorize=_authorize(bot.settings.slack_token),
            # We look at signatures ourselves, before anything is parsed: Bolt raises on malformed headers.
            request_verification_enabled=False,
            ssl_check_enabled=False,
            before_authorize=self._only_our_team,
            # Our listeners only acknowledge and hand over; else Bolt looks every 10 ms whether they did.
            process_before_response=True,
        )
        for register in AREAS:
            register(self.bolt, self.reception)

    def answer(self, request: BoltRequest) -> BoltResponse:
        """Return the acknowledgement of *request*, within Slack's three seconds."""
        return self.bolt.dispatch(request)

    def close(self) -> None:
        """Finish what was begun."""
        self.reception.close()

    def _only_our_team(self, body: Body, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002  # Bolt's name
        if body.get("type") == "url_verification":
            return next()
        try:
            ours = self.reception.workspace
        except DeliveryError as exc:
            log.error("slack.workspace_unknown", reason=str(exc))
            return BoltResponse(status=503, body="")
        if team_of(body) != ours:
            log.warning("slack.wrong_team", team=team_of(body))
            return BoltResponse(status=403, body="")
        return next()


def _authorize(token: str | None) -> Callable[..., AuthorizeResult]:
    """Return what tells Bolt our token, without asking Slack. Bolt looks at argument names: no method will do."""

    def authorize(context: BoltContext) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=context.enterprise_id, team_id=context.team_id, bot_token=token)

    return authorize


def _quiet() -> logging.Logger:
    logger = logging.getLogger("bot.entrypoints.slack_app.bolt")
    logger.setLevel(logging.ERROR)  # its warnings hold what people typed
    return logger
