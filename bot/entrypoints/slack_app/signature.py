"""Requests that Slack signed, and no others."""

import hashlib
import hmac
import re

WINDOW_S = 300
"""Older and newer requests are refused. Source: CONVENTIONS S40."""

_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)


def is_signed(body: bytes, *, timestamp: str, signature: str, secret: str, now_s: float) -> bool:
    """
    Return whether Slack signed *body* with our *secret*, within five minutes of *now_s* (seconds since 1970).

    Malformed headers are just not signed: the SDK's verifier raises on them.
    Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    if not secret or not _SECONDS.fullmatch(timestamp) or abs(now_s - int(timestamp)) > WINDOW_S:
        return False
    signed = b"v0:" + timestamp.encode() + b":" + body
    expected = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))
