"""The way to an SMTP relay: connect, encrypt, log in."""

import ipaddress
import smtplib
import socket
import ssl
from contextlib import suppress
from typing import NoReturn
from urllib.parse import unquote, urlsplit

from bot.model.errors import RelayUnreachable, SenderMisconfigured

_PORTS = {"smtp": 587, "smtps": 465}


class Line:
    """A relay's address and our login there."""

    def __init__(self, url: str, timeout_s: float) -> None:
        """Connect to nothing yet; *url* as RECAP_SMTP_URL has it."""
        parts = urlsplit(url)
        self._scheme, self._host = parts.scheme, parts.hostname or ""
        self._port = parts.port or _PORTS.get(parts.scheme, 0)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._timeout_s = timeout_s

    @property
    def where(self) -> str:
        """Host and port."""
        return f"{self._host}:{self._port}"

    @property
    def has_login(self) -> bool:
        """Whether the address holds a login."""
        return bool(self._user)

    def open(self, destination: str) -> smtplib.SMTP:
        """Return a new connection, logged in. Raises: RelayUnreachable, SenderMisconfigured."""
        where = self.where
        if not self._host or self._scheme not in _PORTS:
            raise SenderMisconfigured(destination, "RECAP_SMTP_URL must look like smtp://user:pass@host:587")
        try:
            smtp = self._dial()
        except ssl.SSLCertVerificationError as exc:
            mend = "use the name in its certificate in RECAP_SMTP_URL, or put its authority into SSL_CERT_FILE"
            raise SenderMisconfigured(destination, f"the certificate of {where} is not trusted: {mend}") from exc
        except smtplib.SMTPResponseException as exc:
            _raise_connect(exc, destination, where)
        except (smtplib.SMTPException, OSError) as exc:
            raise RelayUnreachable(destination, f"the relay {where} cannot be reached ({type(exc).__name__})") from exc
        try:
            self._log_in(smtp, destination)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _dial(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout_s, context=context)
        else:
            smtp = smtplib.SMTP(self._host, self._port, timeout=self._timeout_s)
        try:
            # The final dot goes out by itself; without this it waits some 40 ms for the relay's delayed ACK.
            if smtp.sock is not None:
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            smtp.ehlo_or_helo_if_needed()
            if self._scheme == "smtp" and smtp.has_extn("starttls"):
                smtp.starttls(context=context)
                smtp.ehlo()
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _log_in(self, smtp: smtplib.SMTP, destination: str) -> None:
        if not self._user:
            return
        if not isinstance(smtp.sock, ssl.SSLSocket) and not _is_loopback(self._host):
            raise SenderMisconfigured(
                destination, f"{self._host} offers no encryption, so the password stays here; use smtps://"
            )
        try:
            smtp.login(self._user, self._password)
        except smtplib.SMTPResponseException as exc:
            _raise_connect(exc, destination, self._host)
        except smtplib.SMTPServerDisconnected as exc:
            raise RelayUnreachable(destination, f"the relay {self._host} hung up at the login") from exc
        except smtplib.SMTPException as exc:  # no AUTH, or no mechanism that we know
            raise SenderMisconfigured(
                destination, f"{self._host} takes no login; leave user and password out of RECAP_SMTP_URL"
            ) from exc


def _raise_connect(exc: smtplib.SMTPResponseException, destination: str, where: str) -> NoReturn:
    if 400 <= exc.smtp_code < 500:
        raise RelayUnreachable(destination, f"the relay {where} has no time for us ({exc.smtp_code})") from exc
    if isinstance(exc, smtplib.SMTPAuthenticationError):
        mend = "correct user and password in RECAP_SMTP_URL (percent-encode special characters)"
        raise SenderMisconfigured(destination, f"the relay refuses the login ({exc.smtp_code}): {mend}") from exc
    raise SenderMisconfigured(destination, f"the relay {where} does not let us in ({exc.smtp_code})") from exc


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye, as far as the relay still listens."""
    with suppress(smtplib.SMTPException, OSError):
        smtp.quit()
    smtp.close()
