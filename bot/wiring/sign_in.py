"""Signing operators in: a link that works once opens a session that lasts a working day."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.errors import NotAllowed, NotFound
from bot.ports import Store
from bot.settings import Settings
from bot.wiring.tokens import TokenSeals

LINK_VALID = timedelta(minutes=15)
SESSION_VALID = timedelta(hours=8)
_LINK, _SESSION, _ENDED = "admin-link", "admin-session", "admin-ended"


@dataclass(frozen=True, slots=True)
class SignIn:
    """The operators' door."""

    store: Store
    settings: Settings

    def link(self, *, now: datetime, nonce: Callable[[], str] = lambda: secrets.token_urlsafe(12)) -> str:
        """Return the address that signs its bearer in, once. Raises: NotAllowed without a secret key."""
        if not self.settings.secret_keys:
            raise NotAllowed("Set RECAP_SECRET_KEY, here and for the web process: it signs the link.")
        token = self._seals.seal(_LINK, (nonce(), int((now + LINK_VALID).timestamp())))
        return f"{self.settings.base_url}/admin/sign-in/{token}"

    def look_at(self, token: str, *, now: datetime) -> str:
        """Return the one-time mark of a link that is ours and not too old; nothing changes. Raises: NotFound."""
        return self._held(_LINK, token, now=now)

    def session(self, token: str, *, now: datetime) -> str:
        """Use up a link; return what its bearer's browser keeps. Raises: NotFound, also where it was used."""
        mark = self._held(_LINK, token, now=now)
        if not self.store.use_once(_LINK, mark, now=now):
            raise NotFound("That link was used already.")
        return self._seals.seal(_SESSION, (mark, int((now + SESSION_VALID).timestamp())))

    def is_signed_in(self, kept: str, *, now: datetime) -> bool:
        """Return whether *kept* is what a browser got from us, and neither ran out nor was signed out."""
        try:
            mark = self._held(_SESSION, kept, now=now)
        except NotFound:
            return False
        return not self.store.is_used(_ENDED, mark)

    def end(self, kept: str, *, now: datetime) -> None:
        """End the session of *kept* here, so that a copy of it opens nothing any more; what is none changes nothing."""
        with suppress(NotFound):
            self.store.use_once(_ENDED, self._held(_SESSION, kept, now=now), now=now)

    @property
    def _seals(self) -> TokenSeals:
        return TokenSeals(self.settings.secret_keys)

    def _held(self, purpose: str, token: str, *, now: datetime) -> str:
        match self._seals.unseal(purpose, token):
            case [str() as mark, int() as until] if now.timestamp() < until:
                return mark
            case _:
                raise NotFound("That link is too old.")
