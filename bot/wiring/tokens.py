"""Tokens in links that only we can make."""

import secrets
from collections.abc import Callable
from functools import cache

from itsdangerous import URLSafeSerializer

from bot.model.subscriber import address_hash
from bot.settings import Settings


def unsubscribe_token(settings: Settings) -> Callable[[str, str], str]:
    """Return a function (address, list) → token that only we can make; it holds the address's hash, not the address."""
    signer = serializer(settings)

    def token(address: str, list_id: str) -> str:
        return str(signer.dumps([address_hash(address), list_id]))

    return token


def serializer(settings: Settings) -> URLSafeSerializer:
    """Return what signs and reads unsubscribe tokens."""
    # itsdangerous signs with the last key of a list and accepts them all; ours is newest first.
    return URLSafeSerializer(list(reversed(settings.secret_keys)) or [_passing_key()], salt="unsubscribe")


@cache
def _passing_key() -> str:
    """Return a key of this process alone: without RECAP_SECRET_KEY mail goes to the outbox, where nobody gets it."""
    return secrets.token_urlsafe(32)
