"""Analysts: who says what an event means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.analyze import extract
from bot.model.audience import Audience
from bot.model.event import Dossier
from bot.model.insight import Insight
from bot.model.policy import Playbook
from bot.model.values import Language


@dataclass(frozen=True, slots=True)
class ExtractiveAnalyst:
    """Takes sentences from the sources; works offline and always answers."""

    @property
    def name(self) -> str:
        """`extractive`."""
        return extract.ANALYST

    @property
    def prompt_version(self) -> str:
        """The extractor's version."""
        return extract.VERSION

    def analyze(
        self,
        dossier: Dossier,
        *,
        audiences: Sequence[Audience],
        playbook: Playbook,
        language: Language,
        earlier: Sequence[Dossier],
        now: datetime,
    ) -> Insight:
        """Return the insight of *dossier* in *language*; *earlier* are events of its thread, oldest first."""
        return extract.insight(
            dossier, audiences=audiences, playbook=playbook, language=language, earlier=earlier, now=now
        )
