"""What models may cost: a purse that lends before asking, and is paid back what was not spent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from bot.adapters.analyst.prompts import Brief
from bot.model.errors import AnalysisError
from bot.model.policy import LlmPolicy, Price
from bot.ports import UsageStore

_BYTES_PER_TOKEN = 2.5
"""Fewer than any tokenizer makes of news (about 4 for English, 3 for Chinese), so that an estimate is never short."""
_MILLION = 1_000_000


@dataclass(slots=True)
class Purse:
    """The week's budget for one model."""

    model: str
    policy: LlmPolicy
    store: UsageStore
    week_start: Callable[[datetime], datetime]
    """When the week that holds a moment began."""
    _lent: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def price(self, tokens_in: int, tokens_out: int) -> float:
        """Return what tokens cost; 0 for a model without a price."""
        price = self.policy.prices.get(self.model, Price())
        return (tokens_in * price.input + tokens_out * price.output) / _MILLION

    def spent(self, *, now: datetime) -> float:
        """Return what was spent this week, on all models."""
        return sum(usage.cost for usage in self.store.load_usage(since=self.week_start(now)))

    def borrow(self, brief: Brief, *, now: datetime) -> float:
        """
        Return the most that *brief* may cost, now set aside.

        Raises: AnalysisError where the budget of the week has not that much left.
        """
        budget, most = self.policy.weekly_budget, self._most(brief)
        with self._lock:
            if budget is not None and self.spent(now=now) + self._lent + most > budget:
                raise AnalysisError(f"The weekly budget of {budget:g} does not reach for {self.model}.")
            self._lent += most
        return most

    def give_back(self, most: float) -> None:
        """Set free what `borrow` set aside; what was spent is in the store by now."""
        with self._lock:
            self._lent -= most

    def _most(self, brief: Brief) -> float:
        # Every further try sends the prompt and the answers before it again.
        told = int(len(f"{brief.instructions}{brief.prompt}".encode()) / _BYTES_PER_TOKEN)
        answer = self.policy.max_output_tokens
        tries = 1 + self.policy.max_retries
        return self.price(tries * told + answer * sum(range(tries)), tries * answer)
