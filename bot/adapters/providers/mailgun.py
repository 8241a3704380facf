"""
Mailgun's reports.

Source: https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-payloads
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue

from bot.adapters.providers.report import Provider, Report, ReportForged, ReportUnreadable
from bot.model.returned import Returned

OLDEST_S = 9 * 3600
"""It tries for eight hours. Source: https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhooks"""
EARLIEST_S = 300
"""Ahead of our clock."""
_MAX_CHARS = 500
_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_TOKEN = re.compile(r"[!-~]{16,200}", re.ASCII)
_Object = dict[str, JsonValue]


class Mailgun(Provider):
    """Reads what Mailgun signs: not the body, but a time and a token, so a token must count once only."""

    def read(
        self,
        body: bytes,
        headers: Mapping[str, str],  # noqa: ARG002  # it signs in the body
        *,
        key: str,
        now: datetime,
    ) -> Report:
        """Return the report in *body*. Raises: ReportForged, ReportUnreadable."""
        payload = _object(_parsed(body))
        signature = _object(payload.get("signature"))
        token = _text(signature, "token")
        if not _is_signed(signature, token=token, key=key, now_s=now.timestamp()):
            raise ReportForged
        event = _object(payload.get("event-data"))
        if not _text(event, "event"):
            raise ReportUnreadable("It holds no event-data with an event.")
        return Report(token, _returned(event, identity=_text(event, "id") or token))


def _parsed(body: bytes) -> JsonValue:
    try:
        payload: JsonValue = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise ReportUnreadable("It is no JSON.") from exc
    return payload


def _is_signed(signature: _Object, *, token: str, key: str, now_s: float) -> bool:
    timestamp = _text(signature, "timestamp")
    if not key or not _SECONDS.fullmatch(timestamp) or not _TOKEN.fullmatch(token):
        return False
    expected = hmac.new(key.encode(), (timestamp + token).encode(), hashlib.sha256).hexdigest()
    is_ours = hmac.compare_digest(expected.encode(), _text(signature, "signature").lower().encode("utf-8", "replace"))
    return is_ours and -EARLIEST_S <= now_s - int(timestamp) <= OLDEST_S


def _returned(event: _Object, *, identity: str) -> Returned | None:
    name, severity = _text(event, "event"), _text(event, "severity")
    if name != "complained" and (name != "failed" or severity != "permanent"):
        return None  # a temporary failure is tried again
    status = _object(event.get("delivery-status"))
    headers = _object(_object(event.get("message")).get("headers"))
    code, said = _text(status, "code"), _text(status, "message") or _text(status, "description")
    return Returned(
        identity=identity,
        is_complaint=name == "complained",
        address=_text(event, "recipient"),
        status=_text(status, "enhanced-code"),
        diagnostic=" ".join(f"{code} {said}".split())[:_MAX_CHARS],
        envelopes=(_text(_object(event.get("envelope")), "sender"),),
        message_ids=(_text(headers, "message-id").strip("<> "),),
    )


def _object(value: JsonValue) -> _Object:
    return value if isinstance(value, dict) else {}


def _text(holder: _Object, name: str) -> str:
    value = holder.get(name)
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    return "".join(char if char.isprintable() else " " for char in text[:2000])
