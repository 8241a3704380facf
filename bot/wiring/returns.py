"""Mails that come back, put together: every use case as one call."""

from dataclasses import dataclass
from datetime import datetime

from bot.adapters import bounces
from bot.model.returned import Returned
from bot.ports import Store
from bot.settings import Settings
from bot.wiring.envelopes import delivery_of
from bot.workflows import handle_bounce
from bot.workflows.handle_bounce import Outcome, Reception, Verdict


@dataclass(frozen=True, slots=True)
class Returns:
    """Takes mails back."""

    store: Store
    settings: Settings

    def take_mail(self, raw: bytes, *, sent_to: str, now: datetime) -> Outcome:
        """Take a mail that was delivered to *sent_to* (may be empty: then its own headers tell)."""
        returned = bounces.read(raw, sent_to=sent_to)
        if returned is None:
            return Outcome(verdict=Verdict.IGNORED, reason="it is no report of a refused mail")
        return self.take(returned, is_proven=False, now=now)

    def take(self, returned: Returned, *, is_proven: bool, now: datetime) -> Outcome:
        """Take what was read from a mail, or from a provider who proved to be it."""
        reception = Reception(
            store=self.store,
            policy=self.settings.bounces,
            lists=self.settings.recap.lists,
            delivery_of=delivery_of(self.settings.secret_keys),
        )
        return handle_bounce.handle(returned, reception=reception, is_proven=is_proven, now=now)
