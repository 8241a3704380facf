"""DKIM: signs a mail for its sender's domain. Source: RFC 6376, CONVENTIONS E24 and E34."""

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from bot.model.errors import SenderMisconfigured

_SIGNED = (
    "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Reply-To",
    "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Archive", "Feedback-ID", "Auto-Submitted",
)  # fmt: skip
_VALUE_CHARS = 72


@dataclass(frozen=True, slots=True)
class DkimKey:
    """The private key of a domain, published as `<selector>._domainkey.<domain>`."""

    private: RSAPrivateKey
    selector: str = "recap"

    @classmethod
    def parse(cls, pem: bytes, *, selector: str = "recap") -> Self:
        """Return the key in *pem*. Raises: SenderMisconfigured where it is none that DKIM knows."""
        try:
            private = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as exc:
            raise _unusable("is no private key in PEM without a password") from exc
        if not isinstance(private, RSAPrivateKey):
            raise _unusable("is no RSA key, the only kind that all receivers check")
        return cls(private, selector)

    @property
    def record(self) -> str:
        """The TXT record that must stand in the domain's DNS."""
        public = self.private.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"

    def signed(self, wire: bytes, *, domain: str) -> bytes:
        """Return *wire* (CRLF lines) with its signature for *domain* in front; From cannot be added to it."""
        head, _, body = wire.partition(b"\r\n\r\n")
        headers = _headers(head)
        names = [name for name in _SIGNED if name.lower() in headers]
        tags = (
            f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={self.selector};\r\n"
            f" h={':'.join([*names, 'From'])};\r\n"
            f" bh={base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest()).decode()};\r\n b="
        )
        lines = [f"{name.lower()}:{headers[name.lower()]}\r\n" for name in names]
        asked = "".join(lines) + f"dkim-signature:{_relaxed(tags)}"
        value = base64.b64encode(self.private.sign(asked.encode("utf-8"), PKCS1v15(), hashes.SHA256())).decode()
        folded = "\r\n ".join(value[start : start + _VALUE_CHARS] for start in range(0, len(value), _VALUE_CHARS))
        return f"DKIM-Signature: {tags}{folded}\r\n".encode("ascii") + wire


def _headers(head: bytes) -> dict[str, str]:
    unfolded = re.sub(r"\r\n(?=[ \t])", "", head.decode("utf-8"))
    pairs = (line.partition(":") for line in unfolded.split("\r\n"))
    return {name.strip().lower(): _relaxed(value) for name, _, value in pairs}


def _relaxed(value: str) -> str:
    return " ".join(value.split())


def _relaxed_body(body: bytes) -> bytes:
    # Five times as fast as a regular expression, and most of what signing costs besides the key.
    kept = body.replace(b"\t", b" ")
    while b"  " in kept:
        kept = kept.replace(b"  ", b" ")
    kept = kept.replace(b" \r\n", b"\r\n").rstrip(b"\r\n")
    return kept + b"\r\n" if kept else b""


def _unusable(what: str) -> SenderMisconfigured:
    return SenderMisconfigured("mail", f"the file of RECAP_DKIM_KEY_FILE {what}; make one with `openssl genrsa 2048`")
