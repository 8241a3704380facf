import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import dkim
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bot.adapters.smtp import SmtpSender
from bot.deliver.dkim import DkimKey
from bot.model.delivery import Delivery
from bot.model.errors import (
    ContentRefused,
    DeliveryBarred,
    DeliveryError,
    DeliveryFailed,
    DeliveryRefused,
    DeliveryUnknown,
    DestinationGone,
    MailboxClosed,
    MailboxGone,
    RelayUnreachable,
    SenderMisconfigured,
)
from tests.delivery_builders import LIST, a_digest, a_mail, a_mail_delivery, a_token, fetch_receipt
from tests.fakes.smtp_server import Mail, SmtpServer

# The stand-in takes passwords in the clear, on the loopback only.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def a_sender(url: str, *, sender: str | None = None) -> SmtpSender:
    return SmtpSender(url, lists=[LIST], sender=sender, base_url="https://recap.example/", token=a_token, timeout_s=5)


def send(sender: SmtpSender, *addresses: str) -> None:
    for address in addresses:
        sender.send(a_mail_delivery(id=f"id-{address[0]}", recipient=address), a_digest(), parent=None)


def read(mail: Mail) -> EmailMessage:
    return message_from_bytes(mail.content, EmailMessage, policy=policy.SMTP)


def test_mail_goes_to_its_reader_alone() -> None:
    with SmtpServer() as relay:
        receipt = a_sender(relay.url).send(a_mail_delivery(), a_digest(), parent=None)

        [mail] = relay.mails
    assert (mail.sender, mail.recipients) == ("recap@mail.example", ["mira@reader.example"])
    assert receipt.id == "<m1@mail.example>" == read(mail)["Message-ID"]
    assert read(mail)["To"] == "mira@reader.example"
    assert read(mail)["List-Unsubscribe"] == "<https://recap.example/unsubscribe/token-of-mira-weekly>"


def test_environments_sender_goes_before_the_lists() -> None:
    with SmtpServer() as relay:
        send(a_sender(relay.url, sender="News <news@other.example>"), "a@reader.example")

        [mail] = relay.mails
    assert (mail.sender, read(mail)["From"]) == ("news@other.example", "News <news@other.example>")


def test_mail_comes_back_to_an_address_of_its_own() -> None:
    with SmtpServer() as relay:
        sender = SmtpSender(
            relay.url,
            lists=[LIST],
            sender=None,
            base_url="https://recap.example/",
            token=a_token,
            returns_to=lambda delivery: f"bounces+{delivery.id}@mail.example",
        )
        send(sender, "a@reader.example", "b@reader.example")

        envelopes = [mail.sender for mail in relay.mails]
        origins = [read(mail)["From"] for mail in relay.mails]
    assert envelopes == ["bounces+id-a@mail.example", "bounces+id-b@mail.example"]
    assert origins == ["Weekly Recap <recap@mail.example>"] * 2


def test_lines_that_begin_with_a_dot_arrive_whole() -> None:
    text = ".hidden\n..\n.\nend"
    with SmtpServer() as relay:
        a_sender(relay.url).send(a_mail_delivery(), a_digest(email=a_mail(text=text)), parent=None)

        body = read(relay.mails[0]).get_body(("plain",))
    assert body is not None
    assert body.get_content().split() == [".hidden", "..", ".", "end"]


def test_connection_is_used_again() -> None:
    with SmtpServer() as relay:
        send(a_sender(relay.url), "a@reader.example", "b@reader.example", "c@reader.example")

        assert len(relay.mails) == 3
        assert len({mail.connection for mail in relay.mails}) == 1


@pytest.mark.parametrize("is_pipelining", [False, True], ids=["one by one", "pipelined"])
def test_connection_that_the_relay_closed_is_replaced(*, is_pipelining: bool) -> None:
    with SmtpServer(is_pipelining=is_pipelining) as relay:
        sender = a_sender(relay.url)
        send(sender, "a@reader.example")
        relay.script.mail.append("drop")

        send(sender, "b@reader.example")

        assert [mail.recipients for mail in relay.mails] == [["a@reader.example"], ["b@reader.example"]]


@pytest.mark.parametrize("is_pipelining", [False, True], ids=["one by one", "pipelined"])
def test_relay_that_wants_a_new_connection_gets_one(*, is_pipelining: bool) -> None:
    with SmtpServer(max_mails=2, is_pipelining=is_pipelining) as relay:
        send(a_sender(relay.url), *(f"{name}@reader.example" for name in "abcde"))

        assert len(relay.mails) == 5
        assert len({mail.connection for mail in relay.mails}) == 3


@pytest.mark.parametrize(
    ("stage", "said", "expected"),
    [
        ("mail", "421 4.3.2 closing", RelayUnreachable),
        ("mail", "451 4.3.0 later", DeliveryFailed),
        ("mail", "550 5.7.1 sender not allowed", SenderMisconfigured),
        ("mail", "530 5.7.0 log in first", SenderMisconfigured),
        ("mail", "drop", RelayUnreachable),
        ("rcpt", "421 4.3.2 closing", DeliveryFailed),
        ("rcpt", "450 4.2.1 mailbox busy", DeliveryFailed),
        ("rcpt", "550 5.1.1 no such mailbox", MailboxGone),
        ("rcpt", "554 5.7.1 Relay access denied", SenderMisconfigured),
        ("rcpt", "550 5.7.515 access denied, domain does not meet the level", SenderMisconfigured),
        ("rcpt", "552 5.2.2 mailbox full", MailboxClosed),
        ("rcpt", "552 5.2.3 too long for this mailbox", DeliveryRefused),
        ("rcpt", "drop", DeliveryFailed),
        ("data", "452 4.3.1 no room", DeliveryFailed),
        ("data", "552 5.3.4 too big", ContentRefused),
        ("data", "554 5.6.0 cannot carry this", ContentRefused),
        ("data", "550 5.7.1 your address is on a block list", DeliveryBarred),
        ("data", "554 rejected as spam", DeliveryBarred),
        ("data", "drop", DeliveryUnknown),
        ("data", "keep+drop", DeliveryUnknown),
    ],
)
@pytest.mark.parametrize("is_pipelining", [False, True], ids=["one by one", "pipelined"])
def test_each_answer_of_the_relay_has_its_error(
    stage: str, said: str, expected: type[DeliveryError], *, is_pipelining: bool
) -> None:
    with SmtpServer(is_pipelining=is_pipelining) as relay:
        getattr(relay.script, stage).append(said)

        with pytest.raises(DeliveryError) as caught:
            a_sender(relay.url).send(a_mail_delivery(), a_digest(), parent=None)

    assert type(caught.value) is expected
    assert caught.value.destination == "weekly"


@pytest.mark.parametrize("is_pipelining", [False, True], ids=["one by one", "pipelined"])
def test_refused_reader_does_not_spoil_the_next(*, is_pipelining: bool) -> None:
    with SmtpServer(is_pipelining=is_pipelining) as relay:
        sender = a_sender(relay.url)
        relay.script.rcpt.append("550 5.1.1 <mira@reader.example>: no such mailbox")
        with pytest.raises(DeliveryRefused) as caught:
            sender.send(a_mail_delivery(), a_digest(), parent=None)

        send(sender, "b@reader.example")

        assert [mail.recipients for mail in relay.mails] == [["b@reader.example"]]
    assert "550 5.1.1 <the reader>: no such mailbox" in str(caught.value)


def test_relay_that_is_down_is_tried_later() -> None:
    with SmtpServer() as relay:
        url = relay.url

    with pytest.raises(DeliveryFailed, match="cannot be reached"):
        send(a_sender(url), "a@reader.example")


def test_relay_that_does_not_resolve_is_tried_later() -> None:
    with pytest.raises(DeliveryFailed, match="cannot be reached"):
        send(a_sender("smtp://relay.invalid:25"), "a@reader.example")


def test_login_is_made_with_decoded_credentials() -> None:
    with SmtpServer(login=("mailer@x", "p@ss/word")) as relay:
        send(a_sender(f"smtp://mailer%40x:p%40ss%2Fword@127.0.0.1:{relay.port}"), "a@reader.example")

        assert len(relay.mails) == 1


def test_refused_login_says_how_to_mend_it_and_keeps_the_password_secret() -> None:
    with SmtpServer(login=("mailer", "right")) as relay:
        sender = a_sender(f"smtp://mailer:wr0ng-secret@127.0.0.1:{relay.port}")

        with pytest.raises(SenderMisconfigured) as caught:
            send(sender, "a@reader.example")

    assert "the relay refuses the login (535): correct user and password in RECAP_SMTP_URL" in str(caught.value)
    assert "wr0ng-secret" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_login_that_the_relay_does_not_know_is_a_fault_of_the_setup() -> None:
    with SmtpServer() as relay, pytest.raises(SenderMisconfigured, match="takes no login"):
        send(a_sender(f"smtp://mailer:x@127.0.0.1:{relay.port}"), "a@reader.example")


@pytest.mark.parametrize("url", ["", "mailto:a@x.example", "smtp://", "relay.example:25"])
def test_address_that_is_none_is_a_fault_of_the_setup(url: str) -> None:
    with pytest.raises(SenderMisconfigured, match="RECAP_SMTP_URL must look like"):
        send(a_sender(url), "a@reader.example")


def test_list_that_is_gone_has_nowhere_to_go() -> None:
    with pytest.raises(DestinationGone, match=r"recap\.yaml has no list monthly"):
        a_sender("smtp://relay.invalid").send(a_mail_delivery(destination="monthly"), a_digest(), parent=None)


def test_smtp_shows_nothing_of_an_unknown_mail() -> None:
    delivery: Delivery = a_mail_delivery()

    assert fetch_receipt(a_sender("smtp://relay.invalid"), delivery) is None


def test_mail_is_signed_for_its_senders_domain_where_there_is_a_key() -> None:
    key = DkimKey(rsa.generate_private_key(65537, 2048), selector="s1")
    with SmtpServer() as relay:
        SmtpSender(
            relay.url, lists=[LIST], sender=None, base_url="https://recap.example", token=a_token, dkim=key
        ).send(a_mail_delivery(), a_digest(), parent=None)

        content = relay.mails[0].content
    assert dkim.verify(content, dnsfunc=lambda name, timeout=5: key.record.encode())
    assert b"d=mail.example; s=s1;" in content


# TLS


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_trusted_relay_is_spoken_to_in_private(scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = a_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    with SmtpServer(tls=context, is_implicit=scheme == "smtps", login=("mailer", "right")) as relay:
        send(a_sender(f"{scheme}://mailer:right@127.0.0.1:{relay.port}"), "a@reader.example", "b@reader.example")

        assert len(relay.mails) == 2


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_relay_whose_certificate_nobody_vouches_for_gets_nothing(scheme: str, tmp_path: Path) -> None:
    with (
        SmtpServer(tls=a_certificate(tmp_path), is_implicit=scheme == "smtps") as relay,
        pytest.raises(SenderMisconfigured, match="is not trusted"),
    ):
        send(a_sender(f"{scheme}://127.0.0.1:{relay.port}"), "a@reader.example")

    assert relay.mails == []


def a_certificate(directory: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "relay")])
    now = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, private = directory / "cert.pem", directory / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    return context
