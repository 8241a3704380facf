"""The analyst that asks a language model, believes only what stands on quotes, and is never late."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic_ai import Agent
from pydantic_ai.exceptions import AgentRunError, UserError
from pydantic_ai.settings import ModelSettings

from bot.adapters.analyst import endpoint as endpoints
from bot.adapters.analyst.shift import Office, Order, Shift
from bot.model.audience import Audience
from bot.model.errors import AnalysisError
from bot.model.policy import Playbook
from bot.ports import Analysis, Assignment

_PROBE_TOKENS = 16
"""Source: platform.openai.com/docs/api-reference (the least that some of its models take)."""


class ModelAnalyst:
    """Has a model write, line by line, and lets through what the articles say."""

    def __init__(self, office: Office) -> None:
        """Ask the office's endpoint; nothing is sent yet. Raises: AnalystMisconfigured where it cannot be asked."""
        endpoints.connect(office.endpoint)
        self._office = office

    @property
    def name(self) -> str:
        """Provider and model, such as `openai:gpt-5`."""
        return self._office.endpoint.name

    @property
    def prompt_version(self) -> str:
        """Hash of the instructions."""
        return self._office.prompts.version

    def analyze_each(
        self, assignments: Sequence[Assignment], *, audiences: Sequence[Audience], playbook: Playbook, now: datetime
    ) -> Iterator[Analysis]:
        """Yield one analysis per assignment as they end; all have ended when the policy's deadline is over."""
        if not assignments:
            return
        with asyncio.Runner() as runner:
            shift = runner.run(Shift.begin(self._office, Order(audiences, playbook, now), assignments))
            try:
                while shift.tasks:
                    yield from runner.run(shift.next())
            finally:
                runner.run(shift.close())

    def check(self) -> str:
        """Return one line about what answers. Raises: AnalysisError with the mend."""
        timeout_s = self._office.policy.timeout_s
        try:
            asyncio.run(self._probe(timeout_s))
        except (AgentRunError, UserError, TimeoutError) as exc:
            raise AnalysisError(endpoints.reason(exc, self._office.endpoint, timeout_s=timeout_s)) from exc
        return f"{self._office.endpoint.place} answers."

    async def _probe(self, timeout_s: float) -> None:
        async with endpoints.connect(self._office.endpoint) as model:
            await Agent(model, model_settings=ModelSettings(max_tokens=_PROBE_TOKENS)).run(
                "Say yes.", timeout=timeout_s
            )
