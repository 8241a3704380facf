from functools import cache

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from bot.deliver import mime
from bot.deliver.dkim import DkimKey
from bot.deliver.mime import Links
from bot.model.errors import SenderMisconfigured
from tests.builders import NOW
from tests.delivery_builders import LIST, a_digest, a_mail, a_mail_delivery


def pem_of(key: PrivateKeyTypes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@cache
def a_key() -> DkimKey:
    return DkimKey.parse(pem_of(rsa.generate_private_key(65537, 2048)))


def a_wire(text: str = "Halcyon opens its model") -> bytes:
    digest = a_digest(email=a_mail(text=text, html=f"<pre>{text}</pre>", subject="Größe  und  Wert " * 9))
    letter = mime.letter(digest, mailing_list=LIST, sender=LIST.sender, base_url="https://recap.example")
    return letter.to(a_mail_delivery(), links=Links(*[f"https://recap.example/{'t' * 300}"] * 3), sent_at=NOW)


def verifies(signed: bytes, key: DkimKey) -> bool:
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return key.record.encode()

    is_good: bool = dkim.verify(signed, dnsfunc=dns)
    assert asked == [b"recap._domainkey.mail.example."]
    return is_good


@pytest.mark.parametrize(
    "text", ["one line", "tabs\tand  gaps \t \nand trailing   \n\n\n", "灵犀发布新模型。" * 300, ".", ""]
)
def test_signature_is_verified_by_others(text: str) -> None:
    signed = a_key().signed(a_wire(text), domain="mail.example")

    assert verifies(signed, a_key())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Halcyon", b"Falcon"),
        (b"To: mira", b"To: jonas"),
        (b"List-Unsubscribe: <https://recap.example", b"List-Unsubscribe: <https://evil.example"),
        (b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: Lost"),
        (b"From: ", b"From: Mallory <m@evil.example>\r\nFrom: "),
    ],
)
def test_changed_mail_is_not_verified(old: bytes, new: bytes) -> None:
    signed = a_key().signed(a_wire(), domain="mail.example")
    assert old in signed

    assert not verifies(signed.replace(old, new, 1), a_key())


def test_signature_lines_are_short() -> None:
    signed = a_key().signed(a_wire(), domain="mail.example")

    header = signed[: signed.index(b"From:")]
    assert header.startswith(b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=mail.example; s=recap;")
    assert max(map(len, header.split(b"\r\n"))) <= 200


@pytest.mark.parametrize(
    ("pem", "fault"),
    [
        (b"", "is no private key in PEM"),
        (b"-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n", "is no private key in PEM"),
        (pem_of(ec.generate_private_key(ec.SECP256R1())), "is no RSA key"),
    ],
    ids=["empty", "nonsense", "elliptic"],
)
def test_key_that_dkim_does_not_know_says_how_to_mend_it(pem: bytes, fault: str) -> None:
    with pytest.raises(SenderMisconfigured, match=fault):
        DkimKey.parse(pem)
