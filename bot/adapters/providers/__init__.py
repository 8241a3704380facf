"""Mail providers that report by webhook: one file each, and one line here."""

from collections.abc import Mapping

from bot.adapters.providers import mailgun
from bot.adapters.providers.report import Provider

PROVIDERS: Mapping[str, Provider] = {"mailgun": mailgun.Mailgun()}
"""By the name in /webhooks/email/{provider}, and in `RECAP_WEBHOOK_<PROVIDER>_KEY`."""
