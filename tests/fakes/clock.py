"""A clock that a test sets."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class HandClock:
    """Stands still until a test moves it."""

    at: datetime

    def now(self) -> datetime:
        return self.at
