from dataclasses import replace
from email.message import EmailMessage

import pytest

from bot.deliver import mime
from bot.deliver.mime import Links
from bot.model.delivery import Delivery
from bot.model.digest import Digest
from bot.model.errors import DeliveryRefused, SenderMisconfigured
from bot.model.policy import MailingList
from tests.builders import NOW
from tests.delivery_builders import LIST, a_digest, a_mail, a_mail_delivery

URL = "https://recap.example/unsubscribe/abc.DEF-1_2"
LINKS = Links(URL, "https://recap.example/preferences/pqr", "https://recap.example/feedback/xyz")
SITE = "https://recap.example"


def built(digest: Digest | None = None, delivery: Delivery | None = None, sender: str = LIST.sender) -> EmailMessage:
    return mime.build(
        digest or a_digest(),
        delivery or a_mail_delivery(),
        mailing_list=LIST,
        sender=sender,
        base_url=SITE,
        links=LINKS,
        sent_at=NOW,
    )


def wire(digest: Digest) -> bytes:
    letter = mime.letter(digest, mailing_list=LIST, sender=LIST.sender, base_url=SITE)
    return letter.to(a_mail_delivery(), links=LINKS, sent_at=NOW)


def test_mail_has_each_header_once() -> None:
    headers = built().items()

    assert {name: value for name, value in headers if name != "Content-Type"} == {
        "From": "Weekly Recap <recap@mail.example>",
        "Subject": "Halcyon opens its model",
        "List-Id": '"Weekly Recap" <weekly.mail.example>',
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "Content-Language": "en",
        "MIME-Version": "1.0",
        "To": "mira@reader.example",
        "Date": "Mon, 23 Nov 2026 09:00:00 +0000",
        "Message-ID": "<m1@mail.example>",
        "List-Unsubscribe": f"<{URL}>",
        "List-Archive": "<https://recap.example/>",
        "Feedback-ID": "2026-W47:founders:weekly:mail.example",
    }
    assert len(headers) == 15


@pytest.mark.parametrize(
    ("sender", "told"),
    [
        ("a@news.example", "news.example"),
        ("a@letters.a-long-company-name.example", "recap71ad412c63"),
        ("a@b.co", "recap4fa4931823"),
    ],
)
def test_who_sends_is_told_to_gmail_in_five_to_fifteen_characters(sender: str, told: str) -> None:
    assert built(sender=sender)["Feedback-ID"] == f"2026-W47:founders:weekly:{told}"


def test_text_comes_first_and_html_last() -> None:
    parts = list(built().iter_parts())

    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]


@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_recipient_gets_a_link_of_their_own(subtype: str) -> None:
    body = built().get_body((subtype,))

    assert body is not None
    assert URL in body.get_content()
    assert "%%" not in body.get_content()


def test_link_is_escaped_in_html_alone() -> None:
    letter = mime.letter(a_digest(), mailing_list=LIST, sender=LIST.sender, base_url=SITE)

    raw = letter.to(a_mail_delivery(), links=replace(LINKS, unsubscribe="https://recap.example/u?a=1&b=2"), sent_at=NOW)

    whole = raw.replace(b"=\r\n", b"")
    assert b"Leave:=20https://recap.example/u?a=3D1&b=3D2" in whole
    assert b"https://recap.example/u?a=3D1&amp;b=3D2" in whole


@pytest.mark.parametrize("language", ["en", "zh"])
def test_bodies_survive_the_transfer(language: str) -> None:
    words = {"en": "Größe – “quoted” 🔥 = 100 %\n.\n..dots\nFrom here\ntrail \n", "zh": "灵犀发布新模型。" * 400 + "\n"}
    digest = a_digest(email=a_mail(text=words[language], html=f"<p>{words[language]}</p>", language=language))

    body = built(digest).get_body(("plain",))

    assert body is not None
    assert body.get_content().replace("\r\n", "\n").rstrip("\n") == words[language].rstrip("\n")


@pytest.mark.parametrize("text", ["x" * 5000, "汉" * 5000, "a\rb\nc\r\nd", "é" * 3000])
def test_lines_are_short_and_end_with_crlf(text: str) -> None:
    raw = wire(a_digest(email=a_mail(text=text, html=text, subject="Größe " * 80)))

    lines = raw.split(b"\r\n")
    assert max(len(line) for line in lines) <= 998
    assert all(b"\n" not in line and b"\r" not in line and b"\0" not in line for line in lines)
    assert raw.isascii()


def test_message_id_is_the_deliverys_own_at_every_try() -> None:
    letter = mime.letter(a_digest(), mailing_list=LIST, sender=LIST.sender, base_url=SITE)

    tries = {letter.to(a_mail_delivery(attempts=n), links=LINKS, sent_at=NOW) for n in range(3)}

    assert len(tries) == 1


def test_line_breaks_in_a_subject_make_no_header() -> None:
    digest = a_digest(email=a_mail(subject="News\r\nBcc: all@victim.example\u2028X-Other: 1"))

    message = built(digest)

    assert message["Bcc"] is None
    assert message["Subject"] == "News Bcc: all@victim.example X-Other: 1"


def test_line_breaks_in_names_make_no_header() -> None:
    hostile = MailingList(id="a\r\nb", name='x"\r\nBcc: all@victim.example', sender="", postal_address="")

    letter = mime.letter(
        a_digest(), mailing_list=hostile, sender="Me\r\nBcc: x@y.example <recap@mail.example>", base_url=SITE
    )

    assert b"\r\nBcc" not in letter.head


@pytest.mark.parametrize(
    "address",
    [
        "mira@reader.example\r\nBcc: all@victim.example",
        "mira@reader.example,jonas@reader.example",
        "Mira <mira@reader.example>",
        "mira",
        "mira@",
        "@reader.example",
        "a b@reader.example",
        f"{'m' * 64}@{'r' * 250}.example",
        "",
    ],
)
def test_what_is_no_single_address_is_refused(address: str) -> None:
    with pytest.raises(DeliveryRefused):
        built(delivery=a_mail_delivery(recipient=address))


def test_international_domain_goes_out_in_ascii() -> None:
    assert built(delivery=a_mail_delivery(recipient="mira@bücher.example"))["To"] == "mira@xn--bcher-kva.example"


def test_name_of_the_list_in_chinese_is_encoded_outside_quotes() -> None:
    chinese = MailingList(id="zh", name="每周回顾", sender="每周回顾 <recap@mail.example>", postal_address="")

    letter = mime.letter(a_digest(), mailing_list=chinese, sender=chinese.sender, base_url=SITE)

    assert letter.head.isascii()
    assert b"List-Id: =?utf-8?" in letter.head


def test_sender_that_is_no_address_is_a_fault_of_the_setup() -> None:
    with pytest.raises(SenderMisconfigured, match="RECAP_EMAIL_FROM"):
        built(sender="nobody")


def test_link_that_is_no_url_is_a_fault_of_the_setup() -> None:
    letter = mime.letter(a_digest(), mailing_list=LIST, sender=LIST.sender, base_url=SITE)

    with pytest.raises(SenderMisconfigured, match="RECAP_BASE_URL"):
        letter.to(
            a_mail_delivery(), links=replace(LINKS, unsubscribe="https://x.example/\r\nBcc: a@b.example"), sent_at=NOW
        )


def test_digest_without_a_mail_is_refused() -> None:
    with pytest.raises(DeliveryRefused):
        built(a_digest(email=None))


def test_list_may_have_answers_elsewhere_and_take_leave_by_mail() -> None:
    asked = replace(LIST, reply_to="Desk <desk@mail.example>", unsubscribe_mailto="leave@mail.example")

    mail = mime.build(
        a_digest(), a_mail_delivery(), mailing_list=asked, sender=LIST.sender, base_url=SITE, links=LINKS, sent_at=NOW
    )

    assert mail["Reply-To"] == "Desk <desk@mail.example>"
    assert mail["List-Unsubscribe"] == f"<{URL}>, <mailto:leave@mail.example?subject=unsubscribe%20abc.DEF-1_2>"


@pytest.mark.parametrize(("since", "words"), [(NOW, "since 2026-11-23"), (None, "a member")])
def test_words_for_subscribers_and_members_differ(since: object, words: str) -> None:
    open_mail = a_mail(text="You: %%subscriber%%since %%since%%%%member%%a member%%end%%.\n", html="<p>x</p>")

    body = built(a_digest(email=open_mail), a_mail_delivery(since=since)).get_body(("plain",))

    assert body is not None
    assert body.get_content().strip() == f"You: {words}."


def test_words_for_others_leave_no_hole() -> None:
    open_mail = a_mail(text="A\n\n%%subscriber%%\nyou\n\n%%member%%\na member\n\n%%end%%\n\nB\n", html="<p>x</p>")

    body = built(a_digest(email=open_mail), a_mail_delivery(since=NOW)).get_body(("plain",))

    assert body is not None
    assert body.get_content().splitlines() == ["A", "", "you", "", "B"]


@pytest.mark.parametrize("count", range(0, 80, 7))
def test_what_is_filled_in_keeps_lines_within_seventy_six_columns(count: int) -> None:
    open_mail = a_mail(text="x" * count + "%%unsubscribe_url%% %%feedback_url%%\n.\n", html="<p>" + "y" * 300 + "</p>")

    raw = wire(a_digest(email=open_mail))

    assert max(len(line) for line in raw.partition(b"\r\n\r\n")[2].split(b"\r\n")) <= 76
    assert raw.count(b"\n") == raw.count(b"\r\n")
    body = built(a_digest(email=open_mail)).get_body(("plain",))
    assert body is not None
    assert body.get_content().split() == ["x" * count + URL, LINKS.feedback, "."]
