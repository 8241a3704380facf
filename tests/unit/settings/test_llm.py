"""How a language model is chosen, asked and paid."""

from pathlib import Path

import pytest

from bot.model.policy import LlmPolicy, Price
from tests.unit.settings.given import SOUND, a_config, faults_of, load


def test_model_is_asked_with_its_own_key_at_its_own_place(tmp_path: Path) -> None:
    environment = {"RECAP_LLM": "ollama:qwen3", "OLLAMA_BASE_URL": "http://gpu:11434/v1/", "OPENAI_API_KEY": "other"}

    found = load(a_config(tmp_path), environment)

    assert (found.llm, found.llm_key, found.llm_url) == ("ollama:qwen3", None, "http://gpu:11434/v1")


def test_gemini_is_google_and_takes_either_key(tmp_path: Path) -> None:
    found = load(a_config(tmp_path), {"RECAP_LLM": "gemini:gemini-2.5-flash", "GOOGLE_API_KEY": "key"})

    assert (found.llm, found.llm_key) == ("google:gemini-2.5-flash", "key")


def test_limits_and_prices_are_read(tmp_path: Path) -> None:
    llm = 'llm: {concurrency: 4, max_retries: 0, weekly_budget: 2.5, prices: {"openai:m": {input: 1, output: 2}}}\n'

    found = load(a_config(tmp_path, recap=SOUND["recap.yaml"] + llm))

    prices = {"openai:m": Price(input=1, output=2)}
    assert found.llm_policy == LlmPolicy(concurrency=4, max_retries=0, weekly_budget=2.5, prices=prices)


def test_budget_without_a_price_is_a_fault_of_the_chosen_model(tmp_path: Path) -> None:
    directory = a_config(tmp_path, recap=SOUND["recap.yaml"] + "llm: {weekly_budget: 2.5}\n")

    assert faults_of(directory) == []
    assert faults_of(directory, {"RECAP_LLM": "openai:m"}) == [
        "recap.yaml:4:22: there is no price for openai:m to reckon with; add it under llm.prices"
    ]


@pytest.mark.parametrize("value", ["gpt-5", "openai:", "openai:a b", "mystery:m1"])
def test_model_that_cannot_be_is_a_fault(tmp_path: Path, value: str) -> None:
    (fault,) = faults_of(a_config(tmp_path), {"RECAP_LLM": value})

    assert fault.startswith("environment: RECAP_LLM: '")
