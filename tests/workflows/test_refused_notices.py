"""A relay that refuses notices rests as from recaps, and only what says something of a reader counts against them."""

import pytest

from bot.adapters.storage.store import SqlStore
from bot.deliver.breaker import Breaker
from bot.model.errors import DeliveryBarred, DeliveryError, MailboxGone, RelayUnreachable, SenderMisconfigured
from bot.model.subscriber import BounceKind, address_hash
from tests.builders import NOW
from tests.fakes.post_office import ANN, PostOffice

READERS = [f"r{number}@reader.example" for number in range(4)]
BARRED = DeliveryBarred("weekly", "550 5.7.1 our standing is bad")


@pytest.fixture
def office() -> PostOffice:
    store = SqlStore("sqlite://")
    store.upgrade()
    return PostOffice(store)


@pytest.mark.parametrize("error", [BARRED, RelayUnreachable("weekly", "421 too many")])
def test_relay_that_refuses_in_bulk_rests_and_then_takes_what_waited(office: PostOffice, error: DeliveryError) -> None:
    for reader in READERS:
        office.sign_up(reader)
    office.sender.script.extend([error, error])

    assert office.post() == 4
    assert not office.sender.script
    assert office.sender.notices == []
    office.pass_time(minutes=4)
    assert office.post() == 4
    office.pass_time(minutes=2)
    assert office.post() == 0
    assert len(office.sender.notices) == 4


def test_notices_wait_while_recaps_found_that_the_relay_refuses(office: PostOffice) -> None:
    office.sign_up()
    office.breakers["smtp"] = Breaker(5, 1, NOW.replace(hour=23))

    assert office.post() == 1
    assert office.sender.notices == []


def test_sender_that_must_be_mended_leaves_the_relays_pauses_as_they_are(office: PostOffice) -> None:
    office.sign_up()
    office.breakers["smtp"] = rested = Breaker(5, 1, NOW.replace(hour=0))
    office.sender.script.append(SenderMisconfigured("weekly", "the relay refuses the login (535)"))

    office.post()

    assert office.breakers["smtp"] == rested


def test_refusal_of_our_own_mail_costs_no_reader(office: PostOffice) -> None:
    office.sign_up()
    office.sender.script.append(BARRED)
    office.post()

    [bounce] = office.store.load_bounces(address_hash(ANN), since=NOW.replace(hour=0))
    assert bounce.kind is BounceKind.POLICY
    assert office.store.load_suppressions() == []
    office.pass_time(minutes=10)
    assert office.post() == 0
    assert len(office.sender.notices) == 1


def test_address_without_a_mailbox_is_never_written_to_again(office: PostOffice) -> None:
    office.sign_up()
    office.sender.script.append(MailboxGone("weekly", "550 5.1.1 no such user"))
    office.post()
    office.pass_time(hours=2)
    office.sign_up()

    assert office.mails() == []
    assert [each.reason for each in office.store.load_suppressions()] == ["bounce 5.1.1"]


def test_relay_that_must_be_mended_is_asked_once_a_pass(office: PostOffice) -> None:
    for reader in READERS:
        office.sign_up(reader)
    office.sender.script.append(SenderMisconfigured("weekly", "535 bad login"))

    assert office.post() == 4
    assert office.sender.notices == []
