"""Let people leave an email list."""

from collections.abc import Callable
from datetime import datetime

from itsdangerous import BadData

from bot.model.errors import NotFound
from bot.model.subscriber import Suppression
from bot.ports import Store


def read_token(token: str, *, load: Callable[[str], object]) -> tuple[str, str]:
    """Return (address hash, list) of an unsubscribe token that we signed. Raises: NotFound."""
    try:
        held = load(token)
    except BadData as exc:
        raise NotFound("That link is not one of ours, or it was cut off on the way; copy it whole.") from exc
    match held:
        case [str() as address, str() as list_id]:
            return address, list_id
        case _:
            raise NotFound("That link is not one of ours.")


def unsubscribe(token: str, *, load: Callable[[str], object], store: Store, now: datetime) -> None:
    """Suppress the address of *token* on its list; doing it again changes nothing. Raises: NotFound."""
    address, list_id = read_token(token, load=load)
    store.save_suppression(Suppression(address_hash=address, list_id=list_id, reason="unsubscribed", created_at=now))
