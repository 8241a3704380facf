"""The analyst that asks a model, before a stand-in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.adapters.analyst.calling import model_analyst
from bot.adapters.analyst.model import ModelAnalyst
from bot.adapters.storage.store import SqlStore
from bot.model.audience import Audience
from bot.model.event import Dossier
from bot.model.policy import LlmPolicy, Playbook, PlaybookEntry
from bot.ports import Analysis, Assignment
from tests.builders import NOW
from tests.fakes.model_server import Character, ModelServer, good

TEMPLATES = Path(__file__).parents[2] / "templates"
HASTY = LlmPolicy(requests_per_minute=60_000, timeout_s=20.0)
"""Asks as fast as it can."""
PLAYBOOK = Playbook(entries=(PlaybookEntry("*", "*", {"en": "Read the source."}),))


@dataclass(frozen=True, slots=True)
class Newsroom:
    """An analyst, whom it asks, and what it wrote down."""

    analyst: ModelAnalyst
    server: ModelServer
    store: SqlStore

    def analyze(
        self, *dossiers: Dossier, language: str = "en", earlier: Sequence[Dossier] = (), now: datetime = NOW
    ) -> list[Analysis]:
        """Return what came of *dossiers*, in their order."""
        given = [Assignment(dossier, language, earlier) for dossier in dossiers]
        audiences = [Audience(id="founders", name="Founders")]
        ended = list(self.analyst.analyze_each(given, audiences=audiences, playbook=PLAYBOOK, now=now))
        return sorted(ended, key=lambda analysis: given.index(analysis.assignment))


@contextmanager
def a_newsroom(
    character: Character = good, *, policy: LlmPolicy = HASTY, key: str | None = None, url: str | None = None
) -> Iterator[Newsroom]:
    """Serve a model of *character* and ask it by *policy*; at *url*, another model."""
    store = SqlStore("sqlite://")
    store.upgrade()
    try:
        with ModelServer(character) as server:
            analyst = model_analyst(
                "openai:stand-in",
                key=key,
                url=url or server.url,
                templates=TEMPLATES,
                policy=policy,
                store=store,
                week_start=lambda at: at - timedelta(days=7),
            )
            yield Newsroom(analyst, server, store)
    finally:
        store.close()
