"""Notices as mails: no list's headers, the same bytes at every try."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from bot.deliver import notices
from bot.deliver.dkim import DkimKey
from bot.deliver.mime import Printed
from bot.model.errors import DeliveryRefused, SenderMisconfigured
from bot.model.subscriber import Notice
from tests.contract.test_notices import a_notice
from tests.unit.deliver.test_dkim import a_key, verifies

SENDER = "Weekly Recap <recap@mail.example>"


def printed(notice: Notice, *, sender: str = SENDER, key: DkimKey | None = None) -> Printed:
    delivery = notices.delivery_of(notice, sender="smtp", workspace="")
    return notices.printed(notice, delivery, sender=sender, dkim=key)


def read(mail: Printed) -> EmailMessage:
    return message_from_bytes(mail.wire, EmailMessage, policy=policy.default)


def test_notice_has_the_headers_of_a_mail_to_one_person() -> None:
    mail = read(
        printed(a_notice(subject="请确认：\r\nBcc: x@evil.example", language="zh", text="正文", html="<p>正文</p>"))
    )

    assert dict(mail.items()) | {"Message-ID": "", "Content-Type": ""} == {
        "From": SENDER,
        "To": "ann@reader.example",
        "Subject": "请确认： Bcc: x@evil.example",
        "Date": "Mon, 23 Nov 2026 09:00:00 +0000",
        "Message-ID": "",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": "",
        "Content-Language": "zh",
    }


def test_plain_part_comes_first_and_both_say_it() -> None:
    mail = read(printed(a_notice(text="Grüße", html="<p>Grüße</p>")))

    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert ["Grüße" in str(part.get_content()) for part in mail.iter_parts()] == [True, True]


def test_notice_is_the_same_at_every_try() -> None:
    assert printed(a_notice()) == printed(a_notice())
    assert printed(a_notice()).message_id != printed(a_notice("n2")).message_id


def test_lines_are_short_and_end_as_mail_wants_it() -> None:
    wire = printed(a_notice(html=f"<p>{'x' * 5000}</p>", text="灵犀" * 2000)).wire

    assert max(map(len, wire.split(b"\r\n"))) <= 998
    assert b"\n" not in wire.replace(b"\r\n", b"")


def test_signature_is_verified_by_others() -> None:
    assert verifies(printed(a_notice(), key=a_key()).wire, a_key())


@pytest.mark.parametrize(
    "address", ["", "ann", "ann@reader.example, ben@reader.example", "ann@reader.example\r\nBcc: x"]
)
def test_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(DeliveryRefused):
        printed(a_notice(address=address))


def test_sender_that_is_none_names_the_list() -> None:
    with pytest.raises(SenderMisconfigured, match="from` of the list weekly"):
        printed(a_notice(), sender="nobody")
