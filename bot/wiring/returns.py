"""Mails that come back, put together: every use case as one call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.adapters import bounces
from bot.adapters.providers import PROVIDERS
from bot.adapters.providers.report import ReportForged, ReportUnreadable
from bot.model.errors import NotAllowed, NotFound
from bot.model.returned import Returned
from bot.model.values import digest_of
from bot.ports import Store
from bot.settings import Settings
from bot.wiring.envelopes import delivery_of
from bot.workflows import handle_bounce
from bot.workflows.handle_bounce import Outcome, Reception, Verdict

__all__ = ["PROVIDERS", "ReportForged", "ReportUnreadable", "Returns"]


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

    def take_report(self, provider: str, body: bytes, headers: Mapping[str, str], *, now: datetime) -> Outcome:
        """
        Take what a mail *provider* reports.

        Raises: NotFound where no key is set for it, ReportForged, ReportUnreadable, NotAllowed for one seen before.
        """
        reader, key = PROVIDERS.get(provider), self.settings.webhook_keys.get(provider)
        if reader is None or not key:
            raise NotFound(f"Set RECAP_WEBHOOK_{provider.upper()}_KEY to take reports here." if reader else "")
        report = reader.read(body, headers, key=key, now=now)
        # Before anything is done: what a provider signs need not cover what the report says.
        if not self.store.use_once(f"webhook:{provider}", digest_of(report.token), now=now):
            raise NotAllowed("This report came before.")
        if report.returned is None:
            return Outcome(verdict=Verdict.IGNORED, reason="it says nothing bad of a reader")
        return self.take(report.returned, is_proven=True, now=now)

    def take(self, returned: Returned, *, is_proven: bool, now: datetime) -> Outcome:
        """Take what was read from a mail, or from a provider who proved to be it."""
        reception = Reception(
            store=self.store,
            policy=self.settings.bounces,
            lists=self.settings.recap.lists,
            delivery_of=delivery_of(self.settings.secret_keys),
        )
        return handle_bounce.handle(returned, reception=reception, is_proven=is_proven, now=now)
