"""Headers that every answer carries."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No scripts and nothing from elsewhere. Source: CONVENTIONS W10."""

MAIL_CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups"
"""A mail in its own frame: its styles are inline by nature, and it may do nothing but open a link elsewhere."""


class SafeHeaders:
    """Put the security headers on every answer that does not set its own, and answer where nobody else could."""

    def __init__(self, app: ASGIApp, *, is_https: bool, broken: Callable[[str, Exception], Response]) -> None:
        """Wrap *app*; with *is_https*, browsers are told to stay with it. *broken* answers for a fault of ours."""
        self.app = app
        self.broken = broken
        self.headers = {
            "Content-Security-Policy": CSP,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        if is_https:
            self.headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the wrapped application does, with our headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def with_headers(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, with_headers)
        except Exception as exc:
            if has_begun:
                raise
            await self.broken(scope["path"], exc)(scope, receive, with_headers)
