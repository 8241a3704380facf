"""Tokens in links that only we can make."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache

from itsdangerous import BadData, URLSafeSerializer

from bot.model.errors import NotFound
from bot.model.subscriber import address_hash, subscriber_id
from bot.settings import Settings
from bot.workflows.subscribing import links

FEEDBACK = "feedback"
"""What the token of a mail's feedback links is good for."""


class TokenSeals:
    """Tokens signed with the operator's keys, a salt for each purpose."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Sign with the first of *keys* (newest first), and read what any of them signed."""
        # itsdangerous signs with the last key of a list and accepts them all.
        self._keys = list(reversed(keys)) or [_passing_key()]
        self._serializers: dict[str, URLSafeSerializer] = {}
        """By purpose: each mail takes three tokens."""

    def seal(self, purpose: str, held: Sequence[str | int]) -> str:
        """Return a token for *purpose* that holds *held*, readable but not to be forged."""
        return str(self._serializer(purpose).dumps(list(held)))

    def unseal(self, purpose: str, token: str) -> object:
        """Return what *token* holds. Raises: NotFound where it was not made by us for this *purpose*."""
        try:
            held: object = self._serializer(purpose).loads(token)
        except BadData as exc:
            raise NotFound("That link is not one of ours, or it was cut off on the way; copy it whole.") from exc
        return held

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        if purpose not in self._serializers:
            self._serializers[purpose] = URLSafeSerializer(self._keys, salt=purpose)
        return self._serializers[purpose]


def unsubscribe_token(settings: Settings) -> Callable[[str, str], str]:
    """Return a function (address, list) → token that only we can make; it holds the address's hash, not the address."""
    seals = TokenSeals(settings.secret_keys)
    return lambda address, list_id: seals.seal(links.UNSUBSCRIBE, (address_hash(address), list_id))


def preferences_token(settings: Settings) -> Callable[[str, datetime], str]:
    """Return a function (address, when the mail is dated) → token that opens this reader's preferences for a while."""
    seals = TokenSeals(settings.secret_keys)

    def token(address: str, dated: datetime) -> str:
        until = dated + timedelta(days=links.PREFERENCES_DAYS)
        return links.preferences_token(subscriber_id(address), until, seals=seals)

    return token


def feedback_token(settings: Settings) -> Callable[[str, str], str]:
    """Return a function (address, list) → token that lets this reader say what they think of events."""
    seals = TokenSeals(settings.secret_keys)
    return lambda address, _: seals.seal(FEEDBACK, (subscriber_id(address),))


@cache
def _passing_key() -> str:
    """Return a key of this process alone: without RECAP_SECRET_KEY mail goes to the outbox, where nobody gets it."""
    return secrets.token_urlsafe(32)
