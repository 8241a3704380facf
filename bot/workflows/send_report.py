"""What one run of sending did."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.values import RecapId, RouteId
from bot.ports import QueueState


@dataclass(frozen=True, slots=True)
class Late:
    """A digest whose time is long past."""

    recap: RecapId
    route: RouteId
    slot: datetime
    days: int

    def __str__(self) -> str:
        """Return the line for the operator."""
        time_was = f"{self.slot:%Y-%m-%d %H:%M} UTC, {self.days} days ago"
        return f"{self.route} of {self.recap}: its time was {time_was}; `--late` sends it anyway"


@dataclass(frozen=True, slots=True)
class SendReport:
    """What one run did."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    """Of this run; earlier ones stay in the ledger."""
    cancelled: int = 0
    waiting: int = 0
    """Left for a later run."""
    faults: tuple[tuple[str, str], ...] = ()
    """(destination, reason), each once."""
    late: tuple[Late, ...] = ()
    """Left out because their time is long past."""
    queued: int = 0
    """Put into the queue for workers by this run."""
    queue: QueueState | None = None
    """How that queue stands afterwards; null where this process sends."""
