"""A recap written by a language model, as an operator sets it up and as readers see it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_bad_days import a_closed_port, ran
from tests.fakes import model_server as models
from tests.fakes.command import Operator
from tests.fakes.invented_week import LATER, NOW, RECAP, WEEK, an_office
from tests.fakes.model_server import Character, ModelServer

PRICED = RECAP + 'llm: {weekly_budget: 5, prices: {"openai:stand-in": {input: 1, output: 10}}}\n'


def an_office_with(server: ModelServer, home: Path, *, recap: str = RECAP) -> Operator:
    return an_office(home, recap=recap, RECAP_LLM="openai:stand-in", OPENAI_BASE_URL=server.url)


def rows(operator: Operator, table: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(operator.home / "recap.db")) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(f"SELECT * FROM {table}")]


def analysts(operator: Operator) -> set[str]:
    return {card["analyst"] for digest in rows(operator, "digests") for card in json.loads(digest["cards"])}


def test_recap_written_by_a_model_says_so_wherever_it_is_read(tmp_path: Path) -> None:
    with ModelServer() as server:
        operator = an_office_with(server, tmp_path)
        ran(operator, "run", "--now", NOW, status=0)

    assert analysts(operator) == {"openai:stand-in"}
    outbox = tmp_path / "outbox" / WEEK / "all"
    mail = next(outbox.glob("email/*/*.eml")).read_text(encoding="utf-8")
    assert "AI-curated news aggregator." in (outbox / "slack" / "%23founders.json").read_text(encoding="utf-8") + mail
    shown = ran(operator, "events", "--week", WEEK, "--json", status=0).data
    assert {event["insight"]["analyst"] for event in shown} == {"openai:stand-in"}


def test_what_was_written_once_is_not_paid_again(tmp_path: Path) -> None:
    with ModelServer() as server:
        operator = an_office_with(server, tmp_path, recap=PRICED)
        ran(operator, "run", "--now", NOW, status=0)
        asked = len(server.asked)
        with closing(sqlite3.connect(tmp_path / "recap.db")) as database, database:
            database.execute("DELETE FROM digest_events")
            database.execute("DELETE FROM digests")
            database.execute("DELETE FROM recap_events")
            database.execute("DELETE FROM recaps")
        ran(operator, "build", "--now", LATER, status=0)

        assert len(server.asked) == asked == 5
    assert analysts(operator) == {"openai:stand-in"}
    assert [usage["outcome"] for usage in rows(operator, "model_usage")] == ["written"] * 5
    assert sum(usage["cost"] for usage in rows(operator, "model_usage")) == pytest.approx(0.015)


@pytest.mark.parametrize("character", [models.broken, models.inventing, models.malformed])
def test_model_that_fails_leaves_a_recap_extracted_from_the_sources(tmp_path: Path, character: Character) -> None:
    with ModelServer(character) as server:
        operator = an_office_with(server, tmp_path)
        ran(operator, "run", "--now", NOW, status=0)

    assert analysts(operator) == {"extractive"}
    assert {usage["outcome"] for usage in rows(operator, "model_usage")} <= {"failed", "unusable"}


def test_recap_is_built_in_time_although_the_model_never_answers(tmp_path: Path) -> None:
    with ModelServer(models.slow) as server:
        operator = an_office_with(server, tmp_path, recap=RECAP + "llm: {timeout_s: 0.5, deadline_s: 1}\n")
        ran(operator, "run", "--now", NOW, status=0)

    assert analysts(operator) == {"extractive"}


def test_doctor_asks_the_model_and_says_what_was_spent(tmp_path: Path) -> None:
    with ModelServer() as server:
        operator = an_office_with(server, tmp_path, recap=PRICED)
        ran(operator, "run", "--now", NOW, status=0)
        lines = ran(operator, "doctor", "--now", NOW, "--json", status=0).data
        place = server.url.removeprefix("http://").removesuffix("/v1")

    found = [(line["level"], line["text"]) for line in lines if line["subject"] == "analyst"]
    assert found == [("ok", f"openai:stand-in at {place} answers."), ("ok", "spent this week: 0.01 of 5.")]


def test_doctor_says_why_a_model_does_not_answer(tmp_path: Path) -> None:
    port = a_closed_port()
    operator = an_office(tmp_path, RECAP_LLM="openai:stand-in", OPENAI_BASE_URL=f"http://127.0.0.1:{port}/v1")

    lines = ran(operator, "doctor", "--now", NOW, "--json", status=1).data

    (found,) = [line for line in lines if line["subject"] == "analyst"]
    assert found["level"] == "fault"
    assert found["text"].startswith(f"openai:stand-in at 127.0.0.1:{port} cannot be reached. Until then every insight")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"RECAP_LLM": "openai:gpt-5"}, "openai:gpt-5 needs a key: set OPENAI_API_KEY."),
        ({"RECAP_LLM": "mystery:m1"}, "'mystery' is not known; known: openai, anthropic, google, gemini, ollama;"),
    ],
)
def test_model_that_cannot_be_asked_is_one_line_with_the_mend(
    tmp_path: Path, setting: dict[str, str], said: str
) -> None:
    operator = an_office(tmp_path, **setting)

    answer = operator.recap("build", "--now", NOW)

    assert answer.status in (1, 2)
    assert said in " ".join(answer.err.split())
    assert "Traceback" not in answer.err


def test_missing_extra_is_one_line_with_the_mend(tmp_path: Path) -> None:
    operator = an_office(tmp_path, RECAP_LLM="ollama:qwen3")
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "pydantic_ai.py").write_text("raise ModuleNotFoundError('none', name='pydantic_ai')\n")
    operator.environment["PYTHONPATH"] = f"{hidden}:{Path(__file__).parents[2]}"

    process = operator.process("build", "--now", NOW)
    said = " ".join(process.communicate()[1].split())

    assert process.returncode == 1
    assert "ollama:qwen3 needs the extra 'llm' (pydantic_ai is missing): pip install 'recap-bot[llm]'" in said
    assert "Traceback" not in said
