from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters import bounces
from bot.adapters.storage.store import SqlStore
from bot.model.policy import BouncePolicy, MailingList
from bot.model.subscriber import Bounce, BounceKind, SubscriptionState, Suppression, address_hash, subscriber_id
from bot.wiring.envelopes import delivery_of, return_address, token_of
from bot.workflows import handle_bounce
from bot.workflows.handle_bounce import Outcome, Reception, Verdict
from tests.builders import NOW
from tests.contract.builders import a_delivery, a_subscriber, a_subscription
from tests.delivery_builders import LIST
from tests.fakes.returned import KEY, SIGNED_LIST, a_mail_delivery, sample
from tests.fakes.stores import url_of

ANN = "ann@reader.example"


class Desk:
    """Where mails come back to: one list, a ledger, and a reader."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.lists: tuple[MailingList, ...] = (SIGNED_LIST,)
        self.policy = BouncePolicy()

    def sent(self, subject: str = "digest-1", **values: object) -> str:
        delivery = a_mail_delivery(subject, **values)
        self.store.save_deliveries([delivery])
        return delivery.id

    def take(self, raw: bytes, *, sent_to: str = "", now: datetime = NOW) -> Outcome:
        returned = bounces.read(raw, sent_to=sent_to)
        assert returned is not None
        reception = Reception(
            store=self.store, policy=self.policy, lists=self.lists, delivery_of=delivery_of(["new", KEY])
        )
        return handle_bounce.handle(returned, reception=reception, is_proven=False, now=now)

    def reasons(self) -> list[tuple[str, str]]:
        return [(each.list_id, each.reason) for each in self.store.load_suppressions(of=address_hash(ANN))]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(SqlStore(url_of(tmp_path / "recap.db"))) as store:
        yield Desk(store)


def test_dead_mailbox_is_never_written_to_again(desk: Desk) -> None:
    outcome = desk.take(sample("postfix-unknown", desk.sent()))

    assert (outcome.verdict, outcome.kind, outcome.status) == (Verdict.SUPPRESSED, BounceKind.HARD, "5.1.1")
    assert desk.reasons() == [("*", "bounce 5.1.1")]
    assert desk.store.is_suppressed(ANN, list_id="another")


def test_same_mail_twice_counts_once(desk: Desk) -> None:
    raw = sample("exchange-full", desk.sent())

    verdicts = [desk.take(raw).verdict for _ in range(5)]

    assert verdicts == [Verdict.COUNTED] + [Verdict.KNOWN] * 4
    assert desk.reasons() == []


class DyingStore(SqlStore):
    """Its process ends as soon as a bounce is to be kept."""

    def save_bounce(self, bounce: Bounce) -> bool:
        raise KeyboardInterrupt


def test_report_that_a_process_died_over_counts_when_it_comes_again(desk: Desk, tmp_path: Path) -> None:
    raw = sample("postfix-unknown", desk.sent())
    with closing(DyingStore(url_of(tmp_path / "recap.db"))) as dying, pytest.raises(KeyboardInterrupt):
        Desk(dying).take(raw)

    verdicts = [desk.take(raw).verdict for _ in range(2)]

    assert verdicts == [Verdict.SUPPRESSED, Verdict.KNOWN]
    assert desk.reasons() == [("*", "bounce 5.1.1")]


def test_full_mailbox_is_given_up_after_four_weekly_mails(desk: Desk) -> None:
    late_s = [0, 3600, -3600, 7200]
    verdicts = [
        desk.take(
            sample("exchange-full", desk.sent(f"digest-{week}")),
            now=NOW + timedelta(weeks=week, seconds=late_s[week]),
        ).verdict
        for week in range(4)
    ]

    assert verdicts == [Verdict.COUNTED, Verdict.COUNTED, Verdict.COUNTED, Verdict.SUPPRESSED]
    assert desk.reasons() == [("*", "4 soft bounces")]


def test_full_mailbox_is_forgotten_after_its_weeks(desk: Desk) -> None:
    for week in (0, 1, 2, 5, 6):
        outcome = desk.take(sample("exchange-full", desk.sent(f"digest-{week}")), now=NOW + timedelta(weeks=week))

    assert outcome.verdict is Verdict.COUNTED
    assert outcome.reason == "2 of 4 soft bounces in 3 weeks"


def test_thresholds_and_kinds_are_the_operators(desk: Desk) -> None:
    desk.policy = BouncePolicy(soft_limit=1, kinds={"5.1.1": BounceKind.POLICY})

    assert desk.take(sample("exchange-full", desk.sent())).verdict is Verdict.SUPPRESSED
    assert desk.take(sample("postfix-unknown", desk.sent("digest-2"))).verdict is Verdict.OURS


def test_refusal_for_our_own_fault_costs_no_reader(desk: Desk) -> None:
    outcome = desk.take(sample("gmail-unauthenticated", desk.sent()))

    assert outcome.verdict is Verdict.OURS
    assert desk.reasons() == []
    kept = desk.store.load_bounces_of(BounceKind.POLICY, since=NOW, limit=9)
    assert [each.status for each in kept] == ["5.7.26"]


def test_complaint_ends_every_list(desk: Desk) -> None:
    reader = a_subscriber(ANN, id="x")
    person = reader.model_copy(update={"id": subscriber_id(ANN)})
    for list_id in ("weekly", "daily"):
        desk.store.save_subscriber(person, a_subscription(person, list_id=list_id))

    outcome = desk.take(sample("complaint", desk.sent()))

    assert outcome.verdict is Verdict.SUPPRESSED
    assert desk.reasons() == [("*", "complaint")]
    ended = desk.store.load_subscriptions(person.id)
    assert [(each.state, each.left_reason) for each in ended] == [(SubscriptionState.ENDED, "complaint")] * 2


def test_complaint_goes_before_a_bounce_and_stays(desk: Desk) -> None:
    first, second, third = (desk.sent(f"digest-{number}") for number in range(3))

    desk.take(sample("postfix-unknown", first))
    desk.take(sample("complaint", second))
    desk.take(sample("postfix-unknown", third))

    assert desk.reasons() == [("*", "complaint")]


def test_reader_who_left_one_list_is_suppressed_on_all_after_a_bounce(desk: Desk) -> None:
    left = Suppression(address_hash=address_hash(ANN), list_id="weekly", reason="unsubscribed", created_at=NOW)
    desk.store.save_suppression(left)

    desk.take(sample("postfix-unknown", desk.sent()), now=NOW + timedelta(hours=1))

    assert desk.reasons() == [("*", "bounce 5.1.1"), ("weekly", "unsubscribed")]


@pytest.mark.parametrize("forged", ["f" * 48, token_of("0" * 32, "another key"), token_of("0" * 32, KEY)])
def test_forged_or_unknown_token_is_ignored(desk: Desk, forged: str) -> None:
    outcome = desk.take(sample("postfix-unknown", desk.sent(), token=forged))

    assert outcome.verdict is Verdict.IGNORED
    assert desk.reasons() == []


def test_message_id_alone_is_no_proof_where_mails_carry_a_token(desk: Desk) -> None:
    raw = sample("postfix-unknown", desk.sent(), token="no").replace(b"+no@", b"@")

    assert desk.take(raw).verdict is Verdict.IGNORED

    desk.lists = (LIST,)
    assert desk.take(raw).verdict is Verdict.SUPPRESSED


def test_token_from_the_mail_server_suffices(desk: Desk) -> None:
    delivery = desk.sent()
    raw = sample("qmail-no-mailbox", "0" * 32, token="no").replace(b"+no@", b"@")

    outcome = desk.take(raw, sent_to=f"bounces+{token_of(delivery, KEY)}@mail.example".upper())

    assert outcome.verdict is Verdict.SUPPRESSED
    assert outcome.delivery_id == delivery


def test_erased_reader_stays_erased(desk: Desk) -> None:
    outcome = desk.take(sample("postfix-unknown", desk.sent(recipient="erased-0123456789abcdef")))

    assert (outcome.verdict, outcome.reason) == (Verdict.IGNORED, "its reader's data was erased")
    assert desk.store.load_suppressions() == []


def test_what_is_kept_names_nobody(desk: Desk) -> None:
    desk.take(sample("postfix-unknown", desk.sent()))

    kept = desk.store.load_bounces(address_hash(ANN), since=NOW)

    assert [each.diagnostic for each in kept] == [
        "550 5.1.1 <the reader>: Recipient address rejected: User unknown in virtual mailbox table"
    ]


def test_envelope_fits_an_address_and_leads_back() -> None:
    delivery = a_delivery(medium="email", destination="weekly", recipient=ANN)
    longest = replace(SIGNED_LIST, bounce_address="fifteen-letters@mail.example")

    address = return_address([KEY], [longest])(delivery)

    local, _, domain = address.partition("@")
    assert (len(local), domain) == (64, "mail.example")
    assert delivery_of([KEY])(local.partition("+")[2]) == delivery.id
    assert return_address([], [longest])(delivery) == ""
    assert return_address([KEY], [LIST])(delivery) == ""
