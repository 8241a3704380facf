"""One event's conversation with a model: ask, judge the answer, say what is wrong with it, take the best."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from pydantic_ai import Agent, ModelRetry, NativeOutput, PromptedOutput, RunContext, capture_run_messages
from pydantic_ai.exceptions import (
    AgentRunError,
    ModelAuthenticationError,
    ModelContextWindowExceededError,
    ModelNotFoundError,
    ModelRequestRejectedError,
    UnexpectedModelBehavior,
)
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RunUsage

from bot.adapters.analyst import answer as answers
from bot.adapters.analyst.prompts import Brief
from bot.analyze.written import Checked, Draft
from bot.model.policy import LlmPolicy
from bot.model.values import Language

_MAX_FAULTS = 8
"""Told to the model at once."""
_NOT_ABOUT_FORM = (ModelAuthenticationError, ModelContextWindowExceededError, ModelNotFoundError)


@dataclass(slots=True)
class Writer:
    """Asks one model; remembers whether it can be held to a JSON schema."""

    model: Model
    policy: LlmPolicy
    is_native: bool = True

    async def write(
        self,
        brief: Brief,
        *,
        language: Language,
        check: Callable[[Draft], Checked],
        complain: Callable[[Sequence[str]], str],
        usage: RunUsage,
        timeout_s: float,
    ) -> Checked:
        """
        Return what stands of the best of the model's answers; *usage* is added to, whatever comes of it.

        *complain* words what to tell the model about the faults of an answer.

        Raises: AgentRunError, TimeoutError or UserError where there is no answer.
        """
        talk = _Talk(brief, language, check, complain)
        form = NativeOutput if self.is_native else PromptedOutput
        try:
            await self._run(talk, form, usage=usage, timeout_s=timeout_s)
        except ModelRequestRejectedError as exc:
            if not self.is_native or isinstance(exc, _NOT_ABOUT_FORM):
                raise
            # Servers that know no JSON schema refuse the request as a whole; nothing was spent on it.
            self.is_native = False
            await self._run(talk, PromptedOutput, usage=usage, timeout_s=timeout_s)
        return talk.best()

    async def _run(
        self, talk: "_Talk", form: Callable[[type[BaseModel]], Any], *, usage: RunUsage, timeout_s: float
    ) -> None:
        # Any: NativeOutput and PromptedOutput have no common base
        agent = Agent(
            self.model,
            output_type=form(answers.shape(tuple(talk.brief.articles))),
            instructions=talk.brief.instructions,
            retries=self.policy.max_retries,
            model_settings=ModelSettings(max_tokens=self.policy.max_output_tokens, temperature=0.0),
        )
        agent.output_validator(talk.judge)
        with capture_run_messages() as messages:
            try:
                await agent.run(talk.brief.prompt, usage=usage, timeout=timeout_s)
            except (AgentRunError, TimeoutError) as exc:
                if isinstance(exc, UnexpectedModelBehavior):
                    talk.salvage(messages)
                if not talk.checked:
                    raise


@dataclass(slots=True)
class _Talk:
    """What was said about one event."""

    brief: Brief
    language: Language
    check: Callable[[Draft], Checked]
    complain: Callable[[Sequence[str]], str]
    checked: list[Checked] = field(default_factory=list)

    def judge(self, context: RunContext[object], answer: BaseModel) -> BaseModel:
        """Return *answer* where it will do, or where the model had its last try. Raises: ModelRetry."""
        checked = self._take(answer.model_dump())
        if checked.is_good or context.retry >= context.max_retries:
            return answer
        faults = answers.faults(checked.dropped[:_MAX_FAULTS], self.brief) or ["what_changed is missing"]
        raise ModelRetry(self.complain(faults))

    def salvage(self, messages: Sequence[ModelMessage]) -> None:
        """Take what can be read of the answers that had not the right form."""
        for message in messages:
            if isinstance(message, ModelResponse) and (found := answers.salvaged(message.text or "")):
                self._take(found)

    def best(self) -> Checked:
        """Return the answer of which most stands."""
        return max(self.checked, key=lambda checked: (checked.is_good, len(checked.claims)))

    def _take(self, answer: object) -> Checked:
        checked = self.check(answers.draft(answer, self.brief, language=self.language))
        self.checked.append(checked)
        return checked
