"""One shortlist's work with a model: events side by side, each with its own time, all within the deadline."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import uuid4

from pydantic_ai.exceptions import AgentRunError, UserError
from pydantic_ai.usage import RunUsage

from bot.adapters.analyst import endpoint as endpoints
from bot.adapters.analyst.budget import Purse
from bot.adapters.analyst.endpoint import Endpoint
from bot.adapters.analyst.pace import Pace
from bot.adapters.analyst.prompts import Brief, Prompts
from bot.adapters.analyst.writer import Writer
from bot.analyze import extract, written
from bot.analyze.written import Checked
from bot.model.audience import Audience
from bot.model.errors import AnalysisError
from bot.model.insight import Insight
from bot.model.policy import LlmPolicy, Playbook
from bot.model.usage import ModelUsage, Outcome
from bot.ports import Analysis, Assignment, UsageStore


@dataclass(frozen=True, slots=True)
class Office:
    """What lasts from shortlist to shortlist."""

    endpoint: Endpoint
    prompts: Prompts
    policy: LlmPolicy
    purse: Purse
    store: UsageStore


@dataclass(frozen=True, slots=True)
class Order:
    """What one shortlist comes with."""

    audiences: Sequence[Audience]
    playbook: Playbook
    now: datetime


@dataclass(frozen=True, slots=True)
class _Job:
    assignment: Assignment
    brief: Brief
    fallback: Insight
    """The extractive insight: fills gaps."""


@dataclass(slots=True)
class Shift:
    """Lives within one event loop, with one client."""

    office: Office
    order: Order
    writer: Writer
    pace: Pace
    stack: AsyncExitStack
    tasks: set[asyncio.Task[Analysis]]
    """What has not ended."""

    @classmethod
    async def begin(cls, office: Office, order: Order, assignments: Sequence[Assignment]) -> "Shift":
        """Open a client, and begin with all of *assignments*. Raises: AnalystMisconfigured."""
        stack, policy = AsyncExitStack(), office.policy
        model = await stack.enter_async_context(endpoints.connect(office.endpoint))
        deadline = asyncio.get_running_loop().time() + policy.deadline_s
        pace = Pace(policy.concurrency, policy.requests_per_minute, deadline)
        shift = cls(office, order, Writer(model, policy), pace, stack, set())
        shift.tasks = {asyncio.create_task(shift.analyze(assignment)) for assignment in assignments}
        return shift

    async def next(self) -> list[Analysis]:
        """Return what ended, waiting until something has."""
        done, self.tasks = await asyncio.wait(self.tasks, return_when=asyncio.FIRST_COMPLETED)
        return [task.result() for task in done]

    async def close(self) -> None:
        """End what has not ended, and the client."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.stack.aclose()

    async def analyze(self, assignment: Assignment) -> Analysis:
        """Return what came of one event, waiting for its turn first."""
        try:
            async with self.pace.turn() as left_s:
                timeout_s = min(self.office.policy.timeout_s, left_s)
                return Analysis(assignment, insight=await self._insight(assignment, timeout_s))
        except AnalysisError as exc:
            return Analysis(assignment, error=exc)

    async def _insight(self, assignment: Assignment, timeout_s: float) -> Insight:
        brief = self.office.prompts.brief(assignment, readers=self._readers(assignment), policy=self.office.policy)
        job = _Job(assignment, brief, self._extracted(assignment))
        most = self.office.purse.borrow(brief, now=self.order.now)
        try:
            return await self._written(job, timeout_s)
        finally:
            self.office.purse.give_back(most)

    async def _written(self, job: _Job, timeout_s: float) -> Insight:
        office, usage = self.office, RunUsage()
        clock = asyncio.get_running_loop().time
        note = partial(self._note, job, usage=usage, began_at=clock())
        try:
            checked = await self._ask(job, usage, timeout_s)
        except (AgentRunError, UserError, TimeoutError) as exc:
            reason = endpoints.reason(exc, office.endpoint, timeout_s=timeout_s)
            self.pace.failed(reason, is_hopeless=isinstance(exc, endpoints.HOPELESS))
            note(Outcome.FAILED, reason=reason)
            raise AnalysisError(reason) from exc
        self.pace.succeeded()
        insight = written.insight(
            checked, fallback=job.fallback, analyst=office.endpoint.name, prompt_version=office.prompts.version
        )
        if insight is None:
            reason = f"Nothing of {office.endpoint.name} stands on the articles ({len(checked.dropped)} lines dropped)."
            note(Outcome.UNUSABLE, reason=reason, checked=checked)
            raise AnalysisError(reason)
        note(Outcome.WRITTEN, checked=checked)
        return insight

    async def _ask(self, job: _Job, usage: RunUsage, timeout_s: float) -> Checked:
        told = job.assignment
        check = partial(written.check, dossier=told.dossier, fallback=job.fallback, earlier=told.earlier)
        return await self.writer.write(
            job.brief,
            language=told.language,
            check=check,
            complain=partial(self.office.prompts.complaint, language=told.language),
            usage=usage,
            timeout_s=timeout_s,
        )

    def _note(
        self,
        job: _Job,
        outcome: Outcome,
        *,
        usage: RunUsage,
        began_at: float,
        reason: str = "",
        checked: Checked | None = None,
    ) -> None:
        record = ModelUsage(
            id=uuid4().hex,
            event_id=job.fallback.event_id,
            language=job.fallback.language,
            analyst=self.office.endpoint.name,
            prompt_version=self.office.prompts.version,
            asked_at=self.order.now,
            outcome=outcome,
            reason=reason,
            requests=usage.requests,
            tokens_in=usage.input_tokens,
            tokens_out=usage.output_tokens,
            cost=self.office.purse.price(usage.input_tokens, usage.output_tokens),
            took_ms=round((asyncio.get_running_loop().time() - began_at) * 1000),
            claims_shown=len(checked.claims) if checked else 0,
            claims_dropped=len(checked.dropped) if checked else 0,
        )
        self.office.store.save_usage(record)

    def _extracted(self, assignment: Assignment) -> Insight:
        return extract.insight(
            assignment.dossier,
            audiences=self.order.audiences,
            playbook=self.order.playbook,
            language=assignment.language,
            earlier=assignment.earlier,
            now=self.order.now,
        )

    def _readers(self, assignment: Assignment) -> list[str]:
        names = {audience.id: audience.name for audience in self.order.audiences}
        return [names[match.id] for match in assignment.dossier.event.audiences if match.id in names]
