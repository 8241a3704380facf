"""What a provider's report must be turned into."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model.errors import RecapError
from bot.model.returned import Returned


class ReportForged(RecapError):
    """The report is not signed by the provider, or is too old."""


class ReportUnreadable(RecapError):
    """The report is signed, but not as we know them."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report that a provider signed."""

    token: str
    """What may count once only."""
    returned: Returned | None
    """Null where it says nothing bad of a reader."""


class Provider(Protocol):
    """How one provider signs and writes its reports."""

    def read(self, body: bytes, headers: Mapping[str, str], *, key: str, now: datetime) -> Report:
        """
        Return the report in *body*, signed with *key*; *headers* are by lower-case name.

        Raises: ReportForged, ReportUnreadable; nothing else, whatever comes.
        """
        ...
