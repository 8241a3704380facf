"""The analyst that takes sentences from the sources; works offline and always answers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.analyze import extract
from bot.model.audience import Audience
from bot.model.policy import Playbook
from bot.ports import Analysis, Assignment


@dataclass(frozen=True, slots=True)
class ExtractiveAnalyst:
    """Takes sentences from the sources."""

    @property
    def name(self) -> str:
        """`extractive`."""
        return extract.ANALYST

    @property
    def prompt_version(self) -> str:
        """The extractor's version."""
        return extract.VERSION

    def analyze_each(
        self, assignments: Sequence[Assignment], *, audiences: Sequence[Audience], playbook: Playbook, now: datetime
    ) -> Iterator[Analysis]:
        """Yield the insight of each of *assignments*, in their order."""
        for assignment in assignments:
            insight = extract.insight(
                assignment.dossier,
                audiences=audiences,
                playbook=playbook,
                language=assignment.language,
                earlier=assignment.earlier,
                now=now,
            )
            yield Analysis(assignment, insight=insight)

    def check(self) -> str:
        """Say nothing: there is nothing outside to ask."""
        return ""
