from datetime import timedelta

import pytest

from bot.deliver import retry
from bot.model.errors import DeliveryError, DeliveryFailed, DeliveryRefused, DeliveryUnknown, DestinationGone
from bot.model.policy import DeliverPolicy
from tests.builders import NOW

POLICY = DeliverPolicy(max_attempts=5, retry_base_s=30.0, retry_max_s=100.0)


@pytest.mark.parametrize(("attempts", "pause_s"), [(1, 30), (2, 60), (3, 100), (4, 100)])
def test_pauses_double_up_to_the_longest(attempts: int, pause_s: float) -> None:
    again = retry.next_try(DeliveryFailed("C1"), attempts=attempts, policy=POLICY, now=NOW, jitter=0.0)

    assert again == NOW + timedelta(seconds=pause_s)


def test_jitter_adds_up_to_a_quarter() -> None:
    again = retry.next_try(DeliveryFailed("C1"), attempts=1, policy=POLICY, now=NOW, jitter=1.0)

    assert again == NOW + timedelta(seconds=37.5)


def test_pause_that_the_provider_asked_for_is_kept() -> None:
    error = DeliveryFailed("C1", retry_after_s=7)

    again = retry.next_try(error, attempts=2, policy=POLICY, now=NOW, jitter=0.5)

    assert again == NOW + timedelta(seconds=7)


def test_last_attempt_gives_up() -> None:
    assert retry.next_try(DeliveryFailed("C1"), attempts=5, policy=POLICY, now=NOW, jitter=0.0) is None


@pytest.mark.parametrize("error", [DeliveryRefused("C1"), DestinationGone("C1"), DeliveryUnknown("C1")])
def test_what_cannot_work_or_may_have_worked_is_never_tried_again(error: DeliveryError) -> None:
    assert retry.next_try(error, attempts=1, policy=POLICY, now=NOW, jitter=0.0) is None
