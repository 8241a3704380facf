"""Builders of routes, recaps, digests and deliveries."""

from datetime import UTC, datetime, timedelta

from bot.model.delivery import Delivery, Receipt
from bot.model.digest import Digest, EmailMessage, SlackMessage
from bot.model.policy import MailingList
from bot.model.recap import Recap, RecapNumbers
from bot.model.route import Destination, Medium, Route
from bot.model.subscriber import Subscriber, Subscription, SubscriptionState
from bot.model.values import Json
from bot.ports import Sender
from tests.builders import NOW

BUILT_AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
LIST = MailingList(
    id="weekly", name="Weekly Recap", sender="Weekly Recap <recap@mail.example>", postal_address="1 Quay, Halden"
)
HTML = '<html lang="en"><body><h1>Halcyon opens its model</h1><a href="%%unsubscribe_url%%">Leave</a></body></html>'
TEXT = "Halcyon opens its model\n\nLeave: %%unsubscribe_url%%\n"


def slack_to(*channels: str) -> list[Destination]:
    return [Destination(medium=Medium.SLACK, id=channel) for channel in channels]


def mail_to(*lists: str) -> list[Destination]:
    return [Destination(medium=Medium.EMAIL, id=each) for each in lists]


def a_route(**values: object) -> Route:
    return Route.model_validate({"id": "founders", "name": "Founders", "destinations": slack_to("C1")} | values)


def a_recap(**values: object) -> Recap:
    given: dict[str, object] = {
        "id": "2026-W47",
        "week": "2026-W47",
        "zone": "UTC",
        "title": "Weekly Recap",
        "starts_at": datetime(2026, 11, 16, tzinfo=UTC),
        "ends_at": datetime(2026, 11, 23, tzinfo=UTC),
        "built_at": BUILT_AT,
    }
    return Recap.model_validate(given | values)


def a_message(part: str = "parent", text: str = "Halcyon opens its model") -> SlackMessage:
    block: Json = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return SlackMessage(part=part, text=text, blocks=[block])


def a_mail(**values: str) -> EmailMessage:
    return EmailMessage.model_validate(
        {"subject": "Halcyon opens its model", "html": HTML, "text": TEXT, "language": "en"} | values
    )


def a_digest(**values: object) -> Digest:
    given: dict[str, object] = {
        "key": "digest-1",
        "recap_id": "2026-W47",
        "route_id": "founders",
        "audiences": ["*"],
        "language": "en",
        "title": "Weekly Recap",
        "numbers": RecapNumbers(),
        "slack": [a_message(), a_message("reply-01"), a_message("reply-02")],
        "email": a_mail(),
        "built_at": BUILT_AT,
    }
    return Digest.model_validate(given | values)


def a_delivery(**values: object) -> Delivery:
    given: dict[str, object] = {
        "id": "d1",
        "subject": "digest-1",
        "workspace": "T1",
        "medium": Medium.SLACK,
        "destination": "C1",
        "recipient": "C1",
        "part": "parent",
        "sender": "slack",
        "recap_id": "2026-W47",
        "route_id": "founders",
        "planned_at": NOW,
        "not_before": NOW,
    }
    return Delivery.model_validate(given | values)


def a_mail_delivery(**values: object) -> Delivery:
    given: dict[str, object] = {
        "id": "m1",
        "workspace": "weekly",
        "medium": Medium.EMAIL,
        "destination": "weekly",
        "recipient": "mira@reader.example",
        "part": "mail",
        "sender": "smtp",
    }
    return a_delivery(**(given | values))


def a_reader(address: str, **values: object) -> tuple[Subscriber, Subscription]:
    person = Subscriber(id=f"person-{address}", address=address, created_at=NOW)
    given: dict[str, object] = {
        "id": f"subscription-{address}",
        "subscriber_id": person.id,
        "list_id": "weekly",
        "state": SubscriptionState.ACTIVE,
        "created_at": NOW,
        "changed_at": NOW,
    }
    return person, Subscription.model_validate(given | values)


def a_token(address: str, list_id: str) -> str:
    return f"token-of-{address.partition('@')[0]}-{list_id}"


def fetch_receipt(sender: Sender, delivery: Delivery, parent: Receipt | None = None) -> Receipt | None:
    """Ask for what was first tried ten minutes ago."""
    return sender.fetch_receipt(delivery, parent=parent, age=timedelta(minutes=10))
