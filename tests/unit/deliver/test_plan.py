from datetime import timedelta

import pytest

from bot.deliver import plan
from bot.deliver.plan import SenderFacts
from bot.model.delivery import Delivery
from bot.model.digest import Digest, DigestState
from bot.model.route import Medium, Route
from tests.builders import NOW
from tests.delivery_builders import a_digest, a_message, a_route, mail_to, slack_to

SENDERS = {Medium.SLACK: SenderFacts("slack", "T1"), Medium.EMAIL: SenderFacts("smtp", "")}


def planned(digest: Digest, route: Route, **recipients: list[str]) -> list[Delivery]:
    return plan.deliveries(
        digest, route, senders=SENDERS, recipients=recipients, now=NOW, not_before=NOW + timedelta(hours=1)
    )


def test_channel_gets_the_parent_before_its_replies() -> None:
    shuffled = a_digest(slack=[a_message("reply-02"), a_message("parent"), a_message("reply-01")])

    deliveries = planned(shuffled, a_route(destinations=slack_to("C1", "C2")))

    assert [(each.destination, each.part) for each in deliveries] == [
        ("C1", "parent"),
        ("C1", "reply-01"),
        ("C1", "reply-02"),
        ("C2", "parent"),
        ("C2", "reply-01"),
        ("C2", "reply-02"),
    ]


def test_each_reader_of_a_list_gets_one_mail() -> None:
    readers = ["mira@reader.example", "Jonas@reader.example", "MIRA@reader.example"]

    deliveries = planned(a_digest(), a_route(destinations=mail_to("weekly")), weekly=readers)

    assert [(each.part, each.workspace) for each in deliveries] == [("mail", "weekly"), ("mail", "weekly")]
    assert {each.recipient.casefold() for each in deliveries} == {"mira@reader.example", "jonas@reader.example"}


def test_same_part_to_the_same_place_is_the_same_delivery_whenever_planned() -> None:
    first = planned(a_digest(), a_route())
    later = plan.deliveries(
        a_digest(),
        a_route(),
        senders=SENDERS,
        recipients={},
        now=NOW + timedelta(days=1),
        not_before=NOW + timedelta(days=1),
    )

    assert [each.id for each in first] == [each.id for each in later]
    assert len({each.id for each in first}) == 3


def test_address_in_other_case_is_the_same_delivery() -> None:
    route = a_route(destinations=mail_to("weekly"))

    [lower] = planned(a_digest(), route, weekly=["mira@reader.example"])
    [upper] = planned(a_digest(), route, weekly=["Mira@Reader.example"])

    assert lower.id == upper.id


def test_destination_named_twice_gets_one_copy() -> None:
    deliveries = planned(a_digest(), a_route(destinations=slack_to("C1", "C1")))

    assert [each.part for each in deliveries] == ["parent", "reply-01", "reply-02"]


@pytest.mark.parametrize("state", [DigestState.DRAFT, DigestState.REJECTED, DigestState.SKIPPED])
def test_digest_that_is_not_ready_goes_nowhere(state: DigestState) -> None:
    assert planned(a_digest(state=state), a_route()) == []


def test_medium_without_a_sender_gets_nothing() -> None:
    route = a_route(destinations=[*slack_to("C1"), *mail_to("weekly")])

    deliveries = plan.deliveries(
        a_digest(),
        route,
        senders={Medium.EMAIL: SENDERS[Medium.EMAIL]},
        recipients={"weekly": ["mira@reader.example"]},
        now=NOW,
        not_before=NOW,
    )

    assert [each.medium for each in deliveries] == [Medium.EMAIL]


def test_delivery_is_due_at_its_slot_and_knows_its_sender() -> None:
    delivery = planned(a_digest(), a_route())[0]

    assert delivery.not_before == NOW + timedelta(hours=1)
    assert (delivery.sender, delivery.workspace) == ("slack", "T1")
    assert (delivery.recap_id, delivery.route_id) == ("2026-W47", "founders")
