"""Mails that came back, as invented servers write them: `tests/data/returned`, with our token and id filled in."""

from dataclasses import replace
from pathlib import Path

from bot.model.delivery import Delivery
from bot.model.route import Medium
from bot.wiring.envelopes import token_of
from tests.contract.builders import a_delivery
from tests.delivery_builders import LIST

KEY = "test"
FOLDER = Path(__file__).parents[1] / "data" / "returned"
SIGNED_LIST = replace(LIST, bounce_address="bounces@mail.example")


def a_mail_delivery(subject: str = "digest-1", **values: object) -> Delivery:
    """Return the ledger's row of a mail to ann@reader.example."""
    given: dict[str, object] = {
        "subject": subject,
        "medium": Medium.EMAIL,
        "workspace": "weekly",
        "destination": "weekly",
        "recipient": "ann@reader.example",
        "sender": "smtp",
    }
    return a_delivery("mail", **(given | values))


def sample(name: str, delivery: str, *, token: str = "") -> bytes:
    """Return the sample *name* about a delivery, with its own token unless another is given."""
    text = (FOLDER / f"{name}.eml").read_text("utf-8")
    return text.replace("%TOKEN%", token or token_of(delivery, KEY)).replace("%DELIVERY%", delivery).encode()
