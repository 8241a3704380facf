"""The address that a mail comes back to: it says which mail it was, and only we can make it."""

import base64
import hmac
from collections.abc import Callable, Sequence

from bot.model.delivery import Delivery
from bot.model.policy import MailingList

_ID_CHARS = 32
_MAC_BYTES = 10
"""80 bits: 16 characters. Mail servers may fold the case of an address, so neither part may depend on it."""


def return_address(keys: Sequence[str], lists: Sequence[MailingList]) -> Callable[[Delivery], str]:
    """
    Return a function delivery → `bounces+TOKEN@…`, or nothing where its list has no bounce address.

    *keys* are newest first; with none, nothing is signed.
    """
    addresses = {each.id: each.bounce_address for each in lists}

    def of(delivery: Delivery) -> str:
        local, _, domain = addresses.get(delivery.destination, "").partition("@")
        return f"{local}+{token_of(delivery.id, keys[0])}@{domain}" if domain and keys else ""

    return of


def delivery_of(keys: Sequence[str]) -> Callable[[str], str]:
    """Return a function token → the delivery that it was made for, with any of *keys*; nothing where it was not."""

    def of(token: str) -> str:
        delivery = token[:_ID_CHARS]
        is_ours = any(hmac.compare_digest(token_of(delivery, key).encode(), token.encode()) for key in keys)
        return delivery if is_ours else ""

    return of


def token_of(delivery_id: str, key: str) -> str:
    """Return the token of a delivery: its id, and what proves that we made it."""
    own = hmac.digest(key.encode(), b"bounce address", "sha256")
    mac = hmac.digest(own, delivery_id.encode(), "sha256")[:_MAC_BYTES]
    return delivery_id + base64.b32encode(mac).decode("ascii").lower()
