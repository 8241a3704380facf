"""Slack over HTTP: /slack/events takes commands, clicks, forms and events, if Slack signed them."""

from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response
from slack_bolt import BoltRequest

from bot.entrypoints.slack_app.app import SlackApp
from bot.entrypoints.slack_app.signature import is_signed

router = APIRouter()

MAX_BODY_BYTES = 1_000_000
"""Slack's own payloads stay far under it."""


async def raw_body(request: Request) -> bytes:
    """Return the body as it came: the signature is over these bytes. Empty where it is too long to be Slack's."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY_BYTES:
            return b""
    return body


@router.get("/slack/events")
def check(request: Request) -> Response:
    """Answer Slack's look at our certificate; there is nothing else to get here."""
    return Response(status_code=200 if request.query_params.get("ssl_check") == "1" else 404)


@router.post("/slack/events")
def take(request: Request, body: Annotated[bytes, Depends(raw_body)]) -> Response:
    """Acknowledge what Slack sends; runs in a thread, for Bolt waits for its listeners."""
    slack: SlackApp = request.app.state.slack
    settings, now = slack.reception.bot.settings, slack.reception.bot.clock.now()
    if _is_ssl_check(body):
        return Response(status_code=200)
    is_slacks = is_signed(
        body,
        timestamp=request.headers.get("x-slack-request-timestamp", ""),
        signature=request.headers.get("x-slack-signature", ""),
        secret=settings.slack_signing_secret or "",
        now_s=now.timestamp(),
    )
    if not is_slacks:
        return Response(status_code=401)
    try:
        asked = BoltRequest(body=body.decode("utf-8"), query=request.url.query, headers=dict(request.headers))
    except (ValueError, AttributeError):  # Bolt takes JSON that is no object for one
        return Response(status_code=400)
    answer = slack.answer(asked)
    headers = {name: values[0] for name, values in answer.headers.items() if name.lower() != "content-length"}
    return Response(answer.body, answer.status, headers)


def _is_ssl_check(body: bytes) -> bool:
    return b"ssl_check=1" in body and parse_qs(body[:2000]).get(b"ssl_check") == [b"1"]
