"""A relay on 127.0.0.1 that keeps the mails it takes, and fails when told to."""

import asyncio
import ssl
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that the relay took."""

    sender: str
    recipients: list[str]
    content: bytes
    connection: int
    """Port of the client, so that mails of one connection can be told."""


@dataclass
class Script:
    """What the relay says next instead of yes; an empty string is a yes, `drop` hangs up."""

    mail: deque[str] = field(default_factory=deque)
    rcpt: deque[str] = field(default_factory=deque)
    data: deque[str] = field(default_factory=deque)
    """After the whole mail; `drop` hangs up unanswered, `keep+drop` after keeping it, `keep+hold` never answers."""


class SmtpServer:
    """A relay; a context manager."""

    def __init__(
        self,
        *,
        login: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        is_implicit: bool = False,
        max_mails: int = 0,
        kept_in: Path | None = None,
        is_pipelining: bool = False,
    ) -> None:
        """*tls* gives STARTTLS, or TLS at once; *max_mails* a connection, 0 = any; *kept_in* gets a file per mail."""
        self.mails: list[Mail] = []
        self.held: list[Mail] = []
        self.script = Script()
        self._login = login
        self._max_mails = max_mails
        self._kept_in = kept_in
        self._is_pipelining = is_pipelining
        self._controller = _Controller(
            self,
            server_hostname="relay.example",
            tls_context=None if is_implicit else tls,
            ssl_context=tls if is_implicit else None,
            authenticator=self.check_login if login else None,
            auth_required=login is not None,
            auth_exclude_mechanism=[] if login else ["LOGIN", "PLAIN"],
            auth_require_tls=False,
        )

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._controller.port

    @property
    def url(self) -> str:
        """The relay as RECAP_SMTP_URL wants it, without login."""
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._controller.stop()

    # What aiosmtpd calls

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return ["250-PIPELINING", *responses] if self._is_pipelining else responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.script.mail.popleft() if self.script.mail else ""
        if said == "drop":
            _drop(server)
        if not said:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return said or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.script.rcpt.popleft() if self.script.rcpt else ""
        if said == "drop":
            _drop(server)
        if not said:
            envelope.rcpt_tos.append(address)
        return said or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        said = self.script.data.popleft() if self.script.data else ""
        connection = int(session.peer[1]) if session.peer else 0
        if said == "" or said.startswith("keep"):
            content = envelope.original_content or b""
            self.mails.append(Mail(envelope.mail_from or "", list(envelope.rcpt_tos), content, connection))
            if self._kept_in is not None:
                (self._kept_in / f"{len(self.mails):06}.eml").write_bytes(content)
        if said.endswith("drop"):
            _drop(server)
        if said.endswith("hold"):
            self.held.append(self.mails[-1])
            await asyncio.Event().wait()  # until the connection ends
        taken = sum(mail.connection == connection for mail in self.mails)
        if self._max_mails and taken >= self._max_mails:
            self.script.mail.append("421 too many mails on this connection")
        return said or "250 OK"

    def check_login(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        given = (data.login.decode(), data.password.decode()) if isinstance(data, LoginPassword) else None
        return AuthResult(success=given == self._login, handled=False)


def _drop(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()


class _Controller(Controller):
    def __init__(self, relay: SmtpServer, **options: Any) -> None:  # Any: aiosmtpd's own, passed on
        super().__init__(relay, hostname="127.0.0.1", port=0, **options)

    def _trigger_server(self) -> None:
        # It dials its own port to see that it is up, and does not know which one the system chose.
        assert isinstance(self.server, asyncio.Server)
        self.port = int(self.server.sockets[0].getsockname()[1])
        super()._trigger_server()  # type: ignore[no-untyped-call]
