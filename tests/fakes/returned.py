"""Mails that came back, as invented servers write them: `tests/data/returned`, with our token and id filled in."""

from pathlib import Path

from bot.wiring.envelopes import token_of
from tests.delivery_builders import LIST

KEY = "test"
FOLDER = Path(__file__).parents[1] / "data" / "returned"
SIGNED_LIST = LIST.__class__(
    id=LIST.id,
    name=LIST.name,
    sender=LIST.sender,
    postal_address=LIST.postal_address,
    bounce_address="bounces@mail.example",
)


def sample(name: str, delivery: str, *, token: str = "") -> bytes:
    """Return the sample *name* about a delivery, with its own token unless another is given."""
    text = (FOLDER / f"{name}.eml").read_text("utf-8")
    return text.replace("%TOKEN%", token or token_of(delivery, KEY)).replace("%DELIVERY%", delivery).encode()
