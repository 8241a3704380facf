from datetime import timedelta

from bot.deliver import breaker
from bot.deliver.breaker import Breaker
from bot.model.errors import DeliveryBarred, DeliveryError, DeliveryFailed, MailboxGone, RelayUnreachable
from bot.model.policy import DeliverPolicy
from tests.builders import NOW

POLICY = DeliverPolicy(max_refusals=3, refusal_pause_s=300, retry_max_s=1000)


def after(*errors: DeliveryError | None, of: Breaker | None = None, minutes: float = 0) -> Breaker:
    known = of or Breaker()
    for error in errors:
        known = breaker.after(known, error, policy=POLICY, now=NOW + timedelta(minutes=minutes))
    return known


def test_relay_that_refuses_three_times_in_a_row_gets_a_pause() -> None:
    known = after(RelayUnreachable("weekly"), DeliveryBarred("weekly"), RelayUnreachable("weekly"))

    assert known.open_until == NOW + timedelta(seconds=300)
    assert known.is_open(NOW + timedelta(seconds=299))
    assert not known.is_open(NOW + timedelta(seconds=300))


def test_mail_that_goes_through_starts_the_count_anew() -> None:
    known = after(RelayUnreachable("weekly"), RelayUnreachable("weekly"), None, RelayUnreachable("weekly"))

    assert known == Breaker(refusals=1)


def test_refusals_that_are_about_readers_do_not_count() -> None:
    assert after(MailboxGone("weekly"), DeliveryFailed("weekly"), MailboxGone("weekly")) == Breaker()


def test_first_refusal_after_a_pause_brings_a_longer_one() -> None:
    rested = after(*[RelayUnreachable("weekly")] * 3)

    again = after(RelayUnreachable("weekly"), of=rested, minutes=6)
    third = after(RelayUnreachable("weekly"), of=again, minutes=20)

    assert again.open_until == NOW + timedelta(minutes=16)
    assert third.open_until == NOW + timedelta(minutes=20, seconds=1000)


def test_what_was_under_way_when_it_opened_changes_nothing() -> None:
    rested = after(*[RelayUnreachable("weekly")] * 3)

    assert after(RelayUnreachable("weekly"), None, of=rested, minutes=1) == rested
