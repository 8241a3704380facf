import pytest

from bot.deliver.press import Press
from bot.model.delivery import Delivery
from bot.model.errors import DestinationGone, SenderMisconfigured
from bot.model.policy import MailingList
from tests.delivery_builders import LIST, a_digest, a_mail, a_mail_delivery, a_token


def a_press(*lists: MailingList, sender: str | None = None) -> Press:
    return Press(lists or (LIST,), sender=sender, base_url="https://recap.example/", token=a_token)


def test_mail_knows_its_envelope() -> None:
    mail = a_press().mail(a_mail_delivery(), a_digest())

    assert (mail.sender, mail.recipient, mail.message_id) == (
        "recap@mail.example",
        "mira@reader.example",
        "<m1@mail.example>",
    )


def test_mail_comes_back_where_its_list_says() -> None:
    def returns_to(delivery: Delivery) -> str:
        return f"bounces+{delivery.id}@mail.example"

    press = Press((LIST,), sender=None, base_url="https://recap.example", token=a_token, returns_to=returns_to)

    mail = press.mail(a_mail_delivery(), a_digest())

    assert mail.sender == "bounces+m1@mail.example"
    assert mail.message_id == "<m1@mail.example>"
    assert b"\r\nFrom: Weekly Recap <recap@mail.example>\r\n" in b"\r\n" + mail.wire
    assert b"bounces+" not in mail.wire


def test_each_reader_gets_a_token_of_their_own() -> None:
    press = a_press()

    mira = press.mail(a_mail_delivery(), a_digest())
    jonas = press.mail(a_mail_delivery(recipient="jonas@reader.example"), a_digest())

    assert b"https://recap.example/unsubscribe/token-of-mira-weekly" in mira.wire
    assert b"https://recap.example/unsubscribe/token-of-jonas-weekly" in jonas.wire
    assert b"mira" not in jonas.wire


def test_token_is_made_safe_for_a_url() -> None:
    press = Press((LIST,), sender=None, base_url="https://recap.example", token=lambda *_: "a/b c\r\n")

    mail = press.mail(a_mail_delivery(), a_digest())

    assert b"List-Unsubscribe: <https://recap.example/unsubscribe/a%2Fb%20c%0D%0A>\r\n" in mail.wire


def test_edited_digest_is_printed_anew() -> None:
    press = a_press()
    press.mail(a_mail_delivery(), a_digest())

    edited = press.mail(a_mail_delivery(), a_digest(email=a_mail(subject="Mended")))

    assert b"\r\nSubject: Mended\r\n" in edited.wire


def test_sender_of_the_environment_serves_a_list_without_one() -> None:
    nameless = MailingList(id="weekly", name="Weekly", sender="", postal_address="")

    assert a_press(nameless, sender="env@mail.example").mail(a_mail_delivery(), a_digest()).sender == "env@mail.example"
    with pytest.raises(SenderMisconfigured, match="RECAP_EMAIL_FROM"):
        a_press(nameless).mail(a_mail_delivery(), a_digest())


def test_list_that_config_lost_has_nowhere_to_go() -> None:
    with pytest.raises(DestinationGone):
        a_press().mail(a_mail_delivery(destination="monthly"), a_digest())
