import pytest

from bot.deliver import refusals
from bot.model.errors import (
    ContentRefused,
    DeliveryBarred,
    DeliveryError,
    DeliveryFailed,
    DeliveryRefused,
    MailboxClosed,
    MailboxGone,
    RelayUnreachable,
    SenderMisconfigured,
)
from bot.model.subscriber import BounceKind


@pytest.mark.parametrize(
    ("code", "told", "expected"),
    [
        (550, "550 5.1.1 no such user", MailboxGone),
        (550, "550 user unknown", MailboxGone),
        (552, "552 5.2.2 over quota", MailboxClosed),
        (550, "550 no", MailboxClosed),
        (550, "550 5.7.1 blocked", DeliveryBarred),
        (554, "554 message looks like spam", DeliveryBarred),
        (550, "550 5.7.26 unauthenticated", SenderMisconfigured),
        (554, "554 relay access denied", SenderMisconfigured),
        (552, "552 5.3.4 too big", ContentRefused),
        (552, "552 5.2.3 too long", DeliveryRefused),
        (451, "451 4.7.1 greylisted", DeliveryFailed),
    ],
)
def test_each_refusal_says_whose_fault_it_is(code: int, told: str, expected: type[DeliveryError]) -> None:
    assert type(refusals.error_of(code, told, destination="weekly")) is expected


@pytest.mark.parametrize(
    ("code", "expected"), [(421, RelayUnreachable), (451, DeliveryFailed), (550, SenderMisconfigured)]
)
def test_refusal_before_any_reader_was_named_is_about_us(code: int, expected: type[DeliveryError]) -> None:
    error = refusals.error_of(code, f"{code} go away", destination="weekly", is_about_us=True)

    assert type(error) is expected


def test_only_what_is_about_the_reader_or_our_standing_counts_as_bounced() -> None:
    assert refusals.kind_of(MailboxGone("weekly")) is BounceKind.HARD
    assert refusals.kind_of(MailboxClosed("weekly")) is BounceKind.SOFT
    assert refusals.kind_of(DeliveryBarred("weekly")) is BounceKind.POLICY
    assert refusals.kind_of(ContentRefused("weekly")) is None
    assert refusals.kind_of(DeliveryFailed("weekly")) is None
