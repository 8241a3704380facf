"""Puts the analyst that asks a model together; importing this needs the extra `llm`."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.adapters.analyst.budget import Purse
from bot.adapters.analyst.endpoint import Endpoint
from bot.adapters.analyst.model import ModelAnalyst
from bot.adapters.analyst.prompts import Prompts
from bot.adapters.analyst.shift import Office
from bot.model.policy import LlmPolicy
from bot.ports import UsageStore


def model_analyst(
    name: str,
    *,
    key: str | None,
    url: str | None,
    templates: Path,
    policy: LlmPolicy,
    store: UsageStore,
    week_start: Callable[[datetime], datetime],
) -> ModelAnalyst:
    """
    Return the analyst that asks the model *name* (`provider:model`) at *url* (null: the provider's own) with *key*.

    Budgets count from *week_start* of the present. Raises: AnalystMisconfigured.
    """
    provider, _, model = name.partition(":")
    endpoint = Endpoint(provider, model, key, url)
    purse = Purse(name, policy, store, week_start)
    return ModelAnalyst(Office(endpoint, Prompts(templates), policy, purse, store))
