import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters import bounces
from bot.deliver import bounced
from bot.model.subscriber import BounceKind
from bot.wiring.envelopes import delivery_of, token_of
from tests.fakes.returned import FOLDER, KEY, sample

DELIVERY = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("postfix-unknown", "5.1.1", BounceKind.HARD),
        ("postfix-expired", "4.4.1", BounceKind.SOFT),
        ("exchange-full", "5.2.2", BounceKind.SOFT),
        ("exim-unrouteable", "", BounceKind.HARD),
        ("qmail-no-mailbox", "5.1.1", BounceKind.HARD),
        ("gmail-unauthenticated", "5.7.26", BounceKind.POLICY),
    ],
)
def test_report_names_its_reader_and_the_reason(name: str, status: str, kind: BounceKind) -> None:
    returned = bounces.read(sample(name, DELIVERY))

    assert returned is not None
    assert (returned.address, returned.status) == ("ann@reader.example", status)
    assert not returned.is_complaint
    assert bounced.kind_of(returned.status, returned.diagnostic, kinds={}) is kind


@pytest.mark.parametrize(
    "name", ["postfix-unknown", "exchange-full", "exim-unrouteable", "qmail-no-mailbox", "gmail-unauthenticated"]
)
def test_report_says_which_mail_it_is_about_twice(name: str) -> None:
    returned = bounces.read(sample(name, DELIVERY))

    assert returned is not None
    assert any(token_of(DELIVERY, KEY) in address for address in returned.envelopes)
    assert returned.message_ids == (f"{DELIVERY}@mail.example",)


@pytest.mark.parametrize("name", ["postfix-delayed", "not-spam", "vacation"])
def test_what_is_no_refusal_says_nothing(name: str) -> None:
    assert bounces.read(sample(name, DELIVERY)) is None


def test_complaint_is_told_from_a_bounce() -> None:
    returned = bounces.read(sample("complaint", DELIVERY))

    assert returned is not None
    assert returned.is_complaint
    assert returned.diagnostic == "reported as abuse"
    assert token_of(DELIVERY, KEY) in returned.envelopes[1]


def test_words_of_our_own_mail_are_no_reason() -> None:
    copied = sample("exim-unrouteable", DELIVERY).replace(b"Unrouteable address", b"sorry")
    returned = bounces.read(copied.replace(b"Halcyon opens its model", b"No such user, says Halcyon; blocked as spam"))

    assert returned is not None
    assert returned.diagnostic == "sorry"
    assert bounced.kind_of(returned.status, returned.diagnostic, kinds={}) is BounceKind.SOFT


def test_same_mail_has_the_same_identity_and_another_has_not() -> None:
    raw = sample("qmail-no-mailbox", DELIVERY)

    first, again, other = (bounces.read(each) for each in (raw, raw, raw.replace(b"relay", b"gate")))

    assert first is not None
    assert again is not None
    assert other is not None
    assert first.identity == again.identity != other.identity


def test_where_the_mail_server_says_it_went_comes_first() -> None:
    returned = bounces.read(sample("postfix-unknown", DELIVERY), sent_to="bounces+other@mail.example")

    assert returned is not None
    assert returned.envelopes[0] == "bounces+other@mail.example"


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(path.stem for path in FOLDER.glob("*.eml"))),
    at=st.integers(0, 3000),
    length=st.integers(0, 400),
    junk=st.binary(max_size=60),
)
def test_damaged_report_never_raises(name: str, at: int, length: int, junk: bytes) -> None:
    raw = sample(name, DELIVERY)

    returned = bounces.read(raw[:at] + junk + raw[at + length :])

    assert returned is None or returned.identity


@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=400))
def test_junk_never_raises(raw: bytes) -> None:
    returned = bounces.read(raw)

    assert returned is None or returned.address


def test_bottomless_mail_is_read_to_its_limit() -> None:
    nested = b"From: x@relay.example\nContent-Type: message/rfc822\n\n" * 3000 + b"\n550 5.1.1 ann@reader.example"

    assert bounces.read(nested) is None


@pytest.mark.parametrize(
    ("status", "diagnostic", "kind"),
    [
        ("5.1.2", "", BounceKind.HARD),
        ("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", BounceKind.HARD),
        ("5.0.0", "550 5.1.1 no such user", BounceKind.HARD),
        ("5.0.0", "550 Requested action not taken: mailbox unavailable", BounceKind.SOFT),
        ("", "552 Mailbox is full", BounceKind.SOFT),
        ("", "550 Message rejected as spam", BounceKind.POLICY),
        ("5.7.515", "Access denied, sending domain does not pass authentication", BounceKind.POLICY),
        ("4.7.0", "", BounceKind.POLICY),
        ("4.4.7", "", BounceKind.SOFT),
        ("5.4.1", "", BounceKind.SOFT),
        ("", "550 rejected by 5.1.1.2, ask them", BounceKind.SOFT),
        ("", "", BounceKind.SOFT),
    ],
)
def test_code_tells_and_else_the_words(status: str, diagnostic: str, kind: BounceKind) -> None:
    assert bounced.kind_of(status, diagnostic, kinds={}) is kind


def test_operators_reading_of_a_code_goes_first() -> None:
    kinds = {"5.2": BounceKind.HARD, "5.1.1": BounceKind.SOFT}

    assert bounced.kind_of("5.2.2", "", kinds=kinds) is BounceKind.HARD
    assert bounced.kind_of("5.1.1", "", kinds=kinds) is BounceKind.SOFT
    assert bounced.kind_of("5.1.2", "", kinds=kinds) is BounceKind.HARD


def test_token_stands_for_one_delivery_under_any_of_our_keys() -> None:
    token = token_of(DELIVERY, "old")

    assert len(token) == 48
    assert token == token.lower()
    assert delivery_of(["new", "old"])(token) == DELIVERY
    assert delivery_of(["new"])(token) == ""
    assert delivery_of(["new", "old"])("f" + token[1:]) == ""
    assert delivery_of([])(token) == ""
